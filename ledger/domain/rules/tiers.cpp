#include "ledger/domain/rules/tiers.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/exact_sum.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<Exact> billable_of(const PreparedPrice& price, const Exact& quantity) {
  LEDGER_TRY(const Exact rest, subtract(quantity, price.included));
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
std::size_t last_tier(const PreparedPrice& price, const Exact& billable) {
  std::size_t tier = 0;
  for (std::size_t i = 1; i < price.from.size(); ++i) {
    if (price.from[i] < billable) tier = i;
  }
  return tier;
}

Result<Exact> volume_value(const PreparedPrice& price, const Exact& billable) {
  return price_times(billable, price.price->tiers[last_tier(price, billable)].unit_price);
}

void add_portion(std::size_t tier, Consumption& result) {
  if (result.billable.is_zero() && result.value.is_zero()) return;
  result.tiers.push_back({tier, result.billable, result.value});
}

Result<void> consume_volume(const PreparedPrice& price, const Exact& from, const Exact& to, Consumption& result) {
  LEDGER_TRY(const Exact before, volume_value(price, from));
  LEDGER_TRY(const Exact after, volume_value(price, to));
  LEDGER_TRY(result.value, subtract(after, before));
  add_portion(last_tier(price, to), result);
  return {};
}

Result<void> consume_graduated(const PreparedPrice& price, const Exact& from, const Exact& to, Consumption& result) {
  const std::size_t count = price.from.size();
  const Exact& least = std::min(from, to);
  const Exact& most = std::max(from, to);
  // Tiers that end at `least` or begin at `most` and beyond hold none of the units between.
  std::size_t first = count - 1;
  while (first > 0 && price.from[first] > least) --first;
  for (std::size_t i = first; i < count && (i == first || price.from[i] < most); ++i) {
    const Exact* const high = i + 1 < count ? &price.from[i + 1] : nullptr;
    LEDGER_TRY(const Exact before, within(from, price.from[i], high));
    LEDGER_TRY(const Exact after, within(to, price.from[i], high));
    LEDGER_TRY(const Exact quantity, subtract(after, before));
    if (quantity.is_zero()) continue;
    LEDGER_TRY(const Exact value, price_times(quantity, price.price->tiers[i].unit_price));
    LEDGER_CHECK(add_to(result.value, value));
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

Result<BillableUnits> split_included(const PreparedPrice& price, const Exact& before, const Exact& quantity) {
  BillableUnits units;
  LEDGER_TRY(const Exact after, add(before, quantity));
  LEDGER_TRY(units.from, billable_of(price, before));
  LEDGER_TRY(units.to, billable_of(price, after));
  LEDGER_TRY(units.consumed.billable, subtract(units.to, units.from));
  LEDGER_TRY(units.consumed.included, subtract(quantity, units.consumed.billable));
  return units;
}

Result<Consumption> consume(const PreparedPrice& price, const Exact& before, const Exact& quantity) {
  LEDGER_TRY(BillableUnits units, split_included(price, before, quantity));
  Consumption& result = units.consumed;
  if (price.price->tier_mode == TierMode::Volume) {
    LEDGER_CHECK(consume_volume(price, units.from, units.to, result));
  } else {
    LEDGER_CHECK(consume_graduated(price, units.from, units.to, result));
  }
  return std::move(result);
}

}  // namespace

Result<PreparedPrice> PreparedPrice::of(const PriceVersion& price) {
  LEDGER_INVARIANT(!price.tiers.empty());
  PreparedPrice prepared;
  prepared.price = &price;
  prepared.position = price.position;
  LEDGER_TRY(prepared.included, Exact::from(price.included_quantity));
  for (const Tier& tier : price.tiers) {
    LEDGER_TRY(const Exact from, Exact::from(tier.from));
    prepared.from.push_back(from);
  }
  return prepared;
}

Result<Consumption> consume(const PriceVersion& price, const Exact& before, const Exact& quantity) {
  LEDGER_TRY(const PreparedPrice prepared, PreparedPrice::of(price));
  return consume(prepared, before, quantity);
}

Result<Consumption> MeterConsumption::take(const PriceVersion& price, const Exact& quantity) {
  if (prepared_.price != &price || prepared_.position != price.position) {
    LEDGER_TRY(prepared_, PreparedPrice::of(price));
  }
  Result<Consumption> taken =
      price.tier_mode == TierMode::Volume ? take_volume(quantity) : consume(prepared_, consumed_, quantity);
  if (taken) LEDGER_CHECK(add_to(consumed_, quantity));
  return taken;
}

Result<Consumption> MeterConsumption::take_volume(const Exact& quantity) {
  const PriceVersion& price = *prepared_.price;
  LEDGER_TRY(BillableUnits units, split_included(prepared_, consumed_, quantity));
  Consumption& result = units.consumed;
  VolumePriced& priced = volumes_[price.position];
  LEDGER_CHECK(add_to(priced.units, result.billable));
  const std::size_t tier = last_tier(prepared_, units.to);
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
