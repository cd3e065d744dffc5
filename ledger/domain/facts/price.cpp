#include "ledger/domain/facts/price.h"

namespace daybook {

void fill_defaults(PriceChanged& fact, const FactContext&) {
  if (!fact.tier_mode) fact.tier_mode = TierMode::Graduated;
  if (!fact.included_quantity) fact.included_quantity = Decimal(0);
  if (!fact.aggregation) fact.aggregation = Aggregation::Sum;
}

}  // namespace daybook
