#include "ledger/log/segment_source.h"

#include <array>
#include <utility>

#include <rocksdb/file_system.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/log_state.h"
#include "ledger/log/segment_reader.h"

namespace daybook::log {
namespace {

constexpr std::size_t kKeptHeadsBytesMax = std::size_t{1} << 20;

void put_bytes(std::vector<std::byte>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

template <class Integer>
void put_bytes(std::vector<std::byte>& out, Integer value) {
  std::array<std::byte, sizeof value> bytes;
  store(bytes.data(), value);
  put_bytes(out, Bytes(bytes));
}

/// The head at `position`, which has to end a group; 0: the empty log's.
Result<Head> head_at_end(const Log& log, Position position) {
  if (position == 0) {
    Head head;
    head.chain = log.lineage().first_chain();
    head.root = empty_root();
    head.ledger_id = log.ledger_id();
    return head;
  }
  Result<Head> end = log.group_end(position);
  if (!end || end->position == position) return end;
  const Result<FrameHead> row = log.rows().head_at(end->position);
  if (!row) return tl::unexpected(row.error());
  return rejected("INSIDE_GROUP", "Position " + std::to_string(position) + " lies inside what was recorded at once; a segment can end at " +
                                      std::to_string(row->group.first - 1) + " or at " + std::to_string(end->position) + ".");
}

/// The head as its ledger signed it, or as this one does.
SignedHead signed_head_of(const Log& log, const Head& head) {
  std::string kept;
  const bool any = read_file(*rocksdb::FileSystem::Default(), log.directory() + "/heads", kKeptHeadsBytesMax, kept).ok();
  if (any) {
    if (std::optional<SignedHead> found = kept_head(kept, head)) return *found;
  }
  return {.head = head, .public_key = log.signed_head().public_key, .signature = log.sign(signed_bytes(head))};
}

std::vector<std::byte> begin_bytes(const Log& log, const SegmentRange& range, const Hash& chain_before) {
  std::vector<std::byte> bytes;
  const bool is_signed = range.form == SegmentForm::Signed;
  put_bytes(bytes, as_bytes(is_signed ? kSignedSegment : kPlainSegment));
  put_bytes(bytes, Bytes(log.ledger_id()));
  if (!is_signed) return bytes;
  put_bytes(bytes, range.from);
  put_bytes(bytes, Bytes(chain_before));
  put_bytes(bytes, static_cast<std::uint32_t>(log.lineage().origins.size()));
  put_bytes(bytes, std::uint32_t{0});
  for (const Origin& origin : log.lineage().origins) {
    put_bytes(bytes, Bytes(origin.ledger));
    put_bytes(bytes, origin.position);
  }
  return bytes;
}

std::vector<std::byte> end_bytes(const Log& log, const SegmentRange& range, const Head& head, std::uint64_t rows, const Hash& sum) {
  std::vector<std::byte> bytes;
  const bool is_signed = range.form == SegmentForm::Signed;
  put_bytes(bytes, std::uint32_t{0});
  put_bytes(bytes, static_cast<std::uint32_t>(is_signed ? kSignedEndBytes : kPlainEndBytes));
  put_bytes(bytes, head.position);
  put_bytes(bytes, rows);
  if (is_signed) {
    const SignedHead signed_head = signed_head_of(log, head);
    put_bytes(bytes, head.epoch);
    put_bytes(bytes, head.recorded_at);
    put_bytes(bytes, Bytes(head.chain));
    put_bytes(bytes, Bytes(head.root));
    put_bytes(bytes, Bytes(signed_head.public_key));
    put_bytes(bytes, Bytes(signed_head.signature));
  }
  put_bytes(bytes, Bytes(sum));
  return bytes;
}

}  // namespace

Result<Bytes> SegmentRow::operator()(const FrameHead& head, Bytes key, Bytes value) {
  const auto records = reader_.records(head, value);
  if (!records) {
    return tl::unexpected(records.error());
  }
  writer_.begin(head.first, head.recorded_at);
  for (const RecordView& record : *records) {
    writer_.add({.stream = record.stream,
                 .version = record.version,
                 .type = record.type,
                 .code = record.code,
                 .event = record.event,
                 .leaf = {}});
  }
  const Bytes plain = writer_.finish(head.ends_group ? &head.group : nullptr);
  row_.clear();
  put_bytes(row_, static_cast<std::uint32_t>(key.size()));
  put_bytes(row_, static_cast<std::uint32_t>(plain.size()));
  put_bytes(row_, key);
  put_bytes(row_, plain);
  return Bytes(row_);
}

SegmentSource::SegmentSource(const Log& log, const SegmentRange& range, const Head& before, const Head& head)
    : log_(log), range_(range), chain_before_(before.chain), head_(head), position_(range.from - 1) {}

Result<std::unique_ptr<SegmentSource>> SegmentSource::begin(const Log& log, const SegmentRange& given) {
  SegmentRange range = given;
  if (range.to == 0) range.to = log.position();
  LEDGER_INVARIANT(range.from >= 1 && range.from <= range.to + 1);
  LEDGER_INVARIANT(range.form == SegmentForm::Signed || (range.from == 1 && log.lineage().origins.empty()));
  const Result<Head> before = head_at_end(log, range.from - 1);
  if (!before) return tl::unexpected(before.error());
  const Result<Head> head = head_at_end(log, range.to);
  if (!head) return tl::unexpected(head.error());
  return std::unique_ptr<SegmentSource>(new SegmentSource(log, range, *before, *head));
}

void SegmentSource::put(Bytes bytes, std::string& out) {
  sum_.add(bytes);
  out += as_text(bytes);
}

Result<bool> SegmentSource::next(std::string& out, std::size_t bytes) {
  const std::size_t full = out.size() + bytes;
  if (!begun_) put(begin_bytes(log_, range_, chain_before_), out);
  begun_ = true;
  if (position_ < range_.to) {
    const Result<void> walked =
        log_.rows().walk(position_ + 1, range_.to, [&](const FrameHead& frame, Bytes key, Bytes value) -> Result<bool> {
          const Result<Bytes> row = row_(frame, key, value);
          if (!row) return tl::unexpected(row.error());
          ++rows_;
          put(*row, out);
          position_ = frame.last();
          return out.size() < full;
        });
    if (!walked) return tl::unexpected(walked.error());
  }
  if (position_ < range_.to) return true;
  out += as_text(Bytes(end_bytes(log_, range_, head_, rows_, sum_.end())));
  return false;
}

}  // namespace daybook::log
