#include "ledger/log/bytes.h"
#include "ledger/log/log_state.h"
#include "ledger/log/profile.h"

namespace daybook::log {
namespace {

rocksdb::Slice slice(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return {text.data(), text.size()};
}

Bytes bytes_of(const rocksdb::Slice& slice) { return as_bytes({slice.data(), slice.size()}); }

tl::unexpected<Error> damaged(const rocksdb::Status& status, Position near) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "reading the log near position " + std::to_string(near) + ": " + status.ToString());
}

tl::unexpected<Error> missing(Position from, Position to) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "positions " + std::to_string(from) + " to " + std::to_string(to) +
                    " are missing from the log");
}

}  // namespace

Result<void> Rows::at(Position position, const EachRow& each) const {
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(log_read_options()));
  row->SeekForPrev(slice(key_of(position)));
  if (!row->status().ok()) {
    return damaged(row->status(), position);
  }
  if (!row->Valid()) {
    return missing(position, position);
  }
  const Bytes value = bytes_of(row->value());
  const Result<FrameHead> head = read_frame_head(bytes_of(row->key()), value);
  if (!head) {
    return tl::unexpected(head.error());
  }
  if (position > head->last()) {
    return missing(head->last() + 1, position);
  }
  return each(*head, value);
}

Result<FrameHead> Rows::head_at(Position position) const {
  FrameHead found;
  const Result<void> read = at(position, [&](const FrameHead& head, Bytes) -> Result<void> {
    found = head;
    return {};
  });
  if (!read) {
    return tl::unexpected(read.error());
  }
  return found;
}

Result<std::optional<FrameHead>> Rows::last() const {
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(log_read_options()));
  row->SeekToLast();
  if (!row->status().ok()) {
    return damaged(row->status(), 0);
  }
  if (!row->Valid()) {
    return std::optional<FrameHead>();
  }
  Result<FrameHead> head = read_frame_head(bytes_of(row->key()), bytes_of(row->value()));
  if (!head) {
    return tl::unexpected(head.error());
  }
  return std::optional<FrameHead>(*head);
}

Result<void> Rows::walk(Position from, Position to, const EachRowInOrder& each) const {
  if (from > to) {
    return {};
  }
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(log_scan_options()));
  row->SeekForPrev(slice(key_of(from)));
  Position expected = 0;
  std::int64_t recorded_at = 0;
  for (; row->Valid(); row->Next()) {
    const Bytes key = bytes_of(row->key());
    const Bytes value = bytes_of(row->value());
    const Result<FrameHead> head = read_frame_head(key, value);
    if (!head) {
      return tl::unexpected(head.error());
    }
    if (expected == 0 && head->last() < from) {
      return missing(head->last() + 1, from);
    }
    if (expected != 0 && head->first != expected) {
      return missing(expected, head->first - 1);
    }
    if (expected != 0 && head->recorded_at < recorded_at) {
      return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                    "time goes back at position " + std::to_string(head->first));
    }
    expected = head->last() + 1;
    recorded_at = head->recorded_at;
    const Result<bool> more = each(*head, key, value);
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (!*more || expected > to) {
      return {};
    }
  }
  if (!row->status().ok()) {
    return damaged(row->status(), expected != 0 ? expected : from);
  }
  return missing(expected != 0 ? expected : from, to);
}

}  // namespace daybook::log
