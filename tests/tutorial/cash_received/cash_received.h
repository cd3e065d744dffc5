#pragma once

#include <memory>
#include <string_view>

#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/time.h"
#include "projections/live_rows.h"
#include "projections/projection.h"

namespace daybook::projections {

inline constexpr std::string_view kCashReceived = "cash_received";

/// Money that came in on a day, less what was paid back on it.
///
/// Reads InvoicePaymentSucceeded and InvoicePaymentReversed. Rows, versioned:
///
///   1 ‖ currency:text ‖ day → minor units:i64
[[nodiscard]] Projection cash_received();

/// What came in on `day`, as it was known at position `as_of`. Errors: those of reading views.
[[nodiscard]] Result<Money> cash_received_on(const std::shared_ptr<const LiveRows>& rows, Date day, Currency currency,
                                             Position as_of);

}  // namespace daybook::projections
