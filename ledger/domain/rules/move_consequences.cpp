#include "ledger/domain/rules/move_consequences.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/mail_ended.h"
#include "ledger/domain/rules/offer_credit.h"

namespace daybook {
namespace {

/// Whether an invoice that is past due concerns the subscription where it is now.
bool is_blocked(const StateReader& state, const Subscription& subscription) {
  const std::vector<std::string> open = state.open_invoices_of(subscription.account_id);
  return std::any_of(open.begin(), open.end(), [&](const std::string& id) {
    const Invoice* invoice = state.find<Invoice>(id);
    return invoice != nullptr && invoice->status == InvoiceStatus::PastDue &&
           subscriptions_concerned(state, *invoice).contains(subscription.subscription_id.text());
  });
}

/// Whether what a former profile owes brought the subscription further than the one that it is in now has come.
bool stands_further(const StateReader& state, const Subscription& subscription) {
  const Profile* profile = subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  if (profile == nullptr || profile->status == ProfileStatus::Disabled) return false;
  return subscription.status == SubscriptionStatus::Disabled ||
         (subscription.status == SubscriptionStatus::Warned && profile->status == ProfileStatus::Active);
}

/// What the present place owes brings it where that stands, from the next morning on.
void free_where_nothing_blocks(const StateReader& state, const SubscriptionId& id, Date day,
                               std::vector<EventData>& events) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr || subscription->status_reason != SuspensionReason::PastDue) return;
  if (!is_blocked(state, *subscription) || stands_further(state, *subscription))
    events.emplace_back(SubscriptionReenabled{id, SuspensionReason::PastDue, {}, day});
}

bool may_be_shared_with(Role role) {
  constexpr std::array kRoles = {Role::Owner, Role::Contributor, Role::Reader,
                                 Role::BillingReader};
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

}  // namespace

std::vector<EventData> follow_move(const StateReader& state, const SubscriptionMoved& fact,
                                   Date day) {
  std::vector<EventData> events = moved_offer_credit(state, fact.subscription_id, day);
  free_where_nothing_blocks(state, fact.subscription_id, day, events);
  return events;
}

std::vector<EventData> follow_transfer(const StateReader& state,
                                       const SubscriptionBillingTransferred& fact, Date day) {
  std::vector<EventData> events = moved_offer_credit(state, fact.subscription_id, day);
  const ScopeRef scope(fact.subscription_id);
  const Access* access = state.access(scope);
  if (access != nullptr && access->invoice_sharing)
    events.emplace_back(InvoiceSharingDisabled{fact.subscription_id});
  for (EventData& event : opted_out(state, scope, "Transferred")) events.push_back(std::move(event));
  if (access != nullptr && fact.move_tenant) {
    for (const HeldRole& held : access->roles) {
      events.emplace_back(RoleRevoked{scope.type, ScopeId(scope.id), held.role, held.identity_id});
    }
  }
  free_where_nothing_blocks(state, fact.subscription_id, day, events);
  return events;
}

std::vector<EventData> follow_upgrade(const StateReader& state,
                                      const BillingAccountUpgraded& fact) {
  std::vector<EventData> events;
  const Account* account = state.account(fact.account_id);
  if (account == nullptr || fact.from_type != AccountType::MOSP) return events;
  const auto assign = [&](const ScopeRef& scope, Role role, const IdentityId& identity) {
    const Access* access = state.access(scope);
    if (access != nullptr && access->holds(identity, role)) return;
    const EventData assigned = RoleAssigned{scope.type, ScopeId(scope.id), role, identity};
    if (std::find(events.begin(), events.end(), assigned) == events.end())
      events.push_back(assigned);
  };
  assign(ScopeRef(account->account_id), Role::Owner, account->administrator);
  for (const CreatedProfile& created : fact.created_profiles) {
    for (const SubscriptionId& id : created.subscription_ids) {
      for (EventData& credit : moved_offer_credit(state, id, fact.effective_date))
        events.push_back(std::move(credit));
      const Access* access = state.access(ScopeRef(id));
      if (access == nullptr || !access->invoice_sharing) continue;
      for (const HeldRole& held : access->roles) {
        if (may_be_shared_with(held.role))
          assign(ScopeRef(created.profile_id), Role::Reader, held.identity_id);
      }
    }
  }
  return events;
}

}  // namespace daybook
