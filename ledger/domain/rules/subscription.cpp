#include "ledger/domain/rules/subscription.h"

#include <algorithm>

namespace daybook {
namespace {

void become(Subscription& subscription, SubscriptionStatus status, SuspensionReason reason,
            Date day) {
  subscription.status_since = day;
  subscription.status = status;
  subscription.status_reason = reason;
}

/// Charged again from the day of the change on.
void charge_again(Subscription& subscription, Date changed_on) {
  if (!subscription.inactive_from) return;
  if (*subscription.inactive_from < changed_on) {
    subscription.inactive.push_back({*subscription.inactive_from, changed_on});
  }
  subscription.inactive_from.reset();
}

}  // namespace

void Subscription::stop_charging_after(Date day) {
  if (!inactive_from) inactive_from = day.plus_days(1);
}

bool Subscription::is_charged_on(Date day) const {
  if (inactive_from && *inactive_from <= day) return false;
  return std::none_of(inactive.begin(), inactive.end(),
                      [day](const Period& period) { return period.contains(day); });
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
  subscription.stop_charging_after(*subscription.charged_through);
}

void apply(Subscription& subscription, const SubscriptionReactivated& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Active, SuspensionReason::None, event.effective_on);
  subscription.charged_through.reset();
  charge_again(subscription, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionDeleted& event, const Occurrence& at) {
  become(subscription, SubscriptionStatus::Deleted, subscription.status_reason,
         event.effective_on.value_or(at.day()));
  subscription.stop_charging_after(event.effective_on.value_or(at.day()));
}

void apply(Subscription& subscription, const SubscriptionBecamePastDue& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::PastDue, event.reason, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionWarned& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Warned, event.reason, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionDisabled& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Disabled, event.reason, event.effective_on);
  subscription.stop_charging_after(event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionReenabled& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Active, SuspensionReason::None, event.effective_on);
  charge_again(subscription, event.effective_on);
}

void apply(Subscription& subscription, const SubscriptionExpired& event, const Occurrence&) {
  become(subscription, SubscriptionStatus::Expired, event.reason, event.on);
  subscription.stop_charging_after(event.on);
}

}  // namespace daybook
