#include "ledger/log/unreadable.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"
#include "ledger/log/profile.h"
#include "ledger/log/table_files.h"

namespace daybook::log {
namespace {

Bytes as_bytes_of(const rocksdb::Slice& slice) { return as_bytes({slice.data(), slice.size()}); }

void seek(rocksdb::Iterator& row, Position position) {
  const Key key = key_of(position);
  const std::string_view text = as_text(key);
  row.Seek(rocksdb::Slice(text.data(), text.size()));
}

void seek_back(rocksdb::Iterator& row, Position position) {
  const Key key = key_of(position);
  const std::string_view text = as_text(key);
  row.SeekForPrev(rocksdb::Slice(text.data(), text.size()));
}

}  // namespace

TableRows::TableRows(rocksdb::DB& db) : db_(db) {
  for (TableFile& file : table_files_of(db)) {
    tables_.push_back({position_in(as_bytes(file.first_key), 0), position_in(as_bytes(file.last_key), 0), std::move(file.path)});
  }
  std::sort(tables_.begin(), tables_.end(), [](const Table& left, const Table& right) { return left.first < right.first; });
}

/// At the first row of the table that begins at `position` or later, unless its block is damaged.
std::unique_ptr<rocksdb::Iterator> TableRows::sought(Table& table, Position position) const {
  if (table.reader == nullptr) {
    table.reader = std::make_unique<rocksdb::SstFileReader>(log_options(db_.GetEnv(), {.write_buffer_bytes = 1u << 20}));
    table.opens = table.reader->Open(table.path).ok();
  }
  if (!table.opens) {
    return std::unique_ptr<rocksdb::Iterator>(rocksdb::NewErrorIterator(rocksdb::Status::Corruption("the table does not open")));
  }
  std::unique_ptr<rocksdb::Iterator> row(table.reader->NewIterator(log_read_options()));
  seek(*row, position);
  return row;
}

/// Whether a seek from `from` finds a row that does not begin behind `position`.
bool TableRows::leads_to(Table& table, Position from, Position position) const {
  const std::unique_ptr<rocksdb::Iterator> row = sought(table, from);
  return row->Valid() && position_in(as_bytes_of(row->key()), position + 1) <= position;
}

/// The last place in the table from which a walk leads to `position`, or to the damage before it.
std::optional<Position> TableRows::last_lead(Table& table, Position position) const {
  Position bad = position + 1;
  Position good = position;
  for (Position step = 1; !leads_to(table, good, position); step *= 2) {
    if (good <= table.first) {
      return std::nullopt;
    }
    bad = good;
    good = good > table.first + step ? good - step : table.first;
  }
  while (bad - good > 1) {
    const Position middle = good + (bad - good) / 2;
    (leads_to(table, middle, position) ? good : bad) = middle;
  }
  return good;
}

/// The first position of the table behind `bad` from which a seek finds a row.
std::optional<Position> TableRows::readable_after(Table& table, Position bad) const {
  if (bad >= table.last) {
    return std::nullopt;
  }
  Position good = bad;
  for (Position step = 1; good == bad || !is_readable(table, good); step *= 2) {
    if (good == table.last) {
      return std::nullopt;
    }
    bad = good;
    good = std::min(good + step, table.last);
  }
  while (good - bad > 1) {
    const Position middle = bad + (good - bad) / 2;
    (is_readable(table, middle) ? good : bad) = middle;
  }
  return good;
}

bool TableRows::walk_to(Position position, Position& from) const {
  for (; row_->Valid(); row_->Next()) {
    const Result<FrameHead> head = read_frame_head(as_bytes_of(row_->key()), as_bytes_of(row_->value()));
    if (!head || head->first > position) {
      return false;
    }
    if (position <= head->last()) {
      return true;
    }
    from = head->last() + 1;
  }
  return false;
}

/// Where the first row behind those of a table begins; `position + 1` where nothing does.
Position TableRows::first_behind(std::size_t table, Position position) const {
  if (table + 1 < tables_.size()) {
    return tables_[table + 1].first;
  }
  const std::unique_ptr<rocksdb::Iterator> row(db_.NewIterator(log_read_options()));
  seek(*row, tables_[table].last + 1);
  return row->Valid() ? std::max(position_in(as_bytes_of(row->key()), 0), position + 1) : position + 1;
}

TableRows::Around TableRows::around(Position position) {
  std::size_t i = tables_.size();
  while (i > 0 && tables_[i - 1].first > position) {
    --i;
  }
  if (i == 0) {
    return {nullptr, position, position};
  }
  Table& table = tables_[--i];
  Around around{nullptr, table.first, 0};
  row_ = sought(table, position);  // opens the table
  if (table.opens) {
    seek_back(*row_, position);
    if (walk_to(position, around.from)) {
      around.row = row_.get();
      return around;
    }
  }
  around.from = table.first;
  if (const std::optional<Position> lead = last_lead(table, position)) {
    row_ = sought(table, *lead);
    if (walk_to(position, around.from)) {
      around.row = row_.get();
      return around;
    }
    if (!row_->Valid() && row_->status().ok()) {  // in memory still, of which no table tells
      row_.reset(db_.NewIterator(log_read_options()));
      seek(*row_, around.from);
      if (walk_to(position, around.from)) {
        around.row = row_.get();
        return around;
      }
    }
  }
  Position behind = first_behind(i, position);
  if (const std::optional<Position> after = readable_after(table, position)) {
    const std::unique_ptr<rocksdb::Iterator> row = sought(table, *after);
    if (row->Valid()) {
      behind = position_in(as_bytes_of(row->key()), behind);
    }
  }
  around.to = std::max(position, behind - 1);
  return around;
}

}  // namespace daybook::log
