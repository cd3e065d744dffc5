#include "ledger/engine/origins.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "ledger/codec/event_view.h"

namespace daybook::engine {
namespace {

/// 0: it is none.
std::uint64_t position_in(std::string_view text) {
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  return error == std::errc() && end == text.data() + text.size() ? position : 0;
}

}  // namespace

std::uint64_t origin_of(const Envelope& envelope) {
  const auto found = std::find_if(envelope.extensions.begin(), envelope.extensions.end(),
                                  [](const Extension& each) { return each.name == codec::kOriginPosition; });
  return found == envelope.extensions.end() ? 0 : position_in(found->value);
}

Result<Origins> Origins::of(const log::Log& log) {
  Origins origins;
  const Result<void> read = log.scan_frames(1, log.position(), [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      const std::uint64_t origin = position_in(codec::EventView(record.event).extension(codec::kOriginPosition));
      if (origin != 0) origins.add(origin, record.position);
    }
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return origins;
}

void Origins::add(std::uint64_t origin, log::Position position) {
  if (at(origin)) return;  // of a second log: the first one's stands
  const auto above = std::upper_bound(runs_.begin(), runs_.end(), origin,
                                      [](std::uint64_t value, const Run& run) { return value < run.origin; });
  if (above != runs_.begin()) {
    Run& below = *(above - 1);
    if (below.origin + below.length == origin && below.position + below.length == position) {
      ++below.length;
      return;
    }
  }
  runs_.insert(above, Run{origin, position, 1});
}

const Origins::Run* Origins::run_before(std::uint64_t origin) const {
  const auto above = std::upper_bound(runs_.begin(), runs_.end(), origin,
                                      [](std::uint64_t value, const Run& run) { return value < run.origin; });
  return above == runs_.begin() ? nullptr : &*(above - 1);
}

std::optional<std::uint64_t> Origins::at(std::uint64_t origin) const {
  const Run* run = run_before(origin);
  if (run == nullptr || origin - run->origin >= run->length) return std::nullopt;
  return run->position + (origin - run->origin);
}

std::uint64_t Origins::up_to(std::uint64_t origin) const {
  const Run* run = run_before(origin);
  return run == nullptr ? 0 : run->position + std::min(origin - run->origin, run->length - 1);
}

}  // namespace daybook::engine
