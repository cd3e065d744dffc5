#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/billing_scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/views/what_if_view.h"

/// What usage would have cost by other prices.
///
/// Every document is rated anew, by the rules that runs bill by and with all that is known of its
/// period: as a ledger bills it that knew at once what this one knows by now. So the documents of `now`
/// are not those that were issued where rows, corrections or prices came after them.
namespace daybook {

/// The documents of `account` whose periods begin in `days`, by the state as it is (`now`) and with
/// other prices laid over it (`then`): a view for each currency. An account without usage there has
/// none. `rounding`: how the documents of `then` are rounded; nothing: as those of `now`. Errors: those of `usage`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<WhatIfAccountView>> what_if_account(const StateReader& now,
                                                                     const StateReader& then,
                                                                     const UsageSource& usage,
                                                                     const Account& account,
                                                                     Period days,
                                                                     std::optional<Rounding> rounding = {});

/// Sums `accounts` up, by currency; `movers` of each. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<WhatIfTotalsView>> what_if_totals(
    const std::vector<WhatIfAccountView>& accounts, std::size_t movers);

}  // namespace daybook
