#include "projections/usage/bytes.h"

#include <array>
#include <bit>
#include <cstring>

#include "ledger/domain/invariant.h"

namespace daybook::projections {

static_assert(std::endian::native == std::endian::little, "numbers lie in views with the lowest byte first");

char* put_decimal(char* out, Decimal value) {
  *out++ = static_cast<char>(value.scale() | (value.is_negative() ? 0x20 : 0));
  UInt128 magnitude = value.magnitude();
  for (; (magnitude >> 64) != 0; magnitude >>= 7) *out++ = static_cast<char>(static_cast<std::uint8_t>(magnitude) | 0x80);
  auto rest = static_cast<std::uint64_t>(magnitude);
  for (; rest >= 0x80; rest >>= 7) *out++ = static_cast<char>(rest | 0x80);
  *out++ = static_cast<char>(rest);
  return out;
}

void put_decimal(std::string& out, Decimal value) {
  std::array<char, kDecimalBytes> bytes;
  out.append(bytes.data(), put_decimal(bytes.data(), value));
}

Decimal ByteReader::decimal() {
  const std::uint8_t head = u8();
  UInt128 magnitude = 0;
  for (int shift = 0;; shift += 7) {
    LEDGER_INVARIANT(at_ != end_ && shift < 128);
    const auto byte = static_cast<std::uint8_t>(*at_++);
    magnitude |= static_cast<UInt128>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const auto coefficient = static_cast<Int128>(magnitude);
  const int scale = head & 0x1f;
  if (scale == 0 && magnitude <= static_cast<UInt128>(INT64_MAX)) {
    const auto small = static_cast<std::int64_t>(magnitude);
    return Decimal((head & 0x20) != 0 ? -small : small);
  }
  auto value = Decimal::from_parts((head & 0x20) != 0 ? -coefficient : coefficient, scale);
  LEDGER_INVARIANT(value.has_value());
  return *value;
}

std::string_view ByteReader::bytes(std::uint64_t count) {
  LEDGER_INVARIANT(count <= static_cast<std::uint64_t>(end_ - at_));
  const std::string_view found(at_, count);
  at_ += count;
  return found;
}

std::uint32_t ByteReader::u32() {
  std::uint32_t value;
  std::memcpy(&value, bytes(4).data(), 4);
  return value;
}

std::uint64_t ByteReader::long_varint() {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    LEDGER_INVARIANT(at_ != end_ && shift < 64);
    const auto byte = static_cast<std::uint8_t>(*at_++);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

}  // namespace daybook::projections
