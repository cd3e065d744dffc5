#include "ledger/domain/rules/fold_table.h"

#include <algorithm>
#include <string>

namespace daybook {
namespace {

void hold_from(StateStore& store, const ProfileId& profile_id, Date day) {
  if (store.profile(profile_id) == nullptr) return;
  Profile& profile = store.edit<Profile>(profile_id.text());
  profile.holds_from = std::min(profile.holds_from, day);
}

void fold_event(StateStore& store, const SubscriptionCreated& event, const Occurrence& at) {
  const std::string& id = event.subscription_id.text();
  Subscription& subscription = store.edit<Subscription>(id);
  apply(subscription, event, at);
  subscription.set_spending_limit(
      event.spending_limit.value_or(offer_of(store, event.offer_id).spending_limit),
      subscription.created_on);
  if (subscription.invoice_section_id && !subscription.profile_id) {
    const Section* section = store.section(*subscription.invoice_section_id);
    // A profile without a section has the section of its own id.
    subscription.profile_id = section != nullptr
                                  ? section->profile_id
                                  : ProfileId(subscription.invoice_section_id->text());
  }
  store.link(Relation::SubscriptionsOfAccount, event.account_id.text(), id);
  if (subscription.profile_id) {
    store.link(Relation::SubscriptionsOfProfile, subscription.profile_id->text(), id);
    hold_from(store, *subscription.profile_id, subscription.created_on);
  }
  if (event.payment_method_id) {
    store.link(Relation::SubscriptionsOnMethod, event.payment_method_id->text(), id);
  }
  if (event.enrollment_account_id) {
    if (const Enrollment* enrollment = store.enrollment_of(*event.enrollment_account_id)) {
      subscription.enrollment_id = enrollment->enrollment_id;
      store.link(Relation::SubscriptionsOfEnrollment, enrollment->enrollment_id.text(), id);
    }
  }
}

void fold_event(StateStore& store, const SubscriptionWarned& event, const Occurrence& at) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  apply(subscription, event, at);
  if (store.policies().word("subscription.warned") == "usable") return;  // CF-12
  subscription.stop_charging_after(event.effective_on, at.position);
}

void fold_event(StateStore& store, const SupportPlanPurchased& event, const Occurrence& at) {
  SupportPlan& plan = store.edit<SupportPlan>(event.plan_id.text());
  apply(plan, event, at);
  if (store.subscription(event.subscription_id) == nullptr) return;
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  subscription.support_plan_id = event.plan_id;
  plan.account_id = subscription.account_id;
  plan.profile_id = subscription.profile_id;
  store.link(Relation::SupportPlansOfAccount, plan.account_id.text(), event.plan_id.text());
  if (plan.profile_id) hold_from(store, *plan.profile_id, plan.purchased_on);
}

constexpr auto kFoldSubscriptions = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_subscriptions(FoldTable& table) {
  table.add<SubscriptionCreated, SubscriptionWarned, SupportPlanPurchased>(kFoldSubscriptions);
  table.add_rows<Subscription, SubscriptionCancelled, SubscriptionReactivated, SubscriptionDeleted,
                 SubscriptionBecamePastDue, SubscriptionDisabled, SubscriptionReenabled,
                 SubscriptionExpired>();
  table.add_rows<SupportPlan, SupportPlanCancelled>();
}

}  // namespace daybook
