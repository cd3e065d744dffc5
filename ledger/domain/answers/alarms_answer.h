#pragma once

#include <optional>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/views/alarms_view.h"

namespace daybook {

/// `GET /v1/alarms`: open invoices whose run was late (`INVOICE_LATE`, R-22), invoices for a card that are neither paid nor declined once their charge
/// window has passed (`PAYMENT_NOT_REPORTED`, CF-20), invoices of enrollments that nobody gets
/// (`NO_INVOICE_RECIPIENT`), and annual enrollments whose usage of the year has gone beyond 150 per
/// cent of what was paid ahead (`COMMITMENT_EXCEEDED`, R-77), the oldest first. `invoice`: of that
/// one alone. Errors: NOT_FOUND for an `invoice` that is not there; those of `usage`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<AlarmListView> alarms_answer(const StateReader& state,
                                                  const UsageSource& usage, Date today,
                                                  const std::optional<InvoiceId>& invoice);

}  // namespace daybook
