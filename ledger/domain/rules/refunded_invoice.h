#pragma once

#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What follows when `amount` of a reservation paid upfront is given back (domain.md 2.6, R-73):
///
/// * not yet invoiced, or billed with a profile: nothing here; the next document of its scope has a
///   refund line (open_charges.h).
/// * MOSP, invoiced: the invoice is void, and one with the charge and the refund takes its place.
///   What is paid beyond that goes back to the card; of wire it is kept as credit for reservations.
/// * EA, invoiced or covered by prepayment: a credit note over what was overage, and prepayment for
///   the rest.
///
/// Errors: LOCKED; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<EventData>> give_back_reservation(const StateReader& state,
                                                                   const Reservation& reservation,
                                                                   Money amount, Date today);

}  // namespace daybook
