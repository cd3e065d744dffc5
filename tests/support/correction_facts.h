#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/facts/usage.h"
#include "tests/support/in_memory_ledger.h"

/// Usage that can be corrected by its name, and facts that correct it.
namespace daybook::testing {

UsageRecorded named(UsageRecorded row, std::string_view usage_id);

UsageAmended amended(std::string_view subscription, std::string_view usage_id, std::string_view quantity);

UsageVoided voided(std::string_view subscription, std::string_view usage_id);

}  // namespace daybook::testing
