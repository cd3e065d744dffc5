#include "ledger/domain/facts/support_plan.h"

namespace daybook {

void fill_defaults(SupportPlanPurchased& fact, const FactContext& context) {
  if (!fact.purchased_on) fact.purchased_on = context.day;
}

void fill_defaults(SupportPlanCancelled& fact, const FactContext& context) {
  if (!fact.effective_on) fact.effective_on = context.day;
}

}  // namespace daybook
