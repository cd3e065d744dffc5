#include <algorithm>
#include <cstring>

#include <lz4.h>
#include <zstd.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"
#include "ledger/log/frame_head.h"

namespace daybook::log {
namespace {

constexpr int kZstdLevel = 1;

}  // namespace

struct FrameWriter::Contexts {
  ZSTD_CCtx* zstd = ZSTD_createCCtx();
  std::vector<char> lz4 = std::vector<char>(static_cast<std::size_t>(LZ4_sizeofState()));
  ~Contexts() { ZSTD_freeCCtx(zstd); }
};

FrameWriter::FrameWriter(Codec codec) : codec_(codec), contexts_(std::make_unique<Contexts>()) {
  LEDGER_INVARIANT(contexts_->zstd != nullptr);
  raw_.resize(kFrameRawBytes);
  value_.resize(kGroupHeadBytes + ZSTD_compressBound(kFrameRawBytes));
}

FrameWriter::~FrameWriter() = default;

void FrameWriter::begin(Position first, std::int64_t recorded_at) {
  first_ = first;
  recorded_at_ = recorded_at;
  raw_bytes_ = 0;
  type_mask_ = 0;
  count_ = 0;
}

bool FrameWriter::has_room(std::size_t event_bytes) const {
  return count_ == 0 || raw_bytes_ + kRecordHeadBytes + (event_bytes + 7) / 8 * 8 <= kFrameRawBytes;
}

void FrameWriter::add(const NewRecord& record) {
  const std::size_t size = record.event.size();
  LEDGER_INVARIANT(size >= 1 && size <= kEventBytesMax && has_room(size));
  const std::size_t padded = (size + 7) / 8 * 8;
  if (raw_.size() < raw_bytes_ + kRecordHeadBytes + padded) {
    raw_.resize(raw_bytes_ + kRecordHeadBytes + padded);  // a record larger than a frame
  }
  std::byte* const at = raw_.data() + raw_bytes_;
  store(at + layout::kSize, static_cast<std::uint32_t>(size));
  store(at + layout::kStream, record.stream);
  store(at + layout::kVersion, record.version);
  store(at + layout::kType, record.type);
  store(at + layout::kCode, record.code);
  at[layout::kReserved] = std::byte{0};
  store(at + kRecordHeadBytes + padded - 8, std::uint64_t{0});  // the padding, before the bytes
  std::memcpy(at + kRecordHeadBytes, record.event.data(), size);
  raw_bytes_ += kRecordHeadBytes + padded;
  type_mask_ |= type_bit(record.type);
  ++count_;
}

/// Puts the body behind the head, compressed if that is smaller. Returns its size.
std::size_t FrameWriter::pack(std::size_t head_bytes) {
  const std::size_t room = std::max(ZSTD_compressBound(raw_bytes_),
                                    static_cast<std::size_t>(LZ4_compressBound(
                                        static_cast<int>(raw_bytes_))));
  if (value_.size() < head_bytes + room) {
    value_.resize(head_bytes + room);
  }
  std::byte* const body = value_.data() + head_bytes;
  std::size_t packed = 0;
  if (raw_bytes_ >= kCompressFrom && codec_ == Codec::Zstd) {
    packed = ZSTD_compressCCtx(contexts_->zstd, body, room, raw_.data(), raw_bytes_, kZstdLevel);
    LEDGER_INVARIANT(ZSTD_isError(packed) == 0);
  } else if (raw_bytes_ >= kCompressFrom && codec_ == Codec::Lz4) {
    packed = static_cast<std::size_t>(LZ4_compress_fast_extState(
        contexts_->lz4.data(), reinterpret_cast<const char*>(raw_.data()),
        reinterpret_cast<char*>(body), static_cast<int>(raw_bytes_), static_cast<int>(room), 1));
    LEDGER_INVARIANT(packed > 0);
  }
  if (packed > 0 && packed < raw_bytes_) {
    value_[layout::kCodec] = static_cast<std::byte>(codec_);
    return packed;
  }
  value_[layout::kCodec] = static_cast<std::byte>(Codec::Raw);
  std::memcpy(body, raw_.data(), raw_bytes_);
  return raw_bytes_;
}

Bytes FrameWriter::finish(const GroupEnd* end) {
  LEDGER_INVARIANT(count_ > 0);
  const std::size_t head_bytes = end != nullptr ? kGroupHeadBytes : kFrameHeadBytes;
  const std::size_t size = head_bytes + pack(head_bytes);
  std::byte* const head = value_.data();
  head[layout::kFormat] = std::byte{kFrameFormat};
  store(head + layout::kFlags, end != nullptr ? layout::kFlagEndsGroup : std::uint16_t{0});
  store(head + layout::kCount, count_);
  store(head + layout::kRawBytes, static_cast<std::uint32_t>(raw_bytes_));
  store(head + layout::kRecordedAt, recorded_at_);
  store(head + layout::kTypeMask, type_mask_);
  if (end != nullptr) {
    store(head + layout::kEpoch, end->epoch);
    store(head + layout::kGroupFirst, end->first);
    std::memcpy(head + layout::kChain, end->chain.data(), end->chain.size());
  }
  const Bytes value(head, size);
  store(head + layout::kChecksum, row_checksum(key_of(first_), value));
  return value;
}

}  // namespace daybook::log
