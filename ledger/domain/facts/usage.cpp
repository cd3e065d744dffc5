#include "ledger/domain/facts/usage.h"

namespace daybook {

void fill_defaults(UsageRecorded& fact, const FactContext& context) {
  if (!fact.usage_id) fact.usage_id.emplace(context.event_id);
  if (!fact.usage_date) fact.usage_date = context.day;
  if (!fact.received_on) fact.received_on = context.day;
  if (!fact.is_credit_eligible)
    fact.is_credit_eligible = fact.publisher_type != PublisherType::Marketplace;
  if (!fact.charge_type) fact.charge_type = ChargeType::Usage;
}

}  // namespace daybook
