#include "ledger/codec/event_view.h"

namespace daybook::codec {

Decimal EventView::decimal_at(const std::byte* at) {
  const auto low = load<std::uint64_t>(at);
  const auto high = load<std::uint64_t>(at + 8);
  const auto scale = load<std::uint8_t>(at + 16);
  // A whole number that fits is what nearly every quantity is.
  const auto whole = static_cast<std::int64_t>(low);
  if (scale == 0 && static_cast<std::int64_t>(high) == (whole < 0 ? -1 : 0)) return Decimal(whole);
  const auto coefficient = static_cast<Int128>((static_cast<UInt128>(high) << 64) | low);
  return Decimal::from_parts(coefficient, scale).value();
}

}  // namespace daybook::codec
