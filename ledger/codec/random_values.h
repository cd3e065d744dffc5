#pragma once

#include <cstdint>
#include <string>

#include "ledger/codec/type_info.h"

namespace daybook::codec {

/// Random values of described types, the same for the same seed: for tests, benches and the
/// simulator.
class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : state_(seed) {}

  /// SplitMix64.
  [[nodiscard]] std::uint64_t u64();
  /// In [0, bound); `bound` > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return u64() % bound; }
  [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }

  /// Up to `longest` characters of every length of UTF-8, none of them a control character.
  [[nodiscard]] std::string text(std::size_t shortest, std::size_t longest);
  [[nodiscard]] std::string identifier();

  /// Draws every member of `object`, which is as constructed: all that JSON and the bytes can
  /// carry.
  void fill(const TypeInfo& info, void* object);

 private:
  void fill_integer(const TypeInfo& info, void* object);
  [[nodiscard]] Decimal decimal();
  [[nodiscard]] Currency currency();
  [[nodiscard]] Date date();
  [[nodiscard]] std::string json();

  std::uint64_t state_;
};

}  // namespace daybook::codec
