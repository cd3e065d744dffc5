#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"
#include "projections/row_key.h"

/// Rows of `usage.v2`. Rows of one usage stream (`UsageLedger:sub-01`) lie together, and the
/// streams of a shard too: the shard is the stream's number modulo 64.
///
///   shard:u8 ‖ 2 ‖ stream:u32 ‖ day ‖ first position:u64              packed rows (pack.h)
///   shard:u8 ‖ 3 ‖ stream:u32 ‖ day ‖ row position:u64 ‖ ~position    a row as corrected at that position
///   shard:u8 ‖ 4 ‖ stream:u32 ‖ day ‖ cell part of a shape            cell (cell.h)
///   shard:u8 ‖ 5 ‖ stream:u32 ‖ day                                   last position of an event about that day
///   shard:u8 ‖ 6 ‖ stream:u32 ‖ day ‖ position:u64                    ∅: a row that matched nothing when it came
///   0x40 ‖ subscription id                                            StreamRow
///
/// Logical rows in the state hash: each row of a pack under `1 ‖ stream ‖ day ‖ position` (so the
/// packing does not count), all others as they are.
namespace daybook::projections {

inline constexpr std::string_view kUsage = "usage";
inline constexpr std::uint32_t kShards = 64;

enum class UsageTable : std::uint8_t {
  Row = 1,
  Pack = 2,
  Correction = 3,
  Cell = 4,
  Day = 5,
  Unmatched = 6
};

/// The prefix of all rows of a stream in one table.
[[nodiscard]] inline std::string stream_prefix(UsageTable table, std::uint32_t stream) {
  return KeyWriter()
      .u8(static_cast<std::uint8_t>(stream % kShards))
      .u8(static_cast<std::uint8_t>(table))
      .u32(stream)
      .take();
}
[[nodiscard]] inline std::string day_prefix(UsageTable table, std::uint32_t stream, Date day) {
  return KeyWriter()
      .u8(static_cast<std::uint8_t>(stream % kShards))
      .u8(static_cast<std::uint8_t>(table))
      .u32(stream)
      .day(day)
      .take();
}
inline constexpr std::size_t kDayPrefixSize = 10;

/// The key of a logical row in the state hash.
[[nodiscard]] inline std::string row_hash_key(std::uint32_t stream, Date day, Position position) {
  return KeyWriter()
      .u8(static_cast<std::uint8_t>(UsageTable::Row))
      .u32(stream)
      .day(day)
      .u64(position)
      .take();
}

[[nodiscard]] inline std::string stream_of_key(std::string_view subscription) {
  return KeyWriter().u8(kShards).raw(subscription).take();
}

/// What is under `stream_of_key`: stream:u32, and ‖ 1 once a row of it was corrected.
struct StreamRow {
  std::uint32_t stream = 0;
  bool is_corrected = false;  ///< else its table of corrections need not be read

  [[nodiscard]] std::string encode() const {
    KeyWriter value;
    value.u32(stream);
    if (is_corrected) value.u8(1);
    return value.take();
  }
  [[nodiscard]] static StreamRow decode(std::string_view value) {
    return {KeyReader(value).u32(), value.size() > sizeof(std::uint32_t)};
  }
};

}  // namespace daybook::projections
