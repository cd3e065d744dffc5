#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

/// SHA-256 (FIPS 180-4), OpenSSL's. Allocates nothing.
[[nodiscard]] std::array<std::uint8_t, 32> sha256_of(std::string_view text);
/// The same in lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view text);
/// Any bytes in lower-case hexadecimal.
[[nodiscard]] std::string hex_of(const std::vector<std::byte>& bytes);

}  // namespace daybook
