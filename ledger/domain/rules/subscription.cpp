#include "ledger/domain/rules/subscription.h"

#include <algorithm>

#include "ledger/domain/rules/periods.h"

namespace daybook {
namespace {

void become(Subscription& subscription, SubscriptionStatus status, SuspensionReason reason,
            Date day) {
  subscription.status_since = day;
  subscription.status = status;
  subscription.status_reason = reason;
}

/// Keeps what an event made of the days that are not charged.
void remember_charging(Subscription& subscription, Position position) {
  const ChargingKnown now{position, static_cast<std::int32_t>(subscription.inactive.size()),
                          subscription.inactive_from};
  std::vector<ChargingKnown>& known = subscription.charging_known;
  const bool is_told = !known.empty() && known.back().inactive_periods == now.inactive_periods &&
                       known.back().inactive_from == now.inactive_from;
  if (!is_told) known.push_back(now);
}

/// Charged again from the day of the change on.
void charge_again(Subscription& subscription, Date changed_on, Position position) {
  if (!subscription.inactive_from) return;
  if (*subscription.inactive_from < changed_on) {
    subscription.inactive.push_back({*subscription.inactive_from, changed_on});
  }
  subscription.inactive_from.reset();
  remember_charging(subscription, position);
}

}  // namespace

void Subscription::stop_charging_after(Date day, Position position) {
  if (!inactive_from) inactive_from = day.plus_days(1);
  remember_charging(*this, position);
}

void Subscription::set_spending_limit(SpendingLimit limit, Date day) {
  spending_limit = limit;
  limit_changes.push_back({day, limit});
}

bool Subscription::is_limited_on(Date day) const {
  SpendingLimit limit = SpendingLimit::Off;
  for (const LimitChange& change : limit_changes) {
    if (change.on <= day) limit = change.limit;
  }
  return limit == SpendingLimit::On;
}

bool Subscription::is_charged_on(Date day, std::optional<Position> upto) const {
  const auto last = std::find_if(charging_known.rbegin(), charging_known.rend(), [upto](const ChargingKnown& known) {
    return !upto || known.position <= *upto;
  });
  if (last == charging_known.rend()) return true;
  if (last->inactive_from && *last->inactive_from <= day) return false;
  return std::none_of(inactive.begin(), inactive.begin() + last->inactive_periods,
                      [day](const Period& period) { return period.contains(day); });
}

std::optional<Date> Subscription::charged_to() const {
  return !charged_through && status == SubscriptionStatus::Deleted ? std::optional(status_since) : charged_through;
}

std::optional<Date> Subscription::last_day() const {
  const std::optional<Date> end = charged_to();
  if (!placed_until) return end;
  const Date last = placed_until->plus_days(-1);
  return end ? std::min(*end, last) : last;
}

bool Subscription::is_placed_on(Date day) const {
  return (!placed_from || *placed_from <= day) && (!placed_until || day < *placed_until);
}

Period Subscription::days_in(Period period) const {
  if (placed_from) period.start = std::max(period.start, *placed_from);
  if (placed_until) period.end_exclusive = std::min(period.end_exclusive, *placed_until);
  period.start = std::min(period.start, period.end_exclusive);
  return period;
}

Subscription Subscription::at_place(std::size_t n) const {
  const EarlierPlace& place = earlier[n];
  Subscription then = *this;
  then.earlier.resize(n);
  then.placed_from = place.from;
  then.placed_until = place.until;
  then.anchored_on = place.anchored_on;
  then.account_id = place.account_id;
  then.profile_id = place.profile_id;
  then.invoice_section_id = place.invoice_section_id;
  then.enrollment_id = place.enrollment_id;
  then.enrollment_account_id = place.enrollment_account_id;
  then.customer_id = place.customer_id;
  then.reseller_id = place.reseller_id;
  then.payment_method_id = place.payment_method_id;
  return then;
}

void Subscription::leave_place(Date day, AccountType account_type, Position at) {
  if (day <= first_day()) return;
  earlier.push_back({placed_from, day, at, account_id, account_type, profile_id,
                     invoice_section_id, enrollment_id, enrollment_account_id, customer_id,
                     reseller_id, payment_method_id, anchored_on});
  placed_from = day;
}

Period placed_period(const Subscription& subscription, int k) {
  return subscription.days_in(period_at(subscription.anchor(), k));
}

int placed_period_number(const Subscription& subscription, Date day) {
  return period_number(subscription.anchor(), std::max(day, subscription.first_day()));
}

std::vector<Period> periods_within(const Subscription& subscription, Period span) {
  std::vector<Period> periods;
  if (!subscription.is_placed_on(span.start) || span.start < subscription.first_day()) return {};
  for (int k = placed_period_number(subscription, span.start);; ++k) {
    const Period period = placed_period(subscription, k);
    if (period.start >= span.end_exclusive || period.start == period.end_exclusive) break;
    if (periods.empty() && period.start != span.start) return {};
    periods.push_back(period);
  }
  return periods;
}

void apply(Subscription& subscription, const SubscriptionCreated& event, const Occurrence& at) {
  subscription.subscription_id = event.subscription_id;
  subscription.account_id = event.account_id;
  subscription.offer_id = event.offer_id;
  subscription.name = event.name;
  subscription.created_on = event.created_on.value_or(at.day());
  subscription.posted_at = at.position;
  subscription.status_since = subscription.created_on;
  subscription.profile_id = event.profile_id;
  subscription.invoice_section_id = event.invoice_section_id;
  subscription.enrollment_account_id = event.enrollment_account_id;
  subscription.customer_id = event.customer_id;
  subscription.reseller_id = event.reseller_id;
  subscription.payment_method_id = event.payment_method_id;
  subscription.spending_limit = event.spending_limit.value_or(SpendingLimit::Off);
}

void apply(Subscription& subscription, const SubscriptionCancelled& event, const Occurrence& at) {
  subscription.charged_through = event.effective_on.value_or(at.day());
  // It may be told of a day before another reason stopped the charging.
  const Date next = subscription.charged_through->plus_days(1);
  subscription.inactive_from = std::min(subscription.inactive_from.value_or(next), next);
  remember_charging(subscription, at.position);
}

void apply(Subscription& subscription, const SubscriptionReactivated& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Active, SuspensionReason::None, event.effective_on);
  subscription.charged_through.reset();
  charge_again(subscription, event.effective_on, at.position);
}

void apply(Subscription& subscription, const SubscriptionDeleted& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Deleted, subscription.status_reason,
         event.effective_on.value_or(at.day()));
  subscription.stop_charging_after(event.effective_on.value_or(at.day()), at.position);
}

void apply(Subscription& subscription, const SubscriptionBecamePastDue& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::PastDue, event.reason, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionWarned& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Warned, event.reason, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionDisabled& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Disabled, event.reason, event.effective_on);
  subscription.stop_charging_after(event.effective_on, at.position);
}

void apply(Subscription& subscription, const SubscriptionReenabled& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Active, SuspensionReason::None, event.effective_on);
  charge_again(subscription, event.effective_on, at.position);
}

void apply(Subscription& subscription, const SubscriptionExpired& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Expired, event.reason, event.on);
  subscription.stop_charging_after(event.on, at.position);
}

}  // namespace daybook
