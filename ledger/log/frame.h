#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/record.h"
#include "ledger/log/types.h"

/// Rows of the log: docs/reference/log_format.md, sections 2 and 3, is the layout.
namespace daybook::log {

inline constexpr std::size_t kKeyBytes = 10;
inline constexpr std::size_t kFrameHeadBytes = 32;
inline constexpr std::size_t kGroupHeadBytes = 80;     ///< of the last frame of a group
inline constexpr std::size_t kRecordHeadBytes = 16;
inline constexpr std::size_t kFrameRawBytes = 65'536;  ///< where a frame of several records ends
inline constexpr std::size_t kFrameRawBytesMax = kRecordHeadBytes + kEventBytesMax;
inline constexpr std::size_t kCompressFrom = 4'096;    ///< smaller frames are left to RocksDB's blocks
inline constexpr std::uint8_t kFrameFormat = 1;

using Key = std::array<std::byte, kKeyBytes>;

/// Key of the row whose first record is at `first`.
[[nodiscard]] Key key_of(Position first);

/// The position that such a key names; `otherwise` for what is none.
[[nodiscard]] Position position_in(Bytes key, Position otherwise);

/// The part of a group's last frame that ends the group.
struct GroupEnd {
  std::uint64_t epoch = 0;
  Position first = 0;
  Hash chain{};
};

/// What the head of a row says.
struct FrameHead {
  Position first = 0;
  std::uint32_t count = 0;
  std::uint32_t raw_bytes = 0;
  Codec codec = Codec::Raw;
  bool ends_group = false;
  std::int64_t recorded_at = 0;
  std::uint64_t type_mask = 0;
  GroupEnd group;  ///< only where `ends_group`

  [[nodiscard]] Position last() const { return first + count - 1; }
};

/// Reads a row's head and checks everything that can be checked without decompressing, the checksum
/// first of all. Total on any bytes. Errors: LOG_DAMAGED (Corruption); LOG_FORMAT_NEWER (Unavailable).
[[nodiscard]] Result<FrameHead> read_frame_head(Bytes key, Bytes value);

/// Takes rows apart. Keeps its memory: one for each thread, or each scan.
class FrameReader {
 public:
  FrameReader();
  ~FrameReader();
  FrameReader(FrameReader&&) noexcept;

  /// The records of a row whose head has been read. Valid until the next call; `value` need not stay.
  /// Event bytes are 8-byte aligned. Total on any bytes. Errors: LOG_DAMAGED.
  [[nodiscard]] Result<std::span<const RecordView>> records(const FrameHead& head, Bytes value);

 private:
  struct Contexts;
  [[nodiscard]] Result<void> unpack(const FrameHead& head, Bytes body);

  std::unique_ptr<Contexts> contexts_;
  std::vector<std::uint64_t> raw_;  // words, for the alignment
  std::vector<RecordView> records_;
};

/// Puts rows together. Keeps its memory: no allocation after warm-up.
class FrameWriter {
 public:
  explicit FrameWriter(Codec codec);
  ~FrameWriter();

  /// Begins a frame whose first record will be at `first`.
  void begin(Position first, std::int64_t recorded_at);

  /// Is there room for an event of `event_bytes`? An empty frame has room for any.
  [[nodiscard]] bool has_room(std::size_t event_bytes) const;

  void add(const NewRecord& record);

  [[nodiscard]] std::uint32_t count() const { return count_; }

  /// The row's value; valid until the next `begin`. `end` for the last frame of a group, else null.
  [[nodiscard]] Bytes finish(const GroupEnd* end);

 private:
  struct Contexts;
  std::size_t pack(std::size_t head_bytes);

  Codec codec_;
  std::unique_ptr<Contexts> contexts_;
  std::vector<std::byte> raw_;
  std::vector<std::byte> value_;
  std::size_t raw_bytes_ = 0;
  Position first_ = 0;
  std::int64_t recorded_at_ = 0;
  std::uint64_t type_mask_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace daybook::log
