#pragma once

#include <cstddef>
#include <vector>

#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
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
  std::vector<TierPortion> tiers;  ///< those concerned, in order; their values sum to `value`
};

/// F(quantity): what the first `quantity` units of a period are worth under `price`. Included
/// quantity first, tiers on what is billable; the unit on a boundary still has the lower tier's
/// price. 0 for less than 0. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Exact> value_of(const PriceVersion& price, const Exact& quantity);

/// F(before + quantity) − F(before), with its parts. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Consumption> consume(const PriceVersion& price, const Exact& before,
                                          const Exact& quantity);

}  // namespace daybook
