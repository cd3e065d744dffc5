#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

/// Bytes in lower-case hexadecimal, as answers show hashes.
[[nodiscard]] inline std::string hex_of(const std::vector<std::byte>& bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte each : bytes) {
    text.push_back(kHex[std::to_integer<std::size_t>(each >> 4)]);
    text.push_back(kHex[std::to_integer<std::size_t>(each & std::byte{0xF})]);
  }
  return text;
}

}  // namespace daybook
