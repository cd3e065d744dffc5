// A sum that grows.
#pragma once

#include "ledger/domain/exact.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

/// Errors: AMOUNT_OUT_OF_RANGE when the sum leaves the range; then `sum` is unchanged.
inline Result<void> add_to(Exact& sum, const Exact& value) {
  LEDGER_TRY(sum, add(sum, value));
  return {};
}

}  // namespace daybook
