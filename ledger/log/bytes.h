#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "ledger/log/types.h"

/// Integers in bytes: little-endian everywhere but in keys, which sort (big-endian).
namespace daybook::log {

static_assert(std::endian::native == std::endian::little, "loads and stores below are plain copies");

template <class Integer>
[[nodiscard]] inline Integer load(const std::byte* from) {
  Integer value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class Integer>
inline void store(std::byte* to, Integer value) {
  std::memcpy(to, &value, sizeof value);
}

[[nodiscard]] inline std::uint64_t load_big64(const std::byte* from) {
  return __builtin_bswap64(load<std::uint64_t>(from));
}

inline void store_big64(std::byte* to, std::uint64_t value) { store(to, __builtin_bswap64(value)); }

[[nodiscard]] inline std::uint32_t load_big32(const std::byte* from) {
  return __builtin_bswap32(load<std::uint32_t>(from));
}

inline void store_big32(std::byte* to, std::uint32_t value) { store(to, __builtin_bswap32(value)); }

/// `value` as bytes at the end of `out`.
template <class Integer>
inline void append_bytes(std::string& out, Integer value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(Bytes bytes);

/// The bytes that `text` spells in hexadecimal of either case, exactly `out.size()` of them; else false.
[[nodiscard]] bool from_hex(std::string_view text, std::span<std::byte> out);

}  // namespace daybook::log
