#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/billing_facts.h"

namespace daybook::testing {

/// A price in EUR: from which quantity on a unit costs how much.
inline PriceVersion version(std::vector<std::pair<std::string, std::string>> steps,
                            std::string_view included = "0", TierMode mode = TierMode::Graduated) {
  PriceVersion price;
  price.currency = kEur;
  price.tier_mode = mode;
  price.included_quantity = decimal(included);
  for (const auto& [from, unit_price] : steps)
    price.tiers.push_back({decimal(from), decimal(unit_price)});
  return price;
}

}  // namespace daybook::testing
