#pragma once

#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/account.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/account_view.h"

namespace daybook {

/// Σ `amountDue` of the invoices by currency: `own` first, also when nothing is owed in it, then
/// others by code. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<Money>> balances(const StateReader& state,
                                                  const std::vector<std::string>& open_invoices,
                                                  Currency own);

/// The limit of refunds of the scope's reservations, and what of it is used (2.6, R-85). Errors:
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<ReservationRefundsView> reservation_refunds(const StateReader& state,
                                                                 const ScopeRef& scope,
                                                                 Currency currency, Date today);

}  // namespace daybook
