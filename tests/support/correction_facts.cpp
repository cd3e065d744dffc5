#include "tests/support/correction_facts.h"

namespace daybook::testing {

UsageRecorded named(UsageRecorded row, std::string_view usage_id) {
  row.usage_id = std::string(usage_id);
  return row;
}

UsageAmended amended(std::string_view subscription, std::string_view usage_id, std::string_view quantity) {
  UsageAmended fact;
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.usage_id = std::string(usage_id);
  fact.reason = "misread";
  fact.quantity = decimal(quantity);
  return fact;
}

UsageVoided voided(std::string_view subscription, std::string_view usage_id) {
  return {SubscriptionId(std::string(subscription)), std::string(usage_id), "never happened"};
}

}  // namespace daybook::testing
