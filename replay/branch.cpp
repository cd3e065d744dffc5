#include "replay/branch.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>
#include <utility>

#include "ledger/domain/event_types.h"
#include "ledger/log/clock.h"
#include "ledger/log/offline.h"
#include "ledger/log/rng.h"
#include "replay/remains.h"

namespace daybook::replay {
namespace {

/// What the clock of the ledger shows: of one that is moved by hand what it was moved to, which every event after it has.
Result<Instant> clock_of(const log::Log& log) {
  const log::Position head = log.position();
  const log::Position left_at = log.lineage().branched_at();
  bool by_hand = left_at > 0 && left_at == head;
  const auto type = static_cast<std::uint16_t>(EventType::ClockAdvanced);
  const auto look = [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) by_hand = by_hand || record.type == type;
    return !by_hand;
  };
  if (!by_hand && head > 0) {
    if (Result<void> scanned = log.scan_frames(1, head, look, log::type_bit(type)); !scanned) return tl::unexpected(scanned.error());
  }
  const std::int64_t recorded = log.head().recorded_at;
  return Instant{by_hand ? recorded : std::max(recorded, log::SystemClock().wall_micros())};
}

Result<log::Position> position_of(const log::Log& log, const BranchPoint& at) {
  const auto* position = std::get_if<log::Position>(&at);
  if (const auto* instant = std::get_if<Instant>(&at)) {
    const Result<Instant> now = clock_of(log);
    if (!now) return tl::unexpected(now.error());
    if (*instant > *now)
      return rejected("BAD_QUERY", "The instant " + instant->text() + " is after the ledger's clock, which shows " + now->text() + ".");
  }
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

Result<log::Position> leaving_position(const log::Log& log, const BranchPoint& at) {
  Result<log::Position> position = position_of(log, at);
  if (!position) return position;
  if (const Result<log::Head> head = log::branch_head(log, *position); !head) return tl::unexpected(head.error());
  return position;
}

tl::expected<log::Branched, BranchFailure> branch(const std::string& origin, const BranchPoint& at, const std::string& directory) {
  const log::Log::Opened log = log::open_offline(origin, log::Held::ToReadAlone);
  if (!log) return tl::unexpected(BranchFailure(log.error()));
  const Result<log::Position> position = position_of(**log, at);
  if (!position) return tl::unexpected(BranchFailure(position.error()));
  log::SystemRng rng;
  Result<log::Branched> made = log::make_branch(**log, *position, directory, rng);
  if (!made) return tl::unexpected(BranchFailure(std::move(made.error())));
  const log::Log::Opened opened = log::open_offline(directory, log::Held::ToRead);
  if (!opened) return tl::unexpected(BranchFailure(opened.error()));
  return std::move(*made);
}

tl::expected<log::Branched, BranchFailure> branch_of(const BeginCopy& begin, const BranchPoint& at, const std::string& directory,
                                                     const StepProgress& progress) {
  const std::string origin = directory + ".origin";
  const std::string unfinished = directory + ".unfinished";
  for (const std::string& path : {directory, origin, unfinished}) {
    std::error_code error;
    if (std::filesystem::exists(path, error) || error)
      return tl::unexpected(BranchFailure(Error{ErrorKind::Conflict, "ALREADY_EXISTS", path + " is there already; name a new directory", {}}));
  }
  const Remains copied(origin);
  Remains begun(unfinished);
  {
    const Result<std::unique_ptr<log::LogCopy>> copy = begin(origin);
    if (!copy) return tl::unexpected(BranchFailure(copy.error()));
    const auto copying = [&](std::uint64_t done, std::uint64_t total) {
      if (progress) progress("copying", done, total);
    };
    if (Result<void> finished = (*copy)->finish(copying); !finished) return tl::unexpected(BranchFailure(finished.error()));
  }
  auto made = branch(origin, at, unfinished);
  if (!made) return made;
  std::error_code error;
  std::filesystem::rename(unfinished, directory, error);
  if (error)
    return tl::unexpected(BranchFailure(Error{ErrorKind::Internal, "COPY_FAILED", directory + ": " + error.message(), {}}));
  begun.keep();
  return made;
}

}  // namespace daybook::replay
