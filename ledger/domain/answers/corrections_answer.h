#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/corrections_view.h"

namespace daybook {

/// Accounts that were looked at, of all.
using AccountProgress = std::function<void(std::size_t done, std::size_t total)>;

/// `GET /v1/corrections`: what late, amended and voided usage makes of the invoices of `account`
/// (nothing: of all), as `RunInvoicing` with `corrections` would issue it at `now`.
/// `with_rebills`: also what voiding and billing again would make of invoices whose prices changed
/// after them. `progress`, which may be empty, is told before each account and behind the last; what it throws ends the answer. Errors: NOT_FOUND;
/// those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<CorrectionsView> corrections_answer(const StateReader& state,
                                                         const UsageSource& usage,
                                                         const std::optional<AccountId>& account,
                                                         bool with_rebills, Instant now,
                                                         const AccountProgress& progress = {});

}  // namespace daybook
