#include "ledger/domain/facts/subscription.h"

namespace daybook {

void fill_defaults(SubscriptionCreated& fact, const FactContext& context) {
  if (!fact.created_on) fact.created_on = context.day;
}

void fill_defaults(SubscriptionCancelled& fact, const FactContext& context) {
  if (!fact.effective_on) fact.effective_on = context.day;
}

void fill_defaults(SubscriptionDeleted& fact, const FactContext& context) {
  if (!fact.effective_on) fact.effective_on = context.day;
}

void fill_defaults(SpendingLimitRemoved& fact, const FactContext&) {
  if (!fact.mode) fact.mode = SpendingLimitMode::indefinite;
}

}  // namespace daybook
