#include "ledger/domain/facts/charge.h"

namespace daybook {

void fill_defaults(PurchaseCharged& fact, const FactContext& context) {
  if (!fact.purchased_on) fact.purchased_on = context.day;
}

void fill_defaults(PurchaseRefunded& fact, const FactContext& context) {
  if (!fact.refunded_on) fact.refunded_on = context.day;
}

}  // namespace daybook
