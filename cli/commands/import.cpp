#include <algorithm>
#include <cstdio>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "cli/import/import_events.h"
#include "cli/import/import_job.h"
#include "cli/import/month_replacement.h"
#include "cli/mapped_file.h"
#include "cli/progress.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kRejectsShown = 100;

Outcome<void> check(const ImportCommandOptions& options) {
  if (options.format != "focus" && options.format != "azure-cost" && options.format != "cloudevents") {
    return fail(ExitCode::Usage, "--format has no \"" + options.format + "\"; give focus, azure-cost or cloudevents.");
  }
  const std::string& type = options.account_type;
  if (options.format == "focus" && !type.empty() && type != "MCA") {
    return fail(ExitCode::Usage, "--account-type " + type + ": a focus export makes MCA accounts.");
  }
  if (!type.empty() && type != "MCA" && type != "EA") {
    return fail(ExitCode::Usage, "--account-type has no \"" + type + "\"; give EA or MCA.");
  }
  if (!options.replace.empty() && options.format == "cloudevents") {
    return fail(ExitCode::Usage, "--replace restates a month of a cost export; events bring their own UsageAmended and UsageVoided.");
  }
  if (!options.replace.empty() && !month_of_text(options.replace)) {
    return fail(ExitCode::Usage, "--replace " + options.replace + " is no month; write it as 2024-03.");
  }
  if (!options.tenant.empty()) {
    if (const Result<TenantId> tenant = TenantId::parse(options.tenant); !tenant)
      return fail(ExitCode::Usage, "--tenant \"" + options.tenant + "\": " + tenant.error().detail);
  }
  const bool is_country = options.country.size() == 2 && std::all_of(options.country.begin(), options.country.end(),
                                                                     [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_country) {
    return fail(ExitCode::Usage, "--country " + options.country + " is no country; give two capital letters, as in NL.");
  }
  return {};
}

/// What becomes of the rows that are not broken.
std::string what_then(const ImportReport& report) {
  if (report.dry_run) return " are broken and would not go in.";
  if (report.is_refused) return " are broken. Nothing went in, because of --strict.";
  std::string text = report.rejects.size() < report.rows ? " did not go in; the others did. " : " did not go in. ";
  if (report.replaced) text += "Nothing of " + report.replaced->month + " was taken back. ";
  return text + "Mend them and import the file again.";
}

Outcome<ImportReport> read_in(const ImportCommandOptions& options, std::string_view text, Target& target,
                              Progress& progress) {
  if (options.format == "cloudevents") {
    return import_events(text, {options.file, options.strict, options.dry_run}, target, progress);
  }
  ImportOptions job;
  job.format = options.format == "azure-cost" ? ExportFormat::AzureCost : ExportFormat::Focus;
  job.file = options.file;
  job.dataset = options.dataset;
  job.tenant = options.tenant;
  job.country = options.country;
  job.account_type = options.account_type;
  job.strict = options.strict;
  job.dry_run = options.dry_run;
  job.replace = month_of_text(options.replace);
  return import_export(text, job, target, progress);
}

}  // namespace

Outcome<void> import(const ImportCommandOptions& options) {
  LEDGER_CHECK(check(options));
  const Outcome<MappedFile> file = MappedFile::open(options.file);
  if (!file) return tl::unexpected(file.error());
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());

  Progress progress("importing " + options.file, file->text().size());
  const Outcome<ImportReport> report = read_in(options, file->text(), *ledger->target, progress);
  progress.clear();
  if (!report) return tl::unexpected(report.error());

  const std::size_t shown = std::min(report->rejects.size(), kRejectsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    std::fprintf(stderr, "%s\n", describe(report->rejects[i], options.file).c_str());
  }
  if (shown < report->rejects.size()) {
    std::fprintf(stderr, "and %zu more rows, all of them in the report of --json\n", report->rejects.size() - shown);
  }
  const std::string text = options.json ? report->to_json() + "\n" : report->is_refused ? std::string() : report->to_text();
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!report->rejects.empty()) {
    return fail(ExitCode::Conflict, std::to_string(report->rejects.size()) + " of " + std::to_string(report->rows) +
                                        what_then(*report));
  }
  return {};
}

}  // namespace daybook::cli
