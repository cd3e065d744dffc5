#include "projections/usage/usage_shape.h"

#include <cstring>

#include "ledger/domain/invariant.h"
#include "projections/usage/bytes.h"

namespace daybook::projections {

std::size_t UsageShape::put(std::string& out) const {
  const std::size_t start = out.size();
  const bool own_value = value_kind != ValueKind::Price;
  out.push_back(static_cast<char>(charge_type));
  out.push_back(static_cast<char>(static_cast<unsigned>(pricing_model) |
                                  static_cast<unsigned>(publisher_type) << 2 |
                                  (is_credit_eligible ? 0x10U : 0U) | (own_value ? 0x20U : 0U)));
  if (currency) {
    out.append(currency->text());
  } else {
    out.append(3, '\0');
  }
  put_text(out, meter_id);
  put_text(out, category);
  put_text(out, region);
  put_text(out, unit);
  const std::size_t cell_length = out.size() - start;
  out.push_back(static_cast<char>(value_kind));
  put_text(out, meter_name);
  put_text(out, resource_id);
  put_text(out, resource_group);
  put_varint(out, tags.size());
  for (const auto& [key, value] : tags) {
    put_text(out, key);
    put_text(out, value);
  }
  return cell_length;
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
