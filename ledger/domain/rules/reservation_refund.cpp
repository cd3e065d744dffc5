#include "ledger/domain/rules/reservation_refund.h"

#include <algorithm>

#include "ledger/domain/exact.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {
/// For a limit alone, which counts a rate of the other direction too: nothing is billed by it.
Result<Money> converted(const StateReader& state, Exact value, Currency from, Currency to,
                        Date today) {
  const bool is_other = from != to;
  if (const ExchangeRateVersion* rate = is_other ? exchange_rate_on(state, from, to, today) : nullptr) {
    LEDGER_TRY(value, value.times(rate->rate, Rounding::HalfAwayFromZero));
  } else if (const ExchangeRateVersion* back = is_other ? exchange_rate_on(state, to, from, today) : nullptr) {
    LEDGER_TRY(value, value.divided_by(back->rate, Rounding::HalfAwayFromZero));
  }
  return Money::rounded(value, to, kCostView.mode(false));
}

void end(Reservation& reservation, Date on, Money refund, Money residual, const Occurrence& at) {
  const bool is_billed = !reservation.billed.empty();
  const bool is_line = !is_billed || (reservation.billed.front().invoice_id &&
                                      reservation.billed_with.type != ScopeType::Enrollment);
  reservation.ended_on = on;
  reservation.residual_minor = residual.minor_units;
  reservation.refund_minor = is_line ? refund.minor_units : 0;
  reservation.ended_at = at.position;
  reservation.given_back_minor = refund.minor_units;
}

}  // namespace

Date refund_counts_on(const StateReader& state, const ScopeRef& billed_with, Date purchased_on, Date given_back_on) {
  const Date month = given_back_on.first_of_month();
  const Date month_before = month.plus_days(-1);
  const bool is_early = given_back_on < month.plus_days(state.policies().number("ea.refundCutOffDay") - 1);
  return billed_with.type == ScopeType::Enrollment && is_early && purchased_on <= month_before ? month_before
                                                                                               : given_back_on;
}

Date counts_on(const StateReader& state, const Purchase& purchase) {
  const Purchase* bought = purchase.refund_of ? state.find<Purchase>(purchase.refund_of->text()) : nullptr;
  if (bought == nullptr || bought->kind != PurchaseKind::Reservation) return purchase.dated_on;
  return refund_counts_on(state, purchase.billed_with, bought->dated_on, purchase.dated_on);
}

void apply(Reservation& reservation, const ReservationCancelled& event, const Occurrence& at) {
  end(reservation, event.cancelled_on, event.refund_amount, event.residual, at);
}

void apply(Reservation& reservation, const ReservationExchanged& event, const Occurrence& at) {
  end(reservation, event.exchanged_on, event.refund_amount, event.residual, at);
  reservation.is_exchanged = true;
}

ScopeRef refund_scope(const StateReader& state, const Reservation& reservation) {
  if (reservation.billed_with.type == ScopeType::Enrollment) return reservation.billed_with;
  const Subscription* subscription = state.subscription(reservation.subscription_id);
  if (subscription != nullptr && subscription->customer_id)
    return {ScopeType::Customer, subscription->customer_id->text()};
  if (reservation.billed_with.type == ScopeType::Profile) return reservation.billed_with;
  return ScopeRef(reservation.account_id);
}

Result<RefundLimit> refund_limit(const StateReader& state, const ScopeRef& scope,
                                 Currency currency, Date today) {
  RefundLimit result;
  LEDGER_TRY(result.limit, dollar_limit(state, state.policies().number("reservation.refundLimit"), currency, today));
  result.used = {0, currency};
  const int days = state.policies().number("reservation.refundLimitDays");
  for (const std::string& id : state.members(Relation::RefundsOfScope, scope.text())) {
    const auto* reservation = state.find<Reservation>(id);
    if (reservation == nullptr || reservation->is_exchanged || !reservation->ended_on) continue;
    if (reservation->ended_on->plus_days(days) <= today) continue;
    const Currency own = reservation->amount.currency;
    LEDGER_TRY(const Money residual,
               converted(state, Exact::from_minor(reservation->residual_minor, own.minor_digits()),
                         own, currency, today));
    LEDGER_TRY(result.used, add(result.used, residual));
  }
  return result;
}

Result<Money> lifetime_commitment(Money amount, BillingFrequency frequency,
                                  std::int32_t term_months) {
  if (frequency == BillingFrequency::Upfront) return amount;
  const Exact month = Exact::from_minor(amount.minor_units, amount.currency.minor_digits());
  LEDGER_TRY(const Exact whole, month.times(Decimal(term_months), Rounding::HalfAwayFromZero));
  return Money::rounded(whole, amount.currency, Rounding::HalfAwayFromZero);
}

Result<Money> remaining_commitment(const StateReader& state, const Reservation& reservation,
                                   Date day) {
  const Money amount = reservation.amount;
  if (reservation.billing_frequency == BillingFrequency::Monthly) {
    std::int32_t charged = 0;
    while (charged < reservation.term_months && reservation.instalment(charged).start <= day)
      ++charged;
    return lifetime_commitment(amount, BillingFrequency::Monthly,
                               reservation.term_months - charged);
  }
  const Period term = reservation.instalment(0);
  const Date from = std::max(day, term.start);
  if (from >= term.end_exclusive) return Money{0, amount.currency};
  const Exact price = Exact::from_minor(amount.minor_units, amount.currency.minor_digits());
  LEDGER_TRY(const Exact days, price.times(Decimal(Period{from, term.end_exclusive}.length_days()),
                                           Rounding::HalfAwayFromZero));
  LEDGER_TRY(const Exact left, days.divided_by(Decimal(term.length_days()), Rounding::HalfAwayFromZero));
  const Account* account = state.account(reservation.account_id);
  const bool is_enterprise = account != nullptr && account->type == AccountType::EA;
  return Money::rounded(left, amount.currency, kRefundOfTerm.mode(is_enterprise));
}

}  // namespace daybook
