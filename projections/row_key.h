#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/time.h"

namespace daybook::projections {

/// Keys of rows, made so that the order of their bytes is the order of what they name.
///
/// Numbers are big-endian; a civil date is its day count with the sign bit turned; text is escaped
/// (0x00 → 0x00 0xff) and ends with 0x00 0x00, so that "a" stands before "ab" and no text can run
/// into the part after it. `~x` stands for all bits turned: newest first.
class KeyWriter {
 public:
  KeyWriter() = default;
  explicit KeyWriter(std::string& out) : out_(&out) { out.clear(); }

  KeyWriter& u8(std::uint8_t value) {
    out().push_back(static_cast<char>(value));
    return *this;
  }
  KeyWriter& u16(std::uint16_t value) { return big_endian(value, 2); }
  KeyWriter& u32(std::uint32_t value) { return big_endian(value, 4); }
  KeyWriter& u64(std::uint64_t value) { return big_endian(value, 8); }
  KeyWriter& newest_first(std::uint64_t value) { return u64(~value); }
  KeyWriter& day(Date value) { return u32(static_cast<std::uint32_t>(value.days) ^ 0x8000'0000U); }
  KeyWriter& day_newest_first(Date value) {
    return u32(~(static_cast<std::uint32_t>(value.days) ^ 0x8000'0000U));
  }
  KeyWriter& text(std::string_view value);
  KeyWriter& raw(std::string_view bytes) {
    out().append(bytes);
    return *this;
  }

  [[nodiscard]] const std::string& key() const { return out_ ? *out_ : own_; }
  [[nodiscard]] std::string take() { return std::move(out()); }

 private:
  std::string& out() { return out_ ? *out_ : own_; }
  KeyWriter& big_endian(std::uint64_t value, int bytes) {
    char buffer[8];
    for (int i = 0; i < bytes; ++i) buffer[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
    out().append(buffer, static_cast<std::size_t>(bytes));
    return *this;
  }

  std::string own_;
  std::string* out_ = nullptr;
};

/// Reads back what `KeyWriter` wrote. Our own bytes: a key that ends early is a broken invariant.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : rest_(key) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
  std::uint64_t u64() { return big_endian(8); }
  std::uint64_t newest_first() { return ~u64(); }
  Date day() { return Date{static_cast<std::int32_t>(u32() ^ 0x8000'0000U)}; }
  Date day_newest_first() { return Date{static_cast<std::int32_t>(~u32() ^ 0x8000'0000U)}; }
  std::string text();
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::uint64_t big_endian(int bytes);

  std::string_view rest_;
};

/// The first key after all keys that begin with `prefix`; empty when there is none.
[[nodiscard]] std::string after_prefix(std::string_view prefix);

}  // namespace daybook::projections
