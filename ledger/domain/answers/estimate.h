#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Policy `estimates.refresh` (CF-15): the instant before which what an estimate counts was recorded, 00:00Z of today
/// where it is `daily`. Nothing: it counts all.
[[nodiscard]] std::optional<Instant> estimates_until(const StateReader& state, Instant now);

/// State as it is, with usage and prices as they were known at an earlier position: what an estimate is made of that is
/// refreshed at times.
class EstimateReader final : public StateReader {
 public:
  EstimateReader(const StateReader& state, Position refreshed) : state_(state), refreshed_(refreshed) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override { return state_.row(kind, key); }
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override {
    return state_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return std::min(refreshed_, state_.position()); }

 private:
  const StateReader& state_;
  Position refreshed_;
};

}  // namespace daybook
