#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "ledger/domain/decimal.h"

namespace daybook::projections {

/// Appends small numbers and texts in few bytes.
///
///   varint   7 bits a byte, the lowest first, high bit: more follow
///   decimal  u8 { scale: 5 bits, 0x20 negative } ‖ varint of |coefficient|
///   text     varint length ‖ bytes
inline void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void put_decimal(std::string& out, Decimal value);
/// The same at `out`, which has room for `kDecimalBytes`; returns the end.
char* put_decimal(char* out, Decimal value);
inline constexpr std::size_t kDecimalBytes = 20;  ///< at most: 38 digits are 127 bits

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

/// Writes the same where there is room for it: every row of usage brings eight texts.
class BytesAt {
 public:
  explicit BytesAt(char* at) : at_(at) {}

  void u8(unsigned value) { *at_++ = static_cast<char>(value); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at_++ = static_cast<char>(value | 0x80);
    *at_++ = static_cast<char>(value);
  }
  void bytes(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void text(std::string_view text) {
    varint(text.size());
    bytes(text);
  }
  [[nodiscard]] char* end() const { return at_; }

 private:
  char* at_;
};
inline constexpr std::size_t kVarintBytes = 10;  ///< at most

/// Reads them back. Our own bytes: what ends early is a broken invariant.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] std::uint64_t varint() {
    if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80) [[likely]] {
      return static_cast<std::uint8_t>(*at_++);
    }
    return long_varint();
  }
  [[nodiscard]] Decimal decimal();
  [[nodiscard]] std::string_view text() { return bytes(varint()); }
  [[nodiscard]] std::string_view bytes(std::uint64_t count);
  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(bytes(1)[0]); }
  [[nodiscard]] std::uint32_t u32();
  [[nodiscard]] bool done() const { return at_ == end_; }
  [[nodiscard]] std::string_view rest() const {
    return {at_, static_cast<std::size_t>(end_ - at_)};
  }

 private:
  std::uint64_t long_varint();

  const char* at_;
  const char* end_;
};

}  // namespace daybook::projections
