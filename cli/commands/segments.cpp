#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "cli/commands/proof_reader.h"
#include "cli/commands/segment_download.h"
#include "cli/commands/step_bars.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "cli/server_target.h"
#include "cli/target.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/try.h"
#include "ledger/log/bytes.h"
#include "ledger/log/segment.h"
#include "ledger/log/segment_file.h"
#include "replay/import.h"

namespace daybook::cli {
namespace {

Outcome<log::Position> position_of(const char* flag, const std::string& text, log::Position otherwise) {
  if (text.empty()) return otherwise;
  log::Position position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error == std::errc() && end == text.data() + text.size() && position > 0) return position;
  return fail(ExitCode::Usage, std::string(flag) + " " + text + " is no position; positions count from 1.");
}

std::string with_directory(const std::string& file) { return file.find('/') == std::string::npos ? "./" + file : file; }

Outcome<void> write_file(const std::string& path, const std::string& text) {
  const auto written = [&]() -> Result<void> {
    log::SegmentFile file(path);
    LEDGER_CHECK(file.open());
    LEDGER_CHECK(file.write(log::as_bytes(text + "\n")));
    return file.finish();
  }();
  if (!written) return fail(ExitCode::Failed, written.error().detail + ". The file cannot be written.");
  return {};
}

void print_head(const log::Head& head) {
  std::printf("{\"position\":%llu,\"root\":\"%s\"}\n", static_cast<unsigned long long>(head.position), log::hex(head.root).c_str());
}

Outcome<void> export_account(const ExportOptions& options) {
  if (!AccountId::parse(options.account)) return fail(ExitCode::Usage, "\"" + options.account + "\" is no identifier of an account.");
  if (!options.from.empty()) return fail(ExitCode::Usage, "An account's history begins with its first event; leave --from out.");
  if (options.to.find_first_not_of("0123456789") != std::string::npos) return fail(ExitCode::Usage, "--to " + options.to + " is no position.");
  LEDGER_CHECK(check_new_file(options.file, options.ledger.directory));
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  const std::pair<std::string_view, std::string> query[] = {{"asOf", options.to}};
  const Outcome<std::string> answer = ledger->target->question(with_query("/accounts/" + options.account + "/proof", query));
  if (!answer) return tl::unexpected(answer.error());
  if (!options.ledger.url.empty()) LEDGER_CHECK(checked_history("What the server sent", *answer));
  return write_file(with_directory(options.file), *answer);
}

Outcome<void> export_log(const ExportOptions& options) {
  if (options.ledger.directory.empty() == options.ledger.url.empty())
    return fail(ExitCode::Usage, "Say which ledger: --data DIR for a directory that nothing serves, or --url URL for a server.");
  LEDGER_TRY(const log::Position from, position_of("--from", options.from, 1));
  LEDGER_TRY(const log::Position to, position_of("--to", options.to, 0));
  LEDGER_CHECK(check_new_file(options.file, options.ledger.directory));
  if (!options.ledger.url.empty()) {
    LEDGER_TRY(const std::unique_ptr<ServerTarget> server, ServerTarget::of(options.ledger.url, options.ledger.key_file));
    LEDGER_TRY(const log::Head head, download_segment(*server, from, to, with_directory(options.file)));
    print_head(head);
    return {};
  }
  const Outcome<std::unique_ptr<server::LedgerHost>> host = open_directory(options.ledger.directory, false);
  if (!host) return tl::unexpected(or_ask_its_server(host.error()));
  const log::Log& log = (*host)->ledger().log();
  if (to > log.position())
    return fail(ExitCode::Conflict, "--to " + options.to + " lies beyond the newest position, " + std::to_string(log.position()) + ".");
  const log::Position last = to == 0 ? log.position() : to;
  if (from > last + 1) return fail(ExitCode::Conflict, "--from lies behind --to, or behind the newest position.");
  Progress progress("writing", last - from + 1);
  const Result<log::Head> head = log::export_segment(log, with_directory(options.file), {.from = from, .to = to},
                                                     [&](log::Position position) { progress.show(position - from + 1); });
  progress.clear();
  if (!head) return fail(head.error());
  print_head(*head);
  return {};
}

}  // namespace

Outcome<void> replay_export(const ExportOptions& options) {
  return options.account.empty() ? export_log(options) : export_account(options);
}

Outcome<void> replay_import(const ImportSegmentsOptions& options) {
  if (!options.url.empty()) {
    return fail(ExitCode::Usage, "An import makes a new ledger of segments, and adds nothing to one that is served. Make it in a directory with "
                                 "--data NEWDIR, then serve that: daybook serve --data NEWDIR. Events of another ledger go into a running one as "
                                 "facts: daybook import --url URL --format cloudevents FILE.");
  }
  if (options.directory.empty()) return fail(ExitCode::Usage, "Say where the ledger is made: --data NEWDIR, a new or empty directory.");
  replay::ImportOptions import;
  import.segments = options.files;
  import.directory = options.directory;
  import.keys = options.keys;
  if (!options.public_key.empty()) {
    if (!log::from_hex(options.public_key, import.public_key.emplace()))
      return fail(ExitCode::Usage, "--public-key is 64 hexadecimal digits, as `GET /v1/log/head` shows them.");
  }
  LEDGER_CHECK(check_parent(options.directory));
  const Result<replay::Verdict> verdict = replay::import_segments(import, step_bars());
  if (!verdict) return fail(verdict.error());
  if (verdict->looked) std::printf("%s\n", verdict->to_json().c_str());
  if (verdict->damage) return fail(verdict->exit_code(), verdict->damage->detail);
  return {};
}

}  // namespace daybook::cli
