#include "ledger/domain/rules/tiers.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<Exact> billable_of(const PriceVersion& price, const Exact& quantity) {
  LEDGER_TRY(const Exact included, Exact::from(price.included_quantity));
  LEDGER_TRY(const Exact rest, subtract(quantity, included));
  return std::max(rest, Exact());
}

Result<Exact> price_times(const Exact& quantity, const Decimal& unit_price) {
  return quantity.times(unit_price, Rounding::HalfAwayFromZero);
}

/// How much of `billable` units from 0 lies in (from, to].
Result<Exact> within(const Exact& billable, const Exact& from, const Exact* to) {
  const Exact up_to = to != nullptr ? std::min(billable, *to) : billable;
  return subtract(std::max(up_to, from), from);
}

/// The tier that holds the last of `billable` units.
Result<std::size_t> last_tier(const PriceVersion& price, const Exact& billable) {
  std::size_t tier = 0;
  for (std::size_t i = 1; i < price.tiers.size(); ++i) {
    LEDGER_TRY(const Exact from, Exact::from(price.tiers[i].from));
    if (from < billable) tier = i;
  }
  return tier;
}

Result<Exact> volume_value(const PriceVersion& price, const Exact& billable) {
  LEDGER_TRY(const std::size_t tier, last_tier(price, billable));
  return price_times(billable, price.tiers[tier].unit_price);
}

void add_portion(std::size_t tier, Consumption& result) {
  if (result.billable.is_zero() && result.value.is_zero()) return;
  result.tiers.push_back({tier, result.billable, result.value});
}

Result<void> consume_volume(const PriceVersion& price, const Exact& from, const Exact& to,
                            Consumption& result) {
  LEDGER_TRY(const Exact before, volume_value(price, from));
  LEDGER_TRY(const Exact after, volume_value(price, to));
  LEDGER_TRY(result.value, subtract(after, before));
  LEDGER_TRY(const std::size_t tier, last_tier(price, to));
  add_portion(tier, result);
  return {};
}

Result<void> consume_graduated(const PriceVersion& price, const Exact& from, const Exact& to,
                               Consumption& result) {
  for (std::size_t i = 0; i < price.tiers.size(); ++i) {
    LEDGER_TRY(const Exact low, Exact::from(price.tiers[i].from));
    Exact high;
    const bool last = i + 1 == price.tiers.size();
    if (!last) {
      LEDGER_TRY(high, Exact::from(price.tiers[i + 1].from));
    }
    LEDGER_TRY(const Exact before, within(from, low, last ? nullptr : &high));
    LEDGER_TRY(const Exact after, within(to, low, last ? nullptr : &high));
    LEDGER_TRY(const Exact quantity, subtract(after, before));
    if (quantity.is_zero()) continue;
    LEDGER_TRY(const Exact value, price_times(quantity, price.tiers[i].unit_price));
    LEDGER_TRY(result.value, add(result.value, value));
    result.tiers.push_back({i, quantity, value});
  }
  return {};
}

/// Which of `price`'s billable units, counted from 0, `quantity` after `before` is: (from, to].
struct BillableUnits {
  Exact from;
  Exact to;
  Consumption consumed;  ///< included and billable, without a value
};

Result<BillableUnits> split_included(const PriceVersion& price, const Exact& before, const Exact& quantity) {
  LEDGER_INVARIANT(!price.tiers.empty());
  BillableUnits units;
  LEDGER_TRY(const Exact after, add(before, quantity));
  LEDGER_TRY(units.from, billable_of(price, before));
  LEDGER_TRY(units.to, billable_of(price, after));
  LEDGER_TRY(units.consumed.billable, subtract(units.to, units.from));
  LEDGER_TRY(units.consumed.included, subtract(quantity, units.consumed.billable));
  return units;
}

}  // namespace

Result<Consumption> consume(const PriceVersion& price, const Exact& before, const Exact& quantity) {
  LEDGER_TRY(BillableUnits units, split_included(price, before, quantity));
  Consumption& result = units.consumed;
  if (price.tier_mode == TierMode::Volume) {
    LEDGER_CHECK(consume_volume(price, units.from, units.to, result));
  } else {
    LEDGER_CHECK(consume_graduated(price, units.from, units.to, result));
  }
  return std::move(result);
}

Result<Consumption> MeterConsumption::take(const PriceVersion& price, const Exact& quantity) {
  LEDGER_TRY(Consumption result, price.tier_mode == TierMode::Volume ? take_volume(price, quantity)
                                                                     : consume(price, consumed_, quantity));
  LEDGER_TRY(consumed_, add(consumed_, quantity));
  return result;
}

Result<Consumption> MeterConsumption::take_volume(const PriceVersion& price, const Exact& quantity) {
  LEDGER_TRY(BillableUnits units, split_included(price, consumed_, quantity));
  Consumption& result = units.consumed;
  VolumePriced& priced = volumes_[price.position];
  LEDGER_TRY(priced.units, add(priced.units, result.billable));
  LEDGER_TRY(const std::size_t tier, last_tier(price, units.to));
  LEDGER_TRY(const Exact value, price_times(priced.units, price.tiers[tier].unit_price));
  LEDGER_TRY(result.value, subtract(value, priced.value));
  priced.value = value;
  add_portion(tier, result);
  return std::move(result);
}

Result<Exact> value_of(const PriceVersion& price, const Exact& quantity) {
  LEDGER_TRY(Consumption whole, consume(price, Exact(), quantity));
  return whole.value;
}

}  // namespace daybook
