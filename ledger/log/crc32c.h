#pragma once

#include <cstdint>

#include "ledger/log/types.h"

namespace daybook::log {

/// CRC-32C (Castagnoli) of `bytes`, going on from `before`, the value over the bytes before them (0: none).
/// Uses the processor's instruction where there is one.
[[nodiscard]] std::uint32_t crc32c(Bytes bytes, std::uint32_t before = 0);

/// The same by table: for processors without the instruction, and to check the other.
[[nodiscard]] std::uint32_t crc32c_by_table(Bytes bytes, std::uint32_t before = 0);

}  // namespace daybook::log
