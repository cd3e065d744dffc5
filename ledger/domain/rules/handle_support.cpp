#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/support_plan.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<Decision> handle_command(const StateReader& state, const CancelSupportPlan& command,
                                const DecisionContext& context) {
  const SupportPlan* plan = state.support_plan(command.plan_id);
  if (plan == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, Action::ReactivateSubscription,
                       AccessObject::of(ScopeRef(plan->subscription_id)), ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       "a support plan is cancelled by the Account Administrator, an owner of its "
                       "subscription, or an owner or contributor of its profile"));
  if (plan->cancelled_on) return Decision();
  return Decision{{SupportPlanCancelled{command.plan_id, context.today()}}, {}};
}

}  // namespace daybook
