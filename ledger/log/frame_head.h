#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/log/types.h"

/// Offsets inside a row's value and a record's head, as docs/reference/log_format.md gives them.
namespace daybook::log::layout {

inline constexpr std::size_t kFormat = 0;
inline constexpr std::size_t kCodec = 1;
inline constexpr std::size_t kFlags = 2;
inline constexpr std::size_t kCount = 4;
inline constexpr std::size_t kRawBytes = 8;
inline constexpr std::size_t kRecordedAt = 12;
inline constexpr std::size_t kTypeMask = 20;
inline constexpr std::size_t kChecksum = 28;
inline constexpr std::size_t kEpoch = 32;
inline constexpr std::size_t kGroupFirst = 40;
inline constexpr std::size_t kChain = 48;

inline constexpr std::uint16_t kFlagEndsGroup = 1;

inline constexpr std::size_t kSize = 0;
inline constexpr std::size_t kStream = 4;
inline constexpr std::size_t kVersion = 8;
inline constexpr std::size_t kType = 12;
inline constexpr std::size_t kCode = 14;
inline constexpr std::size_t kReserved = 15;

}  // namespace daybook::log::layout

namespace daybook::log {

/// The checksum of a row: over key and value but its own four bytes.
[[nodiscard]] std::uint32_t row_checksum(Bytes key, Bytes value);

}  // namespace daybook::log
