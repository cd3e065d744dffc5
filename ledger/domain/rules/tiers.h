#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/prices.h"

namespace daybook {

/// What was rated at one tier's price; negative where a correction takes units back.
struct TierPortion {
  std::size_t tier = 0;  ///< its place in `PriceVersion::tiers`
  Exact quantity;
  Exact value;
};

/// What `quantity` units are worth, consumed after others.
struct Consumption {
  Exact included;  ///< of the free quantity
  Exact billable;
  Exact value;
  boost::container::small_vector<TierPortion, 1> tiers;  ///< those concerned, in order; their values sum to `value`
};

/// A price whose bounds are made ready for many rows.
struct PreparedPrice {
  const PriceVersion* price = nullptr;
  Position position = 0;
  Exact included;
  std::vector<Exact> from;  ///< of each tier

  /// Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] static Result<PreparedPrice> of(const PriceVersion& price);
};

/// F(quantity): what the first `quantity` units of a period are worth under `price`. Included
/// quantity first, tiers on what is billable; the unit on a boundary still has the lower tier's
/// price. 0 for less than 0. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Exact> value_of(const PriceVersion& price, const Exact& quantity);

/// F(before + quantity) − F(before), with its parts, where one price holds for the whole period. Errors:
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Consumption> consume(const PriceVersion& price, const Exact& before,
                                          const Exact& quantity);

/// What a scope has consumed of one meter in a period so far, row by row, whatever prices were in force on their days.
///
/// Included quantity and tiers count all of it. Of a `Volume` price, all units *that it priced* have the price of
/// the tier that holds the last of them: what another price has charged is never charged again by this one, so that no
/// price makes the period worth less than nothing (decision 0063).
class MeterConsumption {
 public:
  /// What the next `quantity` units are worth under `price`, which must stay where it is. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<Consumption> take(const PriceVersion& price, const Exact& quantity);

 private:
  struct VolumePriced {
    Exact units;
    Exact value;
  };
  Result<Consumption> take_volume(const Exact& quantity);

  Exact consumed_;
  PreparedPrice prepared_;                    // of the last row
  std::map<Position, VolumePriced> volumes_;  // by the position of the price
};

}  // namespace daybook
