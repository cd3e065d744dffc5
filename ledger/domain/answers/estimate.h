#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Policy `estimates.refresh` (CF-15): the instant before which what an estimate counts was recorded, 00:00Z of today
/// where it is `daily`. Nothing: it counts all.
[[nodiscard]] std::optional<Instant> estimates_until(const StateReader& state, Instant now);

/// State as it is, with usage, prices, rates, discounts and purchases as they were at an earlier position: what an estimate is
/// made of that is refreshed at times.
class EstimateReader final : public StateReader {
 public:
  /// `refreshed`: the state of that position.
  EstimateReader(const StateReader& state, std::unique_ptr<StateReader> refreshed) : state_(state), refreshed_(std::move(refreshed)) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override;
  [[nodiscard]] Position position() const override { return std::min(refreshed_->position(), state_.position()); }

 private:
  const StateReader& state_;
  std::unique_ptr<StateReader> refreshed_;
};

}  // namespace daybook
