#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "cli/import/import_job.h"
#include "cli/mapped_file.h"
#include "cli/progress.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kRejectsShown = 100;

Outcome<void> check(const ImportCommandOptions& options) {
  if (options.format == "azure-cost" || options.format == "cloudevents") {
    return fail(ExitCode::Usage, "--format " + options.format + " is not supported yet; focus is.");
  }
  if (options.format != "focus") {
    return fail(ExitCode::Usage, "--format has no \"" + options.format + "\"; focus is supported.");
  }
  if (!options.account_type.empty() && options.account_type != "MCA") {
    return fail(ExitCode::Usage, "--account-type " + options.account_type + ": a focus export makes MCA accounts.");
  }
  if (!options.replace.empty()) return fail(ExitCode::Usage, "--replace is not supported yet.");
  const bool is_country = options.country.size() == 2 && std::all_of(options.country.begin(), options.country.end(),
                                                                     [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_country) {
    return fail(ExitCode::Usage, "--country " + options.country + " is no country; give two capital letters, as in NL.");
  }
  return {};
}

}  // namespace

Outcome<void> import(const ImportCommandOptions& options) {
  LEDGER_CHECK(check(options));
  const Outcome<MappedFile> file = MappedFile::open(options.file);
  if (!file) return tl::unexpected(file.error());
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());

  Progress progress("importing " + options.file, file->text().size());
  ImportOptions job;
  job.file = options.file;
  job.dataset = options.dataset;
  job.tenant = options.tenant;
  job.country = options.country;
  job.strict = options.strict;
  const Outcome<ImportReport> report = import_focus(file->text(), job, *ledger->target, progress);
  progress.clear();
  if (!report) return tl::unexpected(report.error());

  const std::size_t shown = std::min(report->rejects.size(), kRejectsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    std::fprintf(stderr, "%s\n", describe(report->rejects[i], options.file).c_str());
  }
  if (shown < report->rejects.size()) {
    std::fprintf(stderr, "and %zu more rows, all of them in the report of --json\n", report->rejects.size() - shown);
  }
  const std::string text = options.json ? report->to_json() + "\n" : report->to_text();
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!report->rejects.empty()) {
    return fail(ExitCode::Conflict, std::to_string(report->rejects.size()) + " of " + std::to_string(report->rows) +
                                        " rows did not go in; the others did. Mend them and import the file again.");
  }
  return {};
}

}  // namespace daybook::cli
