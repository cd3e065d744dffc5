#pragma once

#include <optional>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/views/alarms_view.h"

namespace daybook {

/// `GET /v1/alarms`: invoices for a card that are neither paid nor declined once their charge
/// window has passed (`PAYMENT_NOT_REPORTED`, CF-20), the oldest first. `invoice`: of that one
/// alone.
[[nodiscard]] AlarmListView alarms_answer(const StateReader& state, Date today,
                                          const std::optional<InvoiceId>& invoice);

}  // namespace daybook
