#include "replay/branch.h"

#include <charconv>
#include <utility>

#include "ledger/log/clock.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"

namespace daybook::replay {
namespace {

log::Log::Opened open_to_read(const std::string& directory, bool keep_others_out) {
  log::SystemClock clock;
  log::SystemRng rng;
  log::Options options;
  options.directory = directory;
  options.create = false;
  options.read_only = true;
  options.open_views = false;
  options.keep_others_out = keep_others_out;
  return log::Log::open(options, log::Seams{nullptr, &clock, &rng});
}

Result<log::Position> position_of(const log::Log& log, const BranchPoint& at) {
  const auto* position = std::get_if<log::Position>(&at);
  Result<log::Position> found = position != nullptr ? Result<log::Position>(*position) : log.position_at(std::get<Instant>(at).micros);
  if (found && *found == 0)
    return failed(ErrorKind::NotFound, "NOT_FOUND", "Nothing was recorded by then; a new ledger is made by `daybook key create`.");
  return found;
}

}  // namespace

Result<BranchPoint> branch_point(std::string_view text) {
  log::Position position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (!text.empty() && error == std::errc() && end == text.data() + text.size()) return BranchPoint(position);
  const Result<Instant> instant = Instant::parse(text);
  if (instant) return BranchPoint(*instant);
  return rejected("BAD_QUERY", "\"" + std::string(text) + "\" is no position and no instant; write 1234 or 2024-05-02T00:00:00Z.");
}

tl::expected<log::Branched, BranchFailure> branch(const std::string& origin, const BranchPoint& at, const std::string& directory) {
  const log::Log::Opened log = open_to_read(origin, true);
  if (!log) return tl::unexpected(BranchFailure(log.error()));
  const Result<log::Position> position = position_of(**log, at);
  if (!position) return tl::unexpected(BranchFailure(position.error()));
  log::SystemRng rng;
  Result<log::Branched> made = log::make_branch(**log, *position, directory, rng);
  if (!made) return tl::unexpected(BranchFailure(std::move(made.error())));
  const log::Log::Opened opened = open_to_read(directory, false);
  if (!opened) return tl::unexpected(BranchFailure(opened.error()));
  return std::move(*made);
}

}  // namespace daybook::replay
