#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// How much prepayment can cover the charges of a void document once more: what it took, and what
/// is left for its period.
[[nodiscard]] std::int64_t credit_for_rebill(const StateReader& state, const InvoiceIssued& issued);

/// Moves the prepayment that a void document took to what takes its place: CreditApplied over what
/// that takes more, below zero over what it takes less. `invoice`: nothing where no document comes.
[[nodiscard]] std::vector<EventData> move_credit(const StateReader& state,
                                                 const InvoiceIssued& issued,
                                                 std::int64_t taken_minor,
                                                 const std::optional<InvoiceId>& invoice);

}  // namespace daybook
