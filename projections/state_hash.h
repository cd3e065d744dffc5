#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::projections {

/// The state hash of a view: the sum modulo 2^256 of SHA-256(length of key ‖ key ‖ value) over its
/// logical rows.
///
/// A sum does not care in which order rows came, who kept them or how they are packed, and a row
/// that goes is subtracted again: so a live view, a rebuilt one and a replica agree. A self-check,
/// not a commitment.
class StateHash {
 public:
  void add(std::string_view key, std::string_view value);
  void subtract(std::string_view key, std::string_view value);
  /// A row whose bytes lie in one piece: length of key:4, the lowest byte first ‖ key ‖ value.
  void add(std::string_view row);
  void add(const StateHash& other);

  [[nodiscard]] std::string hex() const;
  /// 32 bytes, big-endian.
  [[nodiscard]] std::string bytes() const;
  [[nodiscard]] static StateHash from_bytes(std::string_view bytes);

  friend bool operator==(const StateHash&, const StateHash&) = default;

 private:
  std::array<std::uint64_t, 4> limbs_{};  // least significant first
};

}  // namespace daybook::projections
