#include <memory>

#include <rocksdb/iterator.h>
#include <rocksdb/sst_file_reader.h>

#include "ledger/log/bytes.h"
#include "ledger/log/found_rows.h"
#include "ledger/log/profile.h"

namespace daybook::log {
namespace {

Bytes bytes_of(const rocksdb::Slice& slice) { return as_bytes({slice.data(), slice.size()}); }

/// A table file that opens.
class Table {
 public:
  Table(rocksdb::SstFileReader& reader, const EachFound& each) : reader_(reader), each_(each) {}

  /// Every row, from damaged block to damaged block. Answers the first fault that was met.
  rocksdb::Status read() {
    rocksdb::Status first;
    Position from = 0;  // the first one still wanted
    for (;;) {
      const rocksdb::Status status = read_from(from);
      if (status.ok()) return first;
      if (first.ok()) first = status;
      const std::optional<Position> next = first_readable(from);
      if (!next || *next <= from) return first;
      from = *next;
    }
  }

 private:
  /// Offers rows until the end or a damaged block; `from` becomes the position after the last one.
  rocksdb::Status read_from(Position& from) {
    const std::unique_ptr<rocksdb::Iterator> row = at(from);
    for (; row->Valid(); row->Next()) {
      const Result<FrameHead> head = read_frame_head(bytes_of(row->key()), bytes_of(row->value()));
      if (!head) continue;
      each_({*head, 1, bytes_of(row->key()), bytes_of(row->value())});
      from = head->last() + 1;
    }
    return row->status();
  }

  /// The least position beyond a damaged block at `from` that a seek finds; none behind the last block.
  std::optional<Position> first_readable(Position from) {
    Position bad = from;
    Position good = from;
    for (Position step = 1; !readable(good); step *= 2) {
      if (step > (Position{1} << 62)) return std::nullopt;
      bad = good;
      good = from + step;
    }
    while (good - bad > 1) {
      const Position middle = bad + (good - bad) / 2;
      (readable(middle) ? good : bad) = middle;
    }
    return good;
  }

  bool readable(Position position) { return at(position)->status().ok(); }

  std::unique_ptr<rocksdb::Iterator> at(Position position) {
    std::unique_ptr<rocksdb::Iterator> row(reader_.NewIterator(log_read_options()));
    const Key key = key_of(position);
    const std::string_view text = as_text(key);
    row->Seek(rocksdb::Slice(text.data(), text.size()));
    return row;
  }

  rocksdb::SstFileReader& reader_;
  const EachFound& each_;
};

}  // namespace

FileFault fault_of_table(const std::string& path) {
  rocksdb::SstFileReader reader(log_options(rocksdb::Env::Default(), {.write_buffer_bytes = 1u << 20}));
  const rocksdb::Status status = reader.Open(path);
  return status.ok() ? FileFault() : "does not open: " + status.ToString();
}

FileFault rows_by_index(const std::string& path, const EachFound& each) {
  rocksdb::Options options = log_options(rocksdb::Env::Default(), {.write_buffer_bytes = 1u << 20});
  rocksdb::SstFileReader reader(options);
  rocksdb::Status status = reader.Open(path);
  if (!status.ok()) return "does not open: " + status.ToString();
  status = Table(reader, each).read();
  if (status.ok()) status = reader.VerifyChecksum();
  return status.ok() ? FileFault() : "is damaged: " + status.ToString();
}

}  // namespace daybook::log
