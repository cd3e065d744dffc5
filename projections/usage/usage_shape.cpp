#include "projections/usage/usage_shape.h"

#include "ledger/domain/invariant.h"
#include "projections/usage/bytes.h"

namespace daybook::projections {

std::string_view UsageShape::stored(std::string& room) const {
  std::size_t most = 16 + 8 * kVarintBytes + meter_id.size() + category.size() + region.size() + unit.size() +
                     meter_name.size() + resource_id.size() + resource_group.size();
  for (const auto& [key, value] : tags) most += 2 * kVarintBytes + key.size() + value.size();
  if (room.size() < most) room.resize(most);
  BytesAt put(room.data());
  put.u8(static_cast<unsigned>(charge_type));
  put.u8(static_cast<unsigned>(pricing_model) | static_cast<unsigned>(publisher_type) << 2 | (is_credit_eligible ? 0x10U : 0U) |
         (value_kind != ValueKind::Price ? 0x20U : 0U));
  put.bytes(currency ? currency->text() : std::string_view("\0\0\0", 3));
  put.text(meter_id);
  put.text(category);
  put.text(region);
  put.text(unit);
  put.u8(static_cast<unsigned>(value_kind));
  put.text(meter_name);
  put.text(resource_id);
  put.text(resource_group);
  put.varint(tags.size());
  for (const auto& [key, value] : tags) {
    put.text(key);
    put.text(value);
  }
  return {room.data(), put.end()};
}

UsageShape UsageShape::take(std::string_view stored) {
  ByteReader bytes(stored);
  UsageShape shape;
  shape.charge_type = static_cast<ChargeType>(bytes.u8());
  const std::uint8_t flags = bytes.u8();
  shape.pricing_model = static_cast<PricingModel>(flags & 3);
  shape.publisher_type = static_cast<PublisherType>(flags >> 2 & 3);
  shape.is_credit_eligible = (flags & 0x10) != 0;
  shape.value_kind = (flags & 0x20) != 0 ? ValueKind::Cost : ValueKind::Price;
  const std::string_view code = bytes.bytes(3);
  if (code[0] != '\0') {
    const auto currency = Currency::parse(code);
    LEDGER_INVARIANT(currency.has_value());
    shape.currency = *currency;
  }
  shape.meter_id = bytes.text();
  shape.category = bytes.text();
  shape.region = bytes.text();
  shape.unit = bytes.text();
  if (bytes.done()) return shape;
  shape.value_kind = static_cast<ValueKind>(bytes.u8());
  shape.meter_name = bytes.text();
  shape.resource_id = bytes.text();
  shape.resource_group = bytes.text();
  for (std::uint64_t left = bytes.varint(); left > 0; --left) {
    const std::string_view key = bytes.text();
    shape.tags.emplace_back(key, bytes.text());
  }
  return shape;
}

std::size_t UsageShape::cell_part(std::string_view stored) {
  ByteReader bytes(stored);
  static_cast<void>(bytes.bytes(5));
  for (int text = 0; text < 4; ++text) static_cast<void>(bytes.text());
  return stored.size() - bytes.rest().size();
}

}  // namespace daybook::projections
