#include <cstdio>
#include <optional>
#include <string>

#include "cli/commands/commands.h"
#include "cli/directory.h"
#include "cli/progress.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/rules/try.h"
#include "ledger/log/bytes.h"
#include "ledger/log/offline.h"
#include "ledger/log/recover_tail.h"
#include "ledger/log/salvage.h"
#include "replay/verify.h"

namespace daybook::cli {
namespace {

void write_ranges(std::string_view name, const std::vector<log::PositionRange>& ranges, codec::JsonWriter& json) {
  json.key(name).begin_array();
  for (const log::PositionRange& range : ranges) json.begin_object().key("from").number(range.from).key("to").number(range.to).end_object();
  json.end_array();
}

std::string report(const log::Salvage& found) {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object().key("ok").boolean(found.whole).key("ledgerId");
  found.ledger_id ? json.text(log::hex(*found.ledger_id)) : json.null();
  json.key("acknowledged");
  found.acknowledged ? json.number(*found.acknowledged) : json.null();
  json.key("recovered").number(found.recovered).key("proven").number(found.proven);
  write_ranges("parts", found.parts, json);
  write_ranges("lost", found.lost, json);
  json.key("damaged").begin_array();
  for (const log::DamagedFile& file : found.damaged)
    json.begin_object().key("file").text(file.file).key("detail").text(file.detail).end_object();
  json.end_array().end_object();
  return text;
}

/// What is wrong with the keys of personal values in `directory`; nothing where they can be used with the log.
std::optional<std::string> fault_of_keys(const std::string& directory) {
  const log::Log::Opened log = log::open_offline(directory, log::Held::ToRead);
  if (!log) return log.error().detail;
  const std::optional<replay::Damage> fault = replay::fault_of_keys(directory, **log);
  return fault ? std::optional(fault->detail) : std::nullopt;
}

/// The positions that are gone, for a sentence.
std::string in_words(const std::vector<log::PositionRange>& ranges) {
  std::string text;
  for (const log::PositionRange& range : ranges) {
    text += text.empty() ? "" : ", ";
    text += range.from == range.to ? std::to_string(range.from) : std::to_string(range.from) + " to " + std::to_string(range.to);
  }
  return text;
}

}  // namespace

Outcome<void> recover(const RecoverOptions& options) {
  if (!options.tail) return fail(ExitCode::Usage, "Say what: --tail cuts off a damaged end, of a copy of the ledger's directory.");
  Progress progress("verifying", 0);
  const log::Opening<log::Position> head =
      log::recover_tail(options.directory, [&](log::Position position) { progress.show(position); });
  progress.clear();
  if (!head) return fail(exit_code_at(options.directory, head.error().exit_code), head.error().detail);
  const replay::Verdict verdict = replay::verify_copy(options.directory, {});
  std::printf("%s\n", verdict.to_json().c_str());
  if (verdict.damage) return fail(verdict.exit_code(), verdict.damage->detail);
  return {};
}

Outcome<void> salvage(const std::string& directory, const std::string& target) {
  LEDGER_CHECK(check_parent(target));
  Progress progress("reading", 0);
  log::Opening<log::Salvage> found =
      log::salvage(directory, target, [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
  progress.clear();
  if (!found) return fail(exit_code_at(directory, found.error().exit_code), found.error().detail);
  const bool whole = found->whole;
  const std::optional<std::string> keys = whole ? fault_of_keys(target) : std::nullopt;
  if (keys) {
    found->whole = false;
    found->damaged.push_back({"keys", *keys});
  }
  std::printf("%s\n", report(*found).c_str());
  for (const log::DamagedFile& file : found->damaged) std::fprintf(stderr, "%s: %s\n", file.file.c_str(), file.detail.c_str());
  if (keys) {
    return fail(ExitCode::Corruption, "Every event is in " + target + ", with every hash as it was, but the keys of personal values "
                                      "are damaged. Put keys/ of a backup into it.");
  }
  if (whole) {
    const replay::Verdict verdict = replay::verify_copy(target, {});
    if (verdict.damage) return fail(verdict.exit_code(), verdict.damage->detail);
    std::fprintf(stderr, "Nothing is missing; %s is the ledger, with every hash as it was.\n", target.c_str());
    return {};
  }
  if (!found->lost.empty()) {
    return fail(ExitCode::HistoryLost, "Positions " + in_words(found->lost) + " are lost; what was found is in " + target +
                                           ". Restore the newest backup and send what came after it again.");
  }
  if (!found->acknowledged) {
    return fail(ExitCode::HistoryLost, "The witness is missing or old: whether anything was acknowledged behind position " +
                                           std::to_string(found->parts.empty() ? 0 : found->parts.back().to) +
                                           " cannot be told. What was found is in " + target + ".");
  }
  return fail(ExitCode::IntegrityFailed, "Every position was found, but they are not proven to be the history that was acknowledged. "
                                         "What was found is in " + target + ".");
}

}  // namespace daybook::cli
