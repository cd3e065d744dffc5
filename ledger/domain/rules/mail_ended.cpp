#include "ledger/domain/rules/mail_ended.h"

#include <utility>

#include "ledger/domain/facts/email_preference.h"

namespace daybook {

std::vector<EventData> opted_out(const StateReader& state, const ScopeRef& scope,
                                 const std::optional<std::string>& reason) {
  std::vector<EventData> events;
  const EmailPreference* preference = state.email_preference(scope);
  if (preference == nullptr || !preference->opted_in()) return events;
  for (const EmailRecipient& recipient : preference->recipients)
    events.emplace_back(EmailRecipientRemoved{scope.type, ScopeId(scope.id), recipient.recipient_id});
  events.emplace_back(EmailInvoiceOptedOut{scope.type, ScopeId(scope.id), reason});
  return events;
}

std::vector<EventData> mail_ended_by_deletion(const StateReader& state, const SubscriptionId& deleted) {
  static constexpr const char* kReason = "SubscriptionDeleted";
  std::vector<EventData> events = opted_out(state, ScopeRef(deleted), kReason);
  const Subscription* subscription = state.subscription(deleted);
  if (subscription == nullptr) return events;
  for (const std::string& id : state.support_plans_of(subscription->account_id)) {
    const SupportPlan* plan = state.find<SupportPlan>(id);
    if (plan == nullptr || plan->subscription_id != deleted) continue;
    for (EventData& event : opted_out(state, ScopeRef(plan->plan_id), kReason)) events.push_back(std::move(event));
  }
  return events;
}

}  // namespace daybook
