#pragma once

#include <vector>

#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// What reservations are given back and exchanged with.
namespace daybook {

[[nodiscard]] Result<Decision> handle_command(const StateReader& state,
                                              const RefundReservation& command,
                                              const DecisionContext& context);
[[nodiscard]] Result<Decision> handle_command(const StateReader& state,
                                              const ExchangeReservation& command,
                                              const DecisionContext& context);

/// The scope on whose document a subscription's charges stand: its own, its profile's or its
/// enrollment's.
[[nodiscard]] ScopeRef billed_with(const Subscription& subscription);

/// The open charges of one reservation that are dated before `end`.
[[nodiscard]] std::vector<OpenCharge> open_charges_of(const StateReader& state,
                                                      const Reservation& reservation, Date end);

/// The document of one immediate charge. Errors: CURRENCY_MISMATCH where there is no rate into the account's
/// currency; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> plan_charge(Planner& planner, const Account& account,
                                       const Subscription& subscription, OpenCharge charge);

}  // namespace daybook
