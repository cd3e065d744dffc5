#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace daybook::projections {

/// Brings `items` into ascending order of the 64 bits that `key_of` gives, those of one key in the order in which they
/// lie. Goes over them once for each byte in which keys differ: of millions of rows of few streams and days that is two or
/// three times, where comparing takes twenty.
template <class T, class KeyOf>
void order_by(std::vector<T>& items, const KeyOf& key_of) {
  std::array<std::array<std::uint32_t, 256>, 8> counts{};
  for (const T& item : items) {
    const std::uint64_t key = key_of(item);
    for (std::size_t byte = 0; byte < 8; ++byte) ++counts[byte][key >> (8 * byte) & 0xff];
  }
  std::vector<T> other;
  for (std::size_t byte = 0; byte < 8; ++byte) {
    std::array<std::uint32_t, 256>& places = counts[byte];
    if (items.empty() || places[key_of(items.front()) >> (8 * byte) & 0xff] == items.size()) continue;  // all alike
    std::uint32_t next = 0;
    for (std::uint32_t& place : places) next += std::exchange(place, next);
    other.resize(items.size());
    for (const T& item : items) other[places[key_of(item) >> (8 * byte) & 0xff]++] = item;
    items.swap(other);
  }
}

}  // namespace daybook::projections
