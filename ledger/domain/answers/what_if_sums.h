#pragma once

#include "ledger/domain/result.h"
#include "ledger/domain/views/what_if_view.h"

/// Sums of what_if.h, which its two files share.
namespace daybook {

/// Errors: AMOUNT_OUT_OF_RANGE; CURRENCY_MISMATCH.
[[nodiscard]] Result<void> add_to(WhatIfChargesView& sum, const WhatIfChargesView& more);
[[nodiscard]] WhatIfChargesView no_charges(Currency currency);

/// Fills in the difference of its two sides, and what that is in per cent of the first.
[[nodiscard]] Result<void> compare(WhatIfAccountView& view);
[[nodiscard]] Result<void> compare(WhatIfTotalsView& view);

}  // namespace daybook
