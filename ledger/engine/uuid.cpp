#include "ledger/engine/uuid.h"

#include <string_view>

namespace daybook::engine {

std::string uuid_v7(std::int64_t unix_millis, std::uint64_t random_high, std::uint64_t random_low) {
  constexpr std::uint64_t kVersion7 = 0x7000;
  constexpr std::uint64_t kVariant = std::uint64_t{1} << 63;
  const std::uint64_t high =
      (static_cast<std::uint64_t>(unix_millis) << 16) | kVersion7 | (random_high & 0x0fff);
  const std::uint64_t low = kVariant | (random_low >> 2);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) text.push_back('-');
    const std::uint64_t half = nibble < 16 ? high : low;
    text.push_back(kDigits[(half >> (60 - 4 * (nibble % 16))) & 0xf]);
  }
  return text;
}

}  // namespace daybook::engine
