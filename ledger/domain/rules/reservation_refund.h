#pragma once

#include <cstdint>

#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Whose refunds count together against the limit of domain.md 2.6: the billing profile's, under MPA
/// the customer's, the enrollment's, under MOSP the account's.
[[nodiscard]] ScopeRef refund_scope(const StateReader& state, const Reservation& reservation);

/// The limit of refunds of a year, and what of it is used: commitments that were given back in the
/// 365 days through `today`.
struct RefundLimit {
  Money limit;
  Money used;
};

/// In `currency`, by the exchange rate in force, without one the same number. Errors:
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RefundLimit> refund_limit(const StateReader& state, const ScopeRef& scope,
                                               Currency currency, Date today);

/// What the whole term costs: `amount` when it is paid upfront, else of every month.
[[nodiscard]] Result<Money> lifetime_commitment(Money amount, BillingFrequency frequency,
                                                std::int32_t term_months);

/// What is not yet used up of a reservation paid upfront, by days from `day` on, or not yet charged
/// of a monthly one: instalments that start after `day`. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Money> remaining_commitment(const StateReader& state,
                                                 const Reservation& reservation, Date day);

/// The day that a refund of a reservation counts to: under an enrollment the first days of a month belong to the month
/// before (CLS-3, R-69; `ea.refundCutOffDay`), but never to one before the purchase.
[[nodiscard]] Date refund_counts_on(const StateReader& state, const ScopeRef& billed_with, Date purchased_on,
                                    Date given_back_on);

/// The day that a purchase counts to, or a refund of one: its own, but for refunds of reservations.
[[nodiscard]] Date counts_on(const StateReader& state, const Purchase& purchase);

/// What is given back stands on a document as a line, unless credit paid what was given back, or the
/// charge stands on a closed month of an enrollment (R-73, T-EA-6).
void apply(Reservation& reservation, const ReservationCancelled& event, const Occurrence& at);
void apply(Reservation& reservation, const ReservationExchanged& event, const Occurrence& at);

}  // namespace daybook
