#include "projections/usage/usage_input.h"

#include "ledger/codec/event_view.h"
#include "ledger/domain/invariant.h"

namespace daybook::projections {

void read_usage(std::span<const std::byte> event, UsageInput& input) {
  const codec::EventView view(event);
  LEDGER_INVARIANT(view.type() == EventType::UsageRecorded);
  input.subscription_id = view.usage_subscription_id();
  input.usage_id = view.usage_id();
  input.source = view.source();
  input.usage_date = view.usage_date();
  input.quantity = view.usage_quantity();

  UsageShape& shape = input.shape;
  shape.meter_id = view.usage_meter_id();
  shape.category = view.usage_category();
  shape.region = view.usage_region();
  shape.unit = view.usage_unit();
  shape.currency.reset();
  shape.charge_type = view.usage_charge_type();
  shape.pricing_model = view.usage_pricing_model().value_or(PricingModel::OnDemand);
  shape.publisher_type = view.usage_publisher_type().value_or(PublisherType::Azure);
  LEDGER_INVARIANT(static_cast<unsigned>(shape.pricing_model) < 4 &&
                   static_cast<unsigned>(shape.publisher_type) < 4);
  shape.is_credit_eligible =
      view.usage_is_credit_eligible().value_or(shape.publisher_type != PublisherType::Marketplace);
  shape.meter_name = view.usage_meter_name();
  shape.resource_id = view.usage_resource_id();
  shape.resource_group = view.usage_resource_group();
  shape.tags.clear();
  view.each_usage_tag(
      [&](std::string_view key, std::string_view value) { shape.tags.emplace_back(key, value); });

  input.own_value = Decimal(0);
  shape.value_kind = ValueKind::Price;
  if (!view.usage_has_own_value()) return;
  shape.currency = view.usage_currency();
  if (const auto cost = view.usage_cost()) {
    shape.value_kind = ValueKind::Cost;
    input.own_value = *cost;
  } else {
    shape.value_kind = ValueKind::UnitPrice;
    input.own_value = *view.usage_unit_price();
  }
}

std::uint32_t hash_of_usage_id(std::string_view usage_id) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: the same on every machine, for it is stored
  for (char c : usage_id) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace daybook::projections
