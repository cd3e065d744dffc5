#include "ledger/log/bytes.h"
#include "ledger/log/log_state.h"
#include "ledger/log/profile.h"
#include "ledger/log/unreadable.h"

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

tl::unexpected<Error> damaged(const rocksdb::Status& status, const TableRows::Around& around) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "positions " + std::to_string(around.from) + " to " + std::to_string(around.to) + " cannot be read from the log: " + status.ToString());
}

tl::unexpected<Error> missing(Position from, Position to) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED",
                "positions " + std::to_string(from) + " to " + std::to_string(to) +
                    " are missing from the log");
}

}  // namespace

Result<void> Rows::at_undisturbed(Position position, const EachRow& each) const {
  const std::unique_ptr<rocksdb::Iterator> found(db_->NewIterator(log_read_options()));
  found->SeekForPrev(slice(key_of(position)));
  const rocksdb::Iterator* row = found.get();
  std::optional<TableRows> tables;
  if (found->status().IsCorruption()) {
    const TableRows::Around around = tables.emplace(*db_).around(position);
    if (around.row == nullptr) {
      return damaged(found->status(), around);
    }
    row = around.row;
  } else if (!found->status().ok()) {
    return damaged(found->status(), position);
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

Result<void> Rows::at(Position position, const EachRow& each) const { return noted(at_undisturbed(position, each)); }

Result<void> Rows::walk(Position from, Position to, const EachRowInOrder& each) const {
  return noted(walk_undisturbed(from, to, each));
}

Result<void> Rows::check_undisturbed(const TableFile& file) const {
  const rocksdb::Status status = check_table_file(*db_, file);
  if (status.ok()) {
    return {};
  }
  const std::string where =
      "log/" + file.name() + ", which begins at position " + std::to_string(position_in(as_bytes(file.first_key), 0)) + ": " + status.ToString();
  return status.IsCorruption() ? failed(ErrorKind::Corruption, "LOG_DAMAGED", "bytes have changed on the disk in " + where)
                               : failed(ErrorKind::Unavailable, "LOG_UNREADABLE", "reading " + where);
}

Result<void> Rows::check(const TableFile& file) const { return noted(check_undisturbed(file)); }

Result<void> Rows::noted(Result<void> read) const {
  if (read || read.error().code != "LOG_DAMAGED" || is_damaged_.load(std::memory_order_acquire)) {
    return read;
  }
  const std::lock_guard guard(damage_mutex_);
  if (!damage_) {
    damage_ = read.error();
  }
  is_damaged_.store(true, std::memory_order_release);
  return read;
}

std::optional<Error> Rows::damage() const {
  if (!is_damaged_.load(std::memory_order_acquire)) {
    return std::nullopt;
  }
  const std::lock_guard guard(damage_mutex_);
  return damage_;
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

Result<void> Rows::walk_undisturbed(Position from, Position to, const EachRowInOrder& each) const {
  if (from > to) {
    return {};
  }
  Position expected = 0;
  std::int64_t recorded_at = 0;
  const auto take = [&](const rocksdb::Iterator& row) -> Result<bool> {
    const Bytes key = bytes_of(row.key());
    const Bytes value = bytes_of(row.value());
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
    return more && expected > to ? Result<bool>(false) : more;
  };
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(log_scan_options()));
  row->SeekForPrev(slice(key_of(from)));
  std::optional<TableRows> tables;
  for (;;) {
    const Position at = expected != 0 ? expected : from;
    Result<bool> more = true;
    if (row->Valid()) {
      more = take(*row);
      if (more && *more) {
        row->Next();
      }
    } else if (row->status().IsCorruption()) {
      // Of this file, or of another that a walk over all of them looks into: what is whole is taken by itself.
      if (!tables) {
        tables.emplace(*db_);
      }
      const TableRows::Around around = tables->around(at);
      if (around.row == nullptr) {
        return damaged(row->status(), around);
      }
      more = take(*around.row);
      if (more && *more) {
        row->Seek(slice(key_of(expected)));
      }
    } else if (!row->status().ok()) {
      return damaged(row->status(), at);
    } else {
      return missing(at, to);
    }
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (!*more) {
      return {};
    }
  }
}

}  // namespace daybook::log
