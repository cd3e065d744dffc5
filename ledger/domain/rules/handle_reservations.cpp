#include <algorithm>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/reservation_refund.h"
#include "ledger/domain/rules/reservation_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::int32_t kMostMonths = 120;

Result<const Reservation*> reservation_for(const StateReader& state,
                                           const DecisionContext& context,
                                           const ReservationId& id) {
  const auto* reservation = state.find<Reservation>(id.text());
  if (reservation == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, Action::ReactivateSubscription,
                       AccessObject::of(ScopeRef(reservation->subscription_id)),
                       ErrorKind::Forbidden, "NO_PERMISSION",
                       "a reservation is given back or exchanged by the Account Administrator, an "
                       "owner of its subscription, an owner or contributor of its profile, or an "
                       "enterprise administrator"));
  return reservation;
}

/// What a wish to give back may take of a reservation.
Result<Money> refund_amount(const Reservation& reservation, Money remaining,
                            const std::optional<Money>& wished) {
  const Money nothing{0, remaining.currency};
  if (reservation.billing_frequency == BillingFrequency::Monthly) {
    if (!wished) return nothing;
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "of a reservation paid monthly nothing is paid back; leave the amount out",
                    "/amount/amount");
  }
  if (!wished) return remaining;
  if (wished->currency != remaining.currency) {
    return rejected("CURRENCY_MISMATCH",
                    "the reservation is in " + std::string(remaining.currency.text()),
                    "/amount/currency");
  }
  if (wished->minor_units <= 0 || wished->minor_units > remaining.minor_units) {
    return rejected("AMOUNT_OUT_OF_RANGE",
                    "at most " + remaining.amount_text() +
                        ", what is not yet used up of its term, can be given back",
                    "/amount/amount");
  }
  return *wished;
}

tl::unexpected<Error> ended() {
  return rejected("AMOUNT_OUT_OF_RANGE",
                  "nothing is left of this reservation: its term is over, or it was given back or "
                  "exchanged",
                  "/reservationId");
}

Result<void> check_limit(const StateReader& state, const Reservation& reservation, Money residual,
                         Date today) {
  LEDGER_TRY(const RefundLimit limit,
             refund_limit(state, refund_scope(state, reservation), residual.currency, today));
  LEDGER_TRY(const Money after, add(limit.used, residual));
  if (after.minor_units <= limit.limit.minor_units) return {};
  const Money left{std::max<std::int64_t>(limit.limit.minor_units - limit.used.minor_units, 0),
                   residual.currency};
  return rejected("REFUND_LIMIT_EXCEEDED",
                  "commitments given back within a year may come to " +
                      limit.limit.amount_text() + "; " + left.amount_text() + " of it is left");
}

/// A purchase that takes the place of another, as it will stand.
Reservation replacement(const Subscription& subscription,
                        const ReservationPurchased& purchased) {
  Reservation made;
  apply(made, purchased, {});
  made.account_id = subscription.account_id;
  made.billed_with = billed_with(subscription);
  return made;
}

Result<void> check_new(const StateReader& state, const ExchangeReservation& command,
                       const Reservation& old) {
  if (state.find<Reservation>(command.new_reservation_id.text()) != nullptr)
    return already_exists("reservation", command.new_reservation_id.text(), "/newReservationId");
  if (command.amount.currency != old.amount.currency) {
    return rejected("CURRENCY_MISMATCH",
                    "the reservation is in " + std::string(old.amount.currency.text()),
                    "/amount/currency");
  }
  if (command.amount.minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "a reservation costs more than nothing", "/amount/amount");
  }
  if (command.term_months < 1 || command.term_months > kMostMonths) {
    return rejected("INVALID_FIELD", "a term is 1 to 120 months", "/termMonths");
  }
  return {};
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const RefundReservation& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Reservation* reservation,
             reservation_for(state, context, command.reservation_id));
  const Date today = context.today();
  if (reservation->ended_on && !reservation->is_exchanged) return Decision();
  if (reservation->ended_on) return ended();
  LEDGER_TRY(const Money remaining, remaining_commitment(state, *reservation, today));
  if (remaining.minor_units == 0) return ended();
  LEDGER_TRY(const Money refund, refund_amount(*reservation, remaining, command.amount));
  const bool is_monthly = reservation->billing_frequency == BillingFrequency::Monthly;
  const Money residual = is_monthly ? remaining : refund;
  LEDGER_CHECK(check_limit(state, *reservation, residual, today));
  Decision decision;
  decision.events.emplace_back(
      ReservationCancelled{command.reservation_id, refund, residual, today});
  LEDGER_TRY(std::vector<EventData> money, give_back_reservation(state, *reservation, refund, today));
  std::move(money.begin(), money.end(), std::back_inserter(decision.events));
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const ExchangeReservation& command,
                                const DecisionContext& context) {
  LEDGER_TRY(const Reservation* old, reservation_for(state, context, command.reservation_id));
  const Date today = context.today();
  if (old->ended_on) return ended();
  LEDGER_CHECK(check_new(state, command, *old));
  const Subscription* subscription = state.subscription(command.subscription_id);
  if (subscription == nullptr || subscription->account_id != old->account_id) {
    return unknown_reference("subscription of the account with the id", command.subscription_id.text(),
                             "/subscriptionId");
  }
  const bool is_other = command.subscription_id != old->subscription_id;
  if (is_other && subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED", "the subscription is deleted; name one that lives",
                    "/subscriptionId");
  }
  if (state.account(old->account_id)->status == AccountStatus::Closed) {
    return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                    "/subscriptionId");
  }
  LEDGER_CHECK(require(state, context, Action::ReactivateSubscription,
                       AccessObject::of(ScopeRef(command.subscription_id)), ErrorKind::Forbidden,
                       "NO_PERMISSION", "an exchange needs the right on both subscriptions"));
  const Enrollment* enrollment =
      subscription->enrollment_id ? state.enrollment(*subscription->enrollment_id) : nullptr;
  if (enrollment != nullptr && !enrollment->reserved_instances_enabled) {
    return rejected("POLICY_DISABLED",
                    "reservations are off for this enrollment; SetEnrollmentPolicy "
                    "reservedInstancesEnabled turns them on",
                    "/subscriptionId");
  }
  LEDGER_TRY(const Money remaining, remaining_commitment(state, *old, today));
  if (remaining.minor_units == 0) return ended();
  LEDGER_TRY(const Money commitment,
             lifetime_commitment(command.amount, command.billing_frequency, command.term_months));
  if (commitment.minor_units < remaining.minor_units) {
    return rejected("EXCHANGE_BELOW_REMAINING",
                    "the new reservation commits to " + commitment.amount_text() +
                        ", less than the " + remaining.amount_text() + " that remain of the old one",
                    "/amount/amount");
  }
  const bool is_monthly = old->billing_frequency == BillingFrequency::Monthly;
  const Money refund = is_monthly ? Money{0, remaining.currency} : remaining;
  Decision decision;
  decision.events.emplace_back(ReservationExchanged{
      command.reservation_id, command.new_reservation_id, refund, remaining, today});
  LEDGER_TRY(std::vector<EventData> money, give_back_reservation(state, *old, refund, today));
  std::move(money.begin(), money.end(), std::back_inserter(decision.events));
  ReservationPurchased purchased{command.new_reservation_id,
                                 command.subscription_id,
                                 command.amount,
                                 command.term_months,
                                 old->payment_mode,
                                 command.billing_frequency,
                                 today};
  const Reservation made = replacement(*subscription, purchased);
  decision.events.emplace_back(std::move(purchased));
  const Account* account = state.account(old->account_id);
  if (account == nullptr || account->type != AccountType::MOSP) return decision;
  Planner planner(state, {today, old->account_id}, today);
  for (const OpenCharge& charge : open_charges_of(state, made, today.plus_days(1))) {
    if (charge.is_immediate)
      LEDGER_CHECK(plan_charge(planner, *account, *subscription, charge));
  }
  for (EventData& event : planner.finish().events) decision.events.push_back(std::move(event));
  return decision;
}

}  // namespace daybook
