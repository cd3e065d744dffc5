#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/facts/usage.h"
#include "tests/support/in_memory_ledger.h"

/// Usage that can be corrected by its name, and facts that correct it.
namespace daybook::testing {

inline UsageRecorded named(UsageRecorded row, std::string_view usage_id) {
  row.usage_id = std::string(usage_id);
  return row;
}

inline UsageAmended amended(std::string_view subscription, std::string_view usage_id,
                            std::string_view quantity) {
  UsageAmended fact;
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.usage_id = std::string(usage_id);
  fact.reason = "misread";
  fact.quantity = decimal(quantity);
  return fact;
}

inline UsageVoided voided(std::string_view subscription, std::string_view usage_id) {
  return {SubscriptionId(std::string(subscription)), std::string(usage_id), "never happened"};
}

}  // namespace daybook::testing
