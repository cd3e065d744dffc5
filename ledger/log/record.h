#pragma once

#include <cstdint>
#include <vector>

#include "ledger/log/types.h"

namespace daybook::log {

/// Limits of the format; breaking one is a programmer's mistake (LEDGER_INVARIANT).
inline constexpr std::size_t kEventBytesMax = 1u << 20;
inline constexpr std::size_t kGroupBytesMax = 16u << 20;  ///< raw: 16 + size, padded to 8, an event

/// What the caller brings for one event. `event` must stay there until `append` returns.
struct NewRecord {
  std::uint32_t stream = 0;   ///< number of its stream, in order of first appearance
  std::uint32_t version = 0;  ///< its place in the stream, from 1
  std::uint16_t type = 0;
  std::uint8_t code = 0;      ///< what admission found; 0: nothing
  Bytes event;                ///< canonical event bytes, 1 to kEventBytesMax
  Hash leaf{};                ///< leaf_hash(event), made where the bytes were made
};

/// One event of the log, while the frame it lies in is in hand.
struct RecordView {
  Position position = 0;
  std::int64_t recorded_at = 0;  ///< microseconds, UTC; never descends
  std::uint32_t stream = 0;
  std::uint32_t version = 0;
  std::uint16_t type = 0;
  std::uint8_t code = 0;
  Bytes event;  ///< 8-byte aligned
};

/// One event, with bytes of its own.
struct StoredRecord {
  Position position = 0;
  std::int64_t recorded_at = 0;
  std::uint32_t stream = 0;
  std::uint32_t version = 0;
  std::uint16_t type = 0;
  std::uint8_t code = 0;
  std::vector<std::byte> event;
};

/// Bit of a type in a type mask.
[[nodiscard]] constexpr std::uint64_t type_bit(std::uint16_t type) { return 1ull << (type % 64); }
inline constexpr std::uint64_t kAllTypes = ~0ull;

/// How frames are compressed on their way to the disk. Any log holds any mixture.
enum class Codec : std::uint8_t { Raw = 0, Zstd = 1, Lz4 = 2 };

/// The newest of the log, or the state after some group.
struct Head {
  Position position = 0;         ///< of the last event; 0 in an empty log
  Hash chain{};                  ///< after the group that ends there
  Hash root{};                   ///< of the tree over events 1 … position
  std::uint64_t epoch = 0;       ///< under which that group was written; 0 in an empty log
  std::int64_t recorded_at = 0;  ///< of that group
  LedgerId ledger_id{};
  friend bool operator==(const Head&, const Head&) = default;
};

}  // namespace daybook::log
