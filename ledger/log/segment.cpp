#include "ledger/log/segment.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <rocksdb/file_system.h>

#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/history.h"
#include "ledger/log/log_state.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::string_view kMagic = "DBKSEGM1";
constexpr std::size_t kHeadBytes = 24;
constexpr std::size_t kRowHeadBytes = 8;
constexpr std::size_t kEndBytes = 48;

tl::unexpected<Error> not_written(const std::string& path, const std::string& why) {
  return failed(ErrorKind::Unavailable, "SEGMENT_NOT_WRITTEN", path + ": " + why);
}

tl::unexpected<Error> damaged(const std::string& what) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED", "segment: " + what);
}

void add(std::vector<std::byte>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

template <class Integer>
void add(std::vector<std::byte>& out, Integer value) {
  std::array<std::byte, sizeof value> bytes;
  store(bytes.data(), value);
  add(out, Bytes(bytes));
}

/// A file written aside, hashed as it grows, and put in place at the end.
class Output {
 public:
  explicit Output(std::string path)
      : path_(std::move(path)), files_(rocksdb::FileSystem::Default()) {}

  Result<void> open() {
    return checked(files_->NewWritableFile(path_ + ".new", rocksdb::FileOptions(), &file_, nullptr));
  }

  Result<void> write(Bytes bytes) {
    sum_.add(bytes);
    const std::string_view text = as_text(bytes);
    return checked(file_->Append(rocksdb::Slice(text.data(), text.size()), IOOptions(), nullptr));
  }

  [[nodiscard]] Hash sum() { return sum_.end(); }

  Result<void> finish() {
    IOStatus status = file_->Sync(IOOptions(), nullptr);
    if (status.ok()) {
      status = file_->Close(IOOptions(), nullptr);
    }
    if (status.ok()) {
      status = files_->RenameFile(path_ + ".new", path_, IOOptions(), nullptr);
    }
    if (status.ok()) {
      status = sync_directory(*files_, path_.substr(0, path_.find_last_of('/')));
    }
    return checked(status);
  }

 private:
  Result<void> checked(const IOStatus& status) const {
    return status.ok() ? Result<void>() : not_written(path_, status.ToString());
  }

  std::string path_;
  std::shared_ptr<rocksdb::FileSystem> files_;
  std::unique_ptr<rocksdb::FSWritableFile> file_;
  RunningHash sum_;
};

/// A row of the log as the segment holds it: the same records in a frame that is not compressed.
class Rewriter {
 public:
  Result<Bytes> operator()(const FrameHead& head, Bytes key, Bytes value) {
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
    add(row_, static_cast<std::uint32_t>(key.size()));
    add(row_, static_cast<std::uint32_t>(plain.size()));
    add(row_, key);
    add(row_, plain);
    return Bytes(row_);
  }

 private:
  FrameReader reader_;
  FrameWriter writer_{Codec::Raw};
  std::vector<std::byte> row_;
};

}  // namespace

Result<Head> export_segment(const Log& log, const std::string& path) {
  const Head head = log.head();
  Output output(path);
  if (Result<void> opened = output.open(); !opened) {
    return tl::unexpected(opened.error());
  }
  std::vector<std::byte> bytes;
  add(bytes, as_bytes(kMagic));
  add(bytes, Bytes(head.ledger_id));
  if (Result<void> written = output.write(bytes); !written) {
    return tl::unexpected(written.error());
  }
  Rewriter rewrite;
  std::uint64_t rows = 0;
  const Result<void> walked = log.rows().walk(
      1, head.position, [&](const FrameHead& frame, Bytes key, Bytes value) -> Result<bool> {
        const Result<Bytes> row = rewrite(frame, key, value);
        if (!row) {
          return tl::unexpected(row.error());
        }
        ++rows;
        return output.write(*row).map([] { return true; });
      });
  if (!walked) {
    return tl::unexpected(walked.error());
  }
  const Hash sum = output.sum();
  bytes.clear();
  add(bytes, std::uint32_t{0});
  add(bytes, static_cast<std::uint32_t>(kEndBytes));
  add(bytes, head.position);
  add(bytes, rows);
  add(bytes, Bytes(sum));
  if (Result<void> written = output.write(bytes); !written) {
    return tl::unexpected(written.error());
  }
  if (Result<void> finished = output.finish(); !finished) {
    return tl::unexpected(finished.error());
  }
  return head;
}

Result<SegmentFacts> verify_segment_bytes(Bytes bytes) {
  if (bytes.size() < kHeadBytes || as_text(bytes.first(kMagic.size())) != kMagic) {
    return damaged("this is no segment file");
  }
  LedgerId ledger;
  std::memcpy(ledger.data(), bytes.data() + kMagic.size(), ledger.size());
  HistoryCheck check(ledger);
  SegmentFacts facts;
  std::size_t at = kHeadBytes;
  for (;;) {
    if (bytes.size() - at < kRowHeadBytes) {
      return damaged("it is cut short after position " + std::to_string(check.position()));
    }
    const std::size_t key_size = load<std::uint32_t>(bytes.data() + at);
    const std::size_t value_size = load<std::uint32_t>(bytes.data() + at + 4);
    const Bytes before = bytes.first(at);
    at += kRowHeadBytes;
    if (bytes.size() - at < key_size + value_size) {
      return damaged("it is cut short after position " + std::to_string(check.position()));
    }
    if (key_size == 0) {
      const std::byte* const end = bytes.data() + at;
      const Hash sum = sha256(before);
      if (value_size != kEndBytes || at + kEndBytes != bytes.size() ||
          load<std::uint64_t>(end) != check.position() ||
          load<std::uint64_t>(end + 8) != facts.rows ||
          std::memcmp(end + 16, sum.data(), sum.size()) != 0) {
        return damaged("its end does not fit what stands before");
      }
      break;
    }
    if (Result<void> added = check.add(bytes.subspan(at, key_size),
                                       bytes.subspan(at + key_size, value_size));
        !added) {
      return tl::unexpected(added.error());
    }
    at += key_size + value_size;
    ++facts.rows;
  }
  const Result<Head> head = check.end();
  if (!head) {
    return tl::unexpected(head.error());
  }
  facts.head = *head;
  facts.groups = check.groups();
  return facts;
}

Result<SegmentFacts> verify_segment(const std::string& path) {
  std::string text;
  const IOStatus read = rocksdb::ReadFileToString(rocksdb::FileSystem::Default().get(), path, &text);
  if (!read.ok()) {
    return failed(ErrorKind::NotFound, "NOT_FOUND", path + ": " + read.ToString());
  }
  return verify_segment_bytes(as_bytes(text));
}

}  // namespace daybook::log
