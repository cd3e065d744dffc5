#pragma once

#include <cstdint>
#include <string_view>

#include "ledger/log/rng.h"

namespace daybook::simulation {

/// The stream of `domain` ("workload", "crash" …) of a seed. Each purpose draws from its own, so that a change to what
/// one of them draws leaves the others as they were.
[[nodiscard]] inline log::SeededRng stream(std::uint64_t seed, std::string_view domain) {
  std::uint64_t tag = 0xCBF29CE484222325ull;
  for (const char c : domain) tag = (tag ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return log::SeededRng(log::SeededRng(seed ^ tag).u64() ^ tag);
}

}  // namespace daybook::simulation
