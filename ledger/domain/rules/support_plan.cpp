#include "ledger/domain/rules/support_plan.h"

namespace daybook {

void apply(SupportPlan& plan, const SupportPlanPurchased& event, const Occurrence& at) {
  plan.plan_id = event.plan_id;
  plan.subscription_id = event.subscription_id;
  plan.price = event.price;
  plan.posted_at = at.position;
  plan.purchased_on = event.purchased_on.value_or(at.day());
}

void apply(SupportPlan& plan, const SupportPlanCancelled& event, const Occurrence& at) {
  plan.cancelled_on = event.effective_on.value_or(at.day());
}

}  // namespace daybook
