#include "ledger/domain/rules/rated_difference.h"

#include <algorithm>

#include "ledger/domain/rules/exact_sum.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> subtract_from(Exact& from, const Exact& value) {
  LEDGER_TRY(from, subtract(from, value));
  return {};
}

}  // namespace

bool is_linear(const PriceVersion& price) {
  return price.tiers.size() == 1 && price.included_quantity.is_zero();
}

bool is_linear(const MeterPrices* prices) {
  return prices == nullptr ||
         std::all_of(prices->versions.begin(), prices->versions.end(),
                     [](const PriceVersion& version) { return is_linear(version); });
}

Result<RatedLine> sum_of(const std::vector<RatedLine>& lines) {
  RatedLine sum;
  const auto one_price = [&](const RatedLine& line) {
    return line.discount != nullptr || line.price == lines.front().price;
  };
  if (!lines.empty() && std::all_of(lines.begin(), lines.end(), one_price)) {
    sum.price = lines.front().price;
    sum.exchange = lines.front().exchange;
  }
  for (const RatedLine& line : lines) {
    LEDGER_CHECK(add_to(sum.consumed, line.consumed));
    LEDGER_CHECK(add_to(sum.included, line.included));
    LEDGER_CHECK(add_to(sum.billable, line.billable));
    LEDGER_CHECK(add_to(sum.value, line.value));
    for (const RatedTier& tier : line.tiers) {
      auto found = std::find_if(sum.tiers.begin(), sum.tiers.end(), [&](const RatedTier& each) {
        return each.from == tier.from && each.unit_price == tier.unit_price;
      });
      if (found == sum.tiers.end()) {
        found = sum.tiers.insert(found, {tier.from, tier.unit_price, Exact(), Exact()});
      }
      LEDGER_CHECK(add_to(found->quantity, tier.quantity));
      LEDGER_CHECK(add_to(found->value, tier.value));
    }
  }
  return sum;
}

Result<RatedLine> difference(RatedLine with, const RatedLine& without) {
  LEDGER_CHECK(subtract_from(with.consumed, without.consumed));
  LEDGER_CHECK(subtract_from(with.included, without.included));
  LEDGER_CHECK(subtract_from(with.billable, without.billable));
  LEDGER_CHECK(subtract_from(with.value, without.value));
  for (const RatedTier& tier : without.tiers) {
    auto found = std::find_if(with.tiers.begin(), with.tiers.end(), [&](const RatedTier& each) {
      return each.from == tier.from && each.unit_price == tier.unit_price;
    });
    if (found == with.tiers.end()) {
      found = with.tiers.insert(found, {tier.from, tier.unit_price, Exact(), Exact()});
    }
    LEDGER_CHECK(subtract_from(found->quantity, tier.quantity));
    LEDGER_CHECK(subtract_from(found->value, tier.value));
  }
  std::erase_if(with.tiers, [](const RatedTier& tier) {
    return tier.quantity.is_zero() && tier.value.is_zero();
  });
  return with;
}

}  // namespace daybook
