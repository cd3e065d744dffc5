#include "ledger/domain/rules/fold_purchases.h"
#include "ledger/domain/rules/fold_table.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/rules/invoice_day.h"
#include "ledger/domain/rules/moving.h"
#include "ledger/domain/rules/reservation_rules.h"

namespace daybook {
namespace {

/// A subscription on its way, and the scope that billed it.
struct Leaving {
  Subscription* subscription = nullptr;
  ScopeRef billed_with;
};

/// Takes the subscription from where it lies, for a place that begins on `day`.
Leaving leave(StateStore& store, const SubscriptionId& subscription_id, Date day,
              const Occurrence& at) {
  const std::string& id = subscription_id.text();
  Subscription& subscription = store.edit<Subscription>(id);
  const Leaving leaving{&subscription, billed_with(subscription)};
  const Account* account = store.account(subscription.account_id);
  const std::int32_t place = subscription.place();
  ScopeRef billed_by(subscription.account_id);
  store.unlink(Relation::SubscriptionsOfAccount, subscription.account_id.text(), id);
  if (subscription.profile_id) {
    billed_by = ScopeRef(*subscription.profile_id);
    store.unlink(Relation::SubscriptionsOfProfile, billed_by.id, id);
  }
  if (subscription.enrollment_id) {
    billed_by = ScopeRef(*subscription.enrollment_id);
    store.unlink(Relation::SubscriptionsOfEnrollment, billed_by.id, id);
  }
  subscription.leave_place(day, account != nullptr ? account->type : AccountType::MOSP,
                           at.position);
  if (subscription.place() > place)
    store.link(Relation::FormerSubscriptions, billed_by.text(), id);
  subscription.profile_id.reset();
  subscription.invoice_section_id.reset();
  subscription.enrollment_id.reset();
  subscription.enrollment_account_id.reset();
  subscription.anchored_on.reset();
  return leaving;
}

/// Puts it where `placement` says, in the account that it names already.
void arrive(StateStore& store, Subscription& subscription, const Placement& placement) {
  const std::string& id = subscription.subscription_id.text();
  store.link(Relation::SubscriptionsOfAccount, subscription.account_id.text(), id);
  subscription.invoice_section_id = placement.invoice_section_id;
  subscription.profile_id = placement.profile_id;
  if (placement.invoice_section_id) {
    const Section* section = store.section(*placement.invoice_section_id);
    // A profile without a section has the section of its own id.
    subscription.profile_id = section != nullptr
                                  ? section->profile_id
                                  : ProfileId(placement.invoice_section_id->text());
  }
  if (subscription.profile_id) {
    store.link(Relation::SubscriptionsOfProfile, subscription.profile_id->text(), id);
    if (store.profile(*subscription.profile_id) != nullptr) {
      Profile& profile = store.edit<Profile>(subscription.profile_id->text());
      profile.holds_from = std::min(profile.holds_from, subscription.first_day());
    }
  }
  if (placement.enrollment_account_id) {
    subscription.enrollment_account_id = placement.enrollment_account_id;
    if (const Enrollment* enrollment = store.enrollment_of(*placement.enrollment_account_id)) {
      subscription.enrollment_id = enrollment->enrollment_id;
      store.link(Relation::SubscriptionsOfEnrollment, enrollment->enrollment_id.text(), id);
    }
  }
  if (subscription.support_plan_id)
    store.edit<SupportPlan>(subscription.support_plan_id->text()).profile_id =
        subscription.profile_id;
}

void fold_event(StateStore& store, const SubscriptionMoved& event, const Occurrence& at) {
  const Leaving leaving = leave(store, event.subscription_id, event.effective_date, at);
  Subscription& subscription = *leaving.subscription;
  const Account* account = store.account(subscription.account_id);
  if (account != nullptr) arrive(store, subscription, named_by(*account, event.to_scope));
  follow_moved(store, subscription, leaving.billed_with);
}

void fold_event(StateStore& store, const SubscriptionBillingTransferred& event,
                const Occurrence& at) {
  const Leaving leaving = leave(store, event.subscription_id, event.accepted_on.plus_days(1), at);
  Subscription& subscription = *leaving.subscription;
  subscription.account_id = event.to_account;
  // Whose customer it was, and how it was paid, were matters of the other account.
  subscription.customer_id.reset();
  subscription.reseller_id.reset();
  if (const std::optional<MethodId> method = std::exchange(subscription.payment_method_id, {}))
    store.unlink(Relation::SubscriptionsOnMethod, method->text(), event.subscription_id.text());
  arrive(store, subscription,
         {event.invoice_section_id, event.profile_id, event.enrollment_account_id});
  const Account* account = store.account(event.to_account);
  if (account != nullptr && account->type == AccountType::MOSP)
    subscription.anchored_on = event.accepted_on;
  follow_moved(store, subscription, leaving.billed_with);
}

/// The profile that an upgrade makes for some of the account's subscriptions.
void create(StateStore& store, const Account& account, AccountType from_type,
            const CreatedProfile& created, Date day) {
  Profile& profile = store.edit<Profile>(created.profile_id.text());
  profile.profile_id = created.profile_id;
  profile.account_id = account.account_id;
  profile.currency = account.currency;
  profile.bill_to = account.sold_to;
  // An enterprise agreement was signed with a representative, whatever its account says (T-MCA-6).
  profile.invoice_day = from_type == AccountType::EA
                            ? store.policies().number("invoiceDay.representative")
                            : default_invoice_day(account, store.policies());
  profile.payment_term_days = default_payment_term_days(account.type, store.policies());
  profile.created_on = day;
  profile.holds_from = day;
  profile.begins_on = day;
  for (const SubscriptionId& id : created.subscription_ids) {
    const Subscription* subscription = store.subscription(id);
    if (subscription != nullptr && !profile.default_payment_method)
      profile.default_payment_method = subscription->payment_method_id;
  }
  store.link(Relation::ProfilesOfAccount, account.account_id.text(), created.profile_id.text());
  if (created.section_id.text() == created.profile_id.text()) return;
  Section& section = store.edit<Section>(created.section_id.text());
  section.section_id = created.section_id;
  section.profile_id = created.profile_id;
  section.name = created.section_id.text();
  store.link(Relation::SectionsOfProfile, created.profile_id.text(), created.section_id.text());
}

void fold_event(StateStore& store, const BillingAccountUpgraded& event, const Occurrence& at) {
  const Date day = event.effective_date.plus_days(1);
  std::vector<Leaving> left;
  for (const std::string& id : store.subscriptions_of(event.account_id))
    left.push_back(leave(store, SubscriptionId(id), day, at));
  for (const std::string& id : store.enrollments_of(event.account_id))
    store.edit<Enrollment>(id).ends_on = event.effective_date;
  Account& account = store.edit<Account>(event.account_id.text());
  apply(account, event, at);
  for (const CreatedProfile& created : event.created_profiles)
    create(store, account, event.from_type, created, day);
  for (const Leaving& leaving : left) {
    const auto created = std::find_if(
        event.created_profiles.begin(), event.created_profiles.end(),
        [&](const CreatedProfile& each) {
          return std::find(each.subscription_ids.begin(), each.subscription_ids.end(),
                           leaving.subscription->subscription_id) != each.subscription_ids.end();
        });
    Placement placement;
    if (created != event.created_profiles.end()) placement.invoice_section_id = created->section_id;
    arrive(store, *leaving.subscription, placement);
    follow_moved(store, *leaving.subscription, leaving.billed_with);
  }
}

constexpr auto kFoldMoves = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_moves(FoldTable& table) {
  table.add<SubscriptionMoved, SubscriptionBillingTransferred, BillingAccountUpgraded>(kFoldMoves);
}

}  // namespace daybook
