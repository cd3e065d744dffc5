#include "ledger/log/segment_reader.h"

#include <array>
#include <cstring>

#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"

namespace daybook::log {
namespace {

constexpr std::uint32_t kOriginsMax = 1'024;
constexpr std::uint32_t kRowBytesMax = kGroupHeadBytes + kFrameRawBytesMax;

tl::unexpected<Error> cut_short(Position position) {
  return segment_damaged("it is cut short at position " + std::to_string(position + 1));
}

template <std::size_t Size>
void copy(std::array<std::byte, Size>& out, const std::byte* from) {
  std::memcpy(out.data(), from, Size);
}

}  // namespace

bool SegmentReader::take(std::span<std::byte> out) {
  if (!read_(out)) {
    return false;
  }
  sum_.add(out);
  return true;
}

Result<SegmentBegin> SegmentReader::begin() {
  std::array<std::byte, 24> head{};
  if (!take(head)) {
    return segment_damaged("this is no segment file");
  }
  const std::string_view magic = as_text(Bytes(head).first(kPlainSegment.size()));
  is_signed_ = magic == kSignedSegment;
  if (!is_signed_ && magic != kPlainSegment) {
    return segment_damaged("this is no segment file");
  }
  SegmentBegin begin;
  copy(begin.lineage.ledger_id, head.data() + kPlainSegment.size());
  if (!is_signed_) {
    begin.chain_before = begin.lineage.first_chain();
    return begin;
  }
  std::array<std::byte, 48> more{};
  if (!take(more)) {
    return segment_damaged("it is cut short before its first row");
  }
  begin.first = load<std::uint64_t>(more.data());
  copy(begin.chain_before, more.data() + 8);
  const auto origins = load<std::uint32_t>(more.data() + 40);
  if (begin.first == 0 || origins > kOriginsMax || load<std::uint32_t>(more.data() + 44) != 0) {
    return segment_damaged("its beginning cannot be");
  }
  for (std::uint32_t i = 0; i < origins; ++i) {
    std::array<std::byte, 24> bytes{};
    if (!take(bytes)) {
      return segment_damaged("it is cut short before its first row");
    }
    Origin origin;
    copy(origin.ledger, bytes.data());
    origin.position = load<std::uint64_t>(bytes.data() + 16);
    if (origin.position <= begin.lineage.branched_at()) {
      return segment_damaged("its branches are out of order");
    }
    begin.lineage.origins.push_back(origin);
  }
  return begin;
}

Result<std::optional<SegmentReader::Row>> SegmentReader::next(Position position) {
  std::array<std::byte, kSegmentRowHeadBytes> head{};
  if (!read_(head)) {
    return cut_short(position);
  }
  const auto key_size = load<std::uint32_t>(head.data());
  const auto value_size = load<std::uint32_t>(head.data() + 4);
  if (key_size == 0) {
    return read_end(value_size, position).map([] { return std::optional<Row>(); });
  }
  if (key_size != kKeyBytes || value_size > kRowBytesMax) {
    return segment_damaged("the length of the row at position " + std::to_string(position + 1) + " cannot be");
  }
  sum_.add(head);
  row_.resize(key_size + value_size);
  if (!take(row_)) {
    return cut_short(position);
  }
  ++rows_;
  return std::optional<Row>(Row{Bytes(row_).first(key_size), Bytes(row_).subspan(key_size)});
}

Result<void> SegmentReader::read_end(std::uint32_t size, Position position) {
  const Hash sum = sum_.end();
  const std::size_t wanted = is_signed_ ? kSignedEndBytes : kPlainEndBytes;
  std::array<std::byte, kSignedEndBytes> bytes{};
  std::byte after{};
  if (size != wanted) {
    return segment_damaged("the end after position " + std::to_string(position) + " cannot be");
  }
  if (!read_(std::span(bytes).first(wanted))) {
    return cut_short(position);
  }
  end_.position = load<std::uint64_t>(bytes.data());
  end_.rows = load<std::uint64_t>(bytes.data() + 8);
  if (end_.position != position || end_.rows != rows_ ||
      std::memcmp(bytes.data() + wanted - sum.size(), sum.data(), sum.size()) != 0 || read_(std::span(&after, 1))) {
    return segment_damaged("its end does not fit what stands before; it comes after position " + std::to_string(position));
  }
  if (!is_signed_) {
    return {};
  }
  SignedHead& signed_head = end_.head.emplace();
  signed_head.head.position = end_.position;
  signed_head.head.epoch = load<std::uint64_t>(bytes.data() + 16);
  signed_head.head.recorded_at = load<std::int64_t>(bytes.data() + 24);
  copy(signed_head.head.chain, bytes.data() + 32);
  copy(signed_head.head.root, bytes.data() + 64);
  copy(signed_head.public_key, bytes.data() + 96);
  copy(signed_head.signature, bytes.data() + 128);
  return {};
}

}  // namespace daybook::log
