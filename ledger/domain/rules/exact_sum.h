// A sum that grows.
#pragma once

#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"

namespace daybook {

/// Errors: AMOUNT_OUT_OF_RANGE when the sum leaves the range; then `sum` is unchanged.
[[nodiscard]] inline Result<void> add_to(Exact& sum, const Exact& value) {
  if (!sum.accumulate(value)) return amount_out_of_range();
  return {};
}

}  // namespace daybook
