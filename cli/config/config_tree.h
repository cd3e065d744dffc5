#pragma once

#include <map>
#include <string>

#include "cli/config/config_entry.h"
#include "ledger/domain/time.h"

namespace daybook::cli {

/// The command ApplyConfiguration in JSON: what `entries` say of policies, provider and terms. The provider's block holds
/// from `today` on, and has no product word where none is given.
[[nodiscard]] std::string json_of_wish(const std::map<std::string, ConfigEntry>& entries, Date today);

}  // namespace daybook::cli
