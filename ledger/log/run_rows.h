#pragma once

#include <array>
#include <cstdint>

#include "ledger/log/bytes.h"
#include "ledger/log/run_tail.h"

/// Keys and small pieces of a run's rows; run.h has the layout.
namespace daybook::log {

enum class RunRow : std::uint8_t { Page = 0, Fences = 1, FilterHead = 2, FilterPiece = 3 };

inline constexpr std::size_t kFilterHeadBytes = 24;
inline constexpr std::size_t kFencesARow = 256;
inline constexpr std::size_t kFingerprintsAPiece = 32'768;
inline constexpr std::size_t kKeysAFilter = 1u << 22;

inline constexpr std::uint32_t kPackedPage = std::uint32_t{1} << 31;  ///< added to the page's index
inline constexpr std::size_t kPlainEntryBytes = 14;

using RunKey = std::array<std::byte, 9>;

[[nodiscard]] inline RunKey run_key(std::uint32_t id, RunRow kind, std::uint32_t index) {
  RunKey key;
  store_big32(key.data(), id);
  key[4] = static_cast<std::byte>(kind);
  store_big32(key.data() + 5, index);
  return key;
}

/// Of a page that is not packed.
[[nodiscard]] inline RunEntry read_entry(const std::byte* at) {
  const auto low = load<std::uint32_t>(at + 8);
  const auto high = load<std::uint16_t>(at + 12);
  return {load<std::uint64_t>(at), Position{low} | Position{high} << 32};
}

}  // namespace daybook::log
