#pragma once

#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/rating.h"

namespace daybook {

/// Whether what a row is worth does not depend on the rows before it.
[[nodiscard]] bool is_linear(const PriceVersion& price);

/// The same of every price of the meter.
[[nodiscard]] bool is_linear(const MeterPrices* prices);

/// All lines as one, with their price where it is one and the same. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RatedLine> sum_of(const std::vector<RatedLine>& lines);

/// What `with` has more than `without`. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RatedLine> difference(RatedLine with, const RatedLine& without);

}  // namespace daybook
