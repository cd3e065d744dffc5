#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What is wrong with a correction whatever row it means; that there is such a row, the ledger
/// sees.
Result<void> check_subscription(const FactChecker& checker, const SubscriptionId& id) {
  const Subscription* subscription = checker.subscription(id);
  if (subscription == nullptr && checker.is_bound())
    return unknown_reference("subscription", id.text(), "/data/subscriptionId");
  if (subscription != nullptr && subscription->status == SubscriptionStatus::Deleted) {
    return conflict("SUBSCRIPTION_DELETED",
                    "the subscription is deleted; nothing more can be recorded on it",
                    "/data/subscriptionId");
  }
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const UsageAmended& fact) {
  if (!fact.quantity && !fact.unit_price && !fact.cost && !fact.tags) {
    return rejected("INVALID_FIELD", "name what changes: quantity, unitPrice, cost or tags",
                    "/data");
  }
  if (fact.quantity && !Exact::from(*fact.quantity)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "no price makes money of such a quantity",
                    "/data/quantity");
  }
  if (fact.cost && !Exact::from(*fact.cost)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "such a cost is beyond any amount of money",
                    "/data/cost");
  }
  if (fact.unit_price && !Exact::from(*fact.unit_price)) {
    return rejected("AMOUNT_OUT_OF_RANGE", "such a price is beyond any amount of money",
                    "/data/unitPrice");
  }
  return check_subscription(checker, fact.subscription_id);
}

Result<void> check_fact(const FactChecker& checker, const UsageVoided& fact) {
  return check_subscription(checker, fact.subscription_id);
}

}  // namespace daybook
