#include <cstring>

#include <lz4.h>
#include <zstd.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/frame.h"
#include "ledger/log/frame_head.h"

namespace daybook::log {
namespace {

tl::unexpected<Error> frame_damaged(Position first, const char* what) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "the frame of the log at position " + std::to_string(first) + ": " + what);
}

}  // namespace

Key key_of(Position first) {
  Key key{};  // part 0
  store_big64(key.data() + 2, first);
  return key;
}

Position position_in(Bytes key, Position otherwise) { return key.size() == kKeyBytes ? load_big64(key.data() + 2) : otherwise; }

std::uint32_t row_checksum(Bytes key, Bytes value) {
  std::uint32_t crc = crc32c(key);
  crc = crc32c(value.first(layout::kChecksum), crc);
  return crc32c(value.subspan(layout::kChecksum + 4), crc);
}

Result<FrameHead> read_frame_head(Bytes key, Bytes value) {
  if (key.size() != kKeyBytes || key[0] != std::byte{0} || key[1] != std::byte{0}) {
    return failed(ErrorKind::Corruption, "LOG_DAMAGED", "a row of the log has a foreign key");
  }
  FrameHead head;
  head.first = load_big64(key.data() + 2);
  if (value.size() < kFrameHeadBytes) {
    return frame_damaged(head.first, "shorter than its head");
  }
  const std::byte* const at = value.data();
  if (load<std::uint32_t>(at + layout::kChecksum) != row_checksum(key, value)) {
    return frame_damaged(head.first, "its checksum differs");
  }
  // Whoever wrote this wrote it whole; from here on only another program's mistakes are met.
  const auto format = load<std::uint8_t>(at + layout::kFormat);
  if (format > kFrameFormat) {
    return failed(ErrorKind::Unavailable, "LOG_FORMAT_NEWER",
                  "the frame at position " + std::to_string(head.first) +
                      " was written by a newer version; run that version or a later one");
  }
  const auto codec = load<std::uint8_t>(at + layout::kCodec);
  const auto flags = load<std::uint16_t>(at + layout::kFlags);
  head.count = load<std::uint32_t>(at + layout::kCount);
  head.raw_bytes = load<std::uint32_t>(at + layout::kRawBytes);
  head.recorded_at = load<std::int64_t>(at + layout::kRecordedAt);
  head.type_mask = load<std::uint64_t>(at + layout::kTypeMask);
  if (format != kFrameFormat || codec > static_cast<std::uint8_t>(Codec::Lz4) ||
      (flags & ~layout::kFlagEndsGroup) != 0) {
    return frame_damaged(head.first, "an unknown format, codec or flag");
  }
  head.codec = static_cast<Codec>(codec);
  head.ends_group = flags == layout::kFlagEndsGroup;
  const std::size_t raw_limit = head.count > 1 ? kFrameRawBytes : kFrameRawBytesMax;
  if (head.first == 0 || head.count == 0 || head.first + head.count < head.first ||
      head.raw_bytes > raw_limit ||
      head.raw_bytes < std::uint64_t{head.count} * (kRecordHeadBytes + 8)) {
    return frame_damaged(head.first, "its size or count cannot be");
  }
  const std::size_t head_bytes = head.ends_group ? kGroupHeadBytes : kFrameHeadBytes;
  if (value.size() < head_bytes ||
      (head.codec == Codec::Raw && value.size() - head_bytes != head.raw_bytes)) {
    return frame_damaged(head.first, "its length is not what its head says");
  }
  if (head.ends_group) {
    head.group.epoch = load<std::uint64_t>(at + layout::kEpoch);
    head.group.first = load<std::uint64_t>(at + layout::kGroupFirst);
    std::memcpy(head.group.chain.data(), at + layout::kChain, head.group.chain.size());
    if (head.group.first == 0 || head.group.first > head.first) {
      return frame_damaged(head.first, "its group begins after it");
    }
  }
  return head;
}

struct FrameReader::Contexts {
  ZSTD_DCtx* zstd = ZSTD_createDCtx();
  ~Contexts() { ZSTD_freeDCtx(zstd); }
};

FrameReader::FrameReader() : contexts_(std::make_unique<Contexts>()) {
  LEDGER_INVARIANT(contexts_->zstd != nullptr);
}
FrameReader::~FrameReader() = default;
FrameReader::FrameReader(FrameReader&&) noexcept = default;

Result<void> FrameReader::unpack(const FrameHead& head, Bytes body) {
  const std::size_t words = (head.raw_bytes + 7) / 8;
  if (raw_.size() < words) {
    raw_.resize(words);
  }
  std::size_t size = 0;
  if (head.codec == Codec::Zstd) {
    size = ZSTD_decompressDCtx(contexts_->zstd, raw_.data(), head.raw_bytes, body.data(), body.size());
    if (ZSTD_isError(size) != 0) {
      return frame_damaged(head.first, "it cannot be decompressed");
    }
  } else if (head.codec == Codec::Lz4) {
    const int got = LZ4_decompress_safe(
        reinterpret_cast<const char*>(body.data()), reinterpret_cast<char*>(raw_.data()),
        static_cast<int>(body.size()), static_cast<int>(head.raw_bytes));
    if (got < 0) {
      return frame_damaged(head.first, "it cannot be decompressed");
    }
    size = static_cast<std::size_t>(got);
  } else {
    std::memcpy(raw_.data(), body.data(), body.size());
    size = body.size();
  }
  if (size != head.raw_bytes) {
    return frame_damaged(head.first, "its raw length differs");
  }
  return {};
}

Result<std::span<const RecordView>> FrameReader::records(const FrameHead& head, Bytes value) {
  const std::size_t head_bytes = head.ends_group ? kGroupHeadBytes : kFrameHeadBytes;
  LEDGER_INVARIANT(value.size() >= head_bytes);
  if (auto unpacked = unpack(head, value.subspan(head_bytes)); !unpacked) {
    return tl::unexpected(unpacked.error());
  }
  records_.resize(head.count);
  const std::byte* at = reinterpret_cast<const std::byte*>(raw_.data());
  std::size_t left = head.raw_bytes;
  std::uint64_t type_mask = 0;
  for (std::uint32_t i = 0; i < head.count; ++i) {
    if (left < kRecordHeadBytes) {
      return frame_damaged(head.first + i, "a record is cut short");
    }
    const std::size_t size = load<std::uint32_t>(at + layout::kSize);
    const std::size_t padded = (size + 7) / 8 * 8;
    if (size == 0 || size > kEventBytesMax || padded > left - kRecordHeadBytes ||
        at[layout::kReserved] != std::byte{0}) {
      return frame_damaged(head.first + i, "a record's head cannot be");
    }
    RecordView& record = records_[i];
    record.position = head.first + i;
    record.recorded_at = head.recorded_at;
    record.stream = load<std::uint32_t>(at + layout::kStream);
    record.version = load<std::uint32_t>(at + layout::kVersion);
    record.type = load<std::uint16_t>(at + layout::kType);
    record.code = load<std::uint8_t>(at + layout::kCode);
    record.event = Bytes(at + kRecordHeadBytes, size);
    type_mask |= type_bit(record.type);
    for (std::size_t pad = size; pad < padded; ++pad) {
      if (at[kRecordHeadBytes + pad] != std::byte{0}) {
        return frame_damaged(head.first + i, "the padding of a record is not zero");
      }
    }
    at += kRecordHeadBytes + padded;
    left -= kRecordHeadBytes + padded;
  }
  if (left != 0 || type_mask != head.type_mask) {
    return frame_damaged(head.first, "its records are not what its head says");
  }
  return std::span<const RecordView>(records_);
}

}  // namespace daybook::log
