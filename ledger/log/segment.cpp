#include "ledger/log/segment.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include <rocksdb/file_system.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/files.h"
#include "ledger/log/history.h"
#include "ledger/log/log_state.h"
#include "ledger/log/segment_reader.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
constexpr std::size_t kKeptHeadBytes = 8 + 32 + 64;
constexpr std::size_t kKeptHeadsBytesMax = std::size_t{1} << 20;

tl::unexpected<Error> segment_not_written(const std::string& path, const std::string& why) {
  return failed(ErrorKind::Unavailable, "SEGMENT_NOT_WRITTEN", path + ": " + why);
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

  /// What was not finished leaves nothing.
  ~Output() {
    if (!file_) return;
    file_.reset();
    files_->DeleteFile(path_ + ".new", IOOptions(), nullptr).PermitUncheckedError();
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

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
      file_.reset();
      status = sync_directory(*files_, path_.substr(0, path_.find_last_of('/')));
    }
    return checked(status);
  }

 private:
  Result<void> checked(const IOStatus& status) const {
    return status.ok() ? Result<void>() : segment_not_written(path_, status.ToString());
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

/// One file, read in pieces.
class Input {
 public:
  IOStatus open(const std::string& path) {
    return rocksdb::FileSystem::Default()->NewSequentialFile(path, rocksdb::FileOptions(), &file_, nullptr);
  }

  bool read(std::span<std::byte> out) {
    while (!out.empty()) {
      if (left_.empty()) {
        rocksdb::Slice got;
        if (!file_->Read(buffer_.size(), IOOptions(), &got, buffer_.data(), nullptr).ok() || got.empty()) {
          return false;
        }
        left_ = as_bytes({got.data(), got.size()});
      }
      const std::size_t size = std::min(left_.size(), out.size());
      std::memcpy(out.data(), left_.data(), size);
      left_ = left_.subspan(size);
      out = out.subspan(size);
    }
    return true;
  }

 private:
  std::unique_ptr<rocksdb::FSSequentialFile> file_;
  std::string buffer_ = std::string(kReadBytes, '\0');
  Bytes left_;
};

/// Puts segments together to one history.
class SegmentHistory {
 public:
  explicit SegmentHistory(const EachSegmentRow& each) : each_(each) {}

  Result<void> add(SegmentReader::Read read) {
    SegmentReader reader(std::move(read));
    const Result<SegmentBegin> begin = reader.begin();
    if (!begin) return tl::unexpected(begin.error());
    if (Result<void> follows = check_begin(*begin); !follows) return follows;
    for (;;) {
      const Result<std::optional<SegmentReader::Row>> row = reader.next(check_->position());
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (Result<void> added = check_->add((*row)->key, (*row)->value); !added) return added;
      if (!each_) continue;
      const Result<FrameHead> frame = read_frame_head((*row)->key, (*row)->value);
      if (!frame) return tl::unexpected(frame.error());
      if (Result<void> taken = each_(*frame, (*row)->value); !taken) return taken;
    }
    facts_.rows += reader.end().rows;
    return check_end(reader.end());
  }

  Result<SegmentFacts> end() {
    if (!check_) return segment_damaged("there is none");
    if (facts_.head.position < check_->lineage().branched_at())
      return segment_damaged("position " + std::to_string(facts_.head.position + 1) + " and others that a branch shares with its origin are missing");
    facts_.groups = check_->groups();
    facts_.lineage = check_->lineage();
    return facts_;
  }

 private:
  Result<void> check_begin(const SegmentBegin& begin) {
    if (!check_) {
      check_.emplace(begin.lineage);
      facts_.head.chain = begin.lineage.first_chain();
    }
    if (begin.lineage != check_->lineage()) return segment_damaged("it is of another ledger than the one before it");
    const Position wanted = check_->position() + 1;
    if (begin.first > wanted) {
      return segment_damaged("positions " + std::to_string(wanted) + " to " + std::to_string(begin.first - 1) +
                     " are missing before it; give every segment, in their order");
    }
    if (begin.first < wanted) {
      return segment_damaged("it begins at position " + std::to_string(begin.first) + ", which a segment before it holds; give each once, in their order");
    }
    if (begin.chain_before == facts_.head.chain) return {};
    return failed(ErrorKind::Corruption, "CHAIN_DIFFERS",
                  "segment: the chain before position " + std::to_string(begin.first) + " is another than where the one before it ends");
  }

  Result<void> check_end(const SegmentEnd& end) {
    const Result<Head> head = check_->end_of_part();
    if (!head) return tl::unexpected(head.error());
    facts_.head = *head;
    if (!end.head) return {};
    SignedHead signed_head = *end.head;
    signed_head.head.ledger_id = head->ledger_id;
    if (signed_head.head != *head) {
      return failed(ErrorKind::Corruption, "CHAIN_DIFFERS",
                    "segment: its events do not lead to the head at position " + std::to_string(head->position));
    }
    if (!verify_signature(signed_head)) {
      return failed(ErrorKind::Corruption, "SIGNATURE_DIFFERS",
                    "segment: the signature of the head at position " + std::to_string(head->position) + " is not that of its key");
    }
    facts_.heads.push_back(signed_head);
    return {};
  }

  const EachSegmentRow& each_;
  std::optional<HistoryCheck> check_;
  SegmentFacts facts_;
};

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
  add(bytes, as_bytes(is_signed ? kSignedSegment : kPlainSegment));
  add(bytes, Bytes(log.ledger_id()));
  if (!is_signed) return bytes;
  add(bytes, range.from);
  add(bytes, Bytes(chain_before));
  add(bytes, static_cast<std::uint32_t>(log.lineage().origins.size()));
  add(bytes, std::uint32_t{0});
  for (const Origin& origin : log.lineage().origins) {
    add(bytes, Bytes(origin.ledger));
    add(bytes, origin.position);
  }
  return bytes;
}

std::vector<std::byte> end_bytes(const Log& log, const SegmentRange& range, const Head& head, std::uint64_t rows, const Hash& sum) {
  std::vector<std::byte> bytes;
  const bool is_signed = range.form == SegmentForm::Signed;
  add(bytes, std::uint32_t{0});
  add(bytes, static_cast<std::uint32_t>(is_signed ? kSignedEndBytes : kPlainEndBytes));
  add(bytes, head.position);
  add(bytes, rows);
  if (is_signed) {
    const SignedHead signed_head = signed_head_of(log, head);
    add(bytes, head.epoch);
    add(bytes, head.recorded_at);
    add(bytes, Bytes(head.chain));
    add(bytes, Bytes(head.root));
    add(bytes, Bytes(signed_head.public_key));
    add(bytes, Bytes(signed_head.signature));
  }
  add(bytes, Bytes(sum));
  return bytes;
}

}  // namespace

Result<Head> export_segment(const Log& log, const std::string& path, const SegmentRange& given,
                            const std::function<void(Position)>& progress) {
  SegmentRange range = given;
  if (range.to == 0) range.to = log.position();
  LEDGER_INVARIANT(range.from >= 1 && range.from <= range.to + 1);
  LEDGER_INVARIANT(range.form == SegmentForm::Signed || (range.from == 1 && log.lineage().origins.empty()));
  const Result<Head> before = head_at_end(log, range.from - 1);
  if (!before) return tl::unexpected(before.error());
  const Result<Head> head = head_at_end(log, range.to);
  if (!head) return head;
  Output output(path);
  if (Result<void> opened = output.open(); !opened) return tl::unexpected(opened.error());
  if (Result<void> written = output.write(begin_bytes(log, range, before->chain)); !written) return tl::unexpected(written.error());
  Rewriter rewrite;
  std::uint64_t rows = 0;
  const Result<void> walked =
      log.rows().walk(range.from, range.to, [&](const FrameHead& frame, Bytes key, Bytes value) -> Result<bool> {
        const Result<Bytes> row = rewrite(frame, key, value);
        if (!row) return tl::unexpected(row.error());
        ++rows;
        if (Result<void> written = output.write(*row); !written) return tl::unexpected(written.error());
        if (progress && frame.ends_group) progress(frame.first + frame.count - 1);
        return true;
      });
  if (!walked) return tl::unexpected(walked.error());
  if (Result<void> written = output.write(end_bytes(log, range, *head, rows, output.sum())); !written)
    return tl::unexpected(written.error());
  if (Result<void> finished = output.finish(); !finished) return tl::unexpected(finished.error());
  return head;
}

tl::expected<SegmentFacts, SegmentFault> read_segments(std::span<const std::string> paths, const EachSegmentRow& each) {
  SegmentHistory history(each);
  for (const std::string& path : paths) {
    Input input;
    if (const IOStatus opened = input.open(path); !opened.ok()) {
      return tl::unexpected(SegmentFault{path, {ErrorKind::NotFound, "NOT_FOUND", path + ": " + opened.ToString(), {}}});
    }
    if (Result<void> added = history.add([&](std::span<std::byte> out) { return input.read(out); }); !added)
      return tl::unexpected(SegmentFault{path, std::move(added.error())});
  }
  Result<SegmentFacts> facts = history.end();
  if (!facts) return tl::unexpected(SegmentFault{paths.empty() ? std::string() : paths.back(), std::move(facts.error())});
  return std::move(*facts);
}

Result<SegmentFacts> verify_segment(const std::string& path) {
  auto facts = read_segments(std::span(&path, 1));
  if (!facts) return tl::unexpected(std::move(facts.error().error));
  return std::move(*facts);
}

Result<SegmentFacts> verify_segment_bytes(Bytes bytes) {
  const EachSegmentRow nobody;
  SegmentHistory history(nobody);
  const Result<void> added = history.add([&](std::span<std::byte> out) {
    if (bytes.size() < out.size()) return false;
    std::memcpy(out.data(), bytes.data(), out.size());
    bytes = bytes.subspan(out.size());
    return true;
  });
  if (!added) return tl::unexpected(added.error());
  return history.end();
}

std::string heads_bytes(std::span<const SignedHead> heads) {
  std::string bytes;
  for (const SignedHead& each : heads) {
    append_bytes(bytes, each.head.position);
    bytes += as_text(each.public_key);
    bytes += as_text(each.signature);
  }
  return bytes;
}

std::optional<SignedHead> kept_head(std::string_view bytes, const Head& head) {
  for (; bytes.size() >= kKeptHeadBytes; bytes.remove_prefix(kKeptHeadBytes)) {
    const Bytes kept = as_bytes(bytes);
    if (load<std::uint64_t>(kept.data()) != head.position) continue;
    SignedHead found{.head = head, .public_key = {}, .signature = {}};
    std::memcpy(found.public_key.data(), kept.data() + 8, found.public_key.size());
    std::memcpy(found.signature.data(), kept.data() + 40, found.signature.size());
    if (verify_signature(found)) return found;
  }
  return std::nullopt;
}

}  // namespace daybook::log
