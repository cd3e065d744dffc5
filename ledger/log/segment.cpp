#include "ledger/log/segment.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rocksdb/file_system.h>

#include "ledger/log/bytes.h"
#include "ledger/log/history.h"
#include "ledger/log/segment_file.h"
#include "ledger/log/segment_reader.h"
#include "ledger/log/segment_source.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
constexpr std::size_t kKeptHeadBytes = 8 + 32 + 64;
constexpr std::size_t kSegmentPieceBytes = std::size_t{256} << 10;

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
  explicit SegmentHistory(const EachSegmentRow& each, SegmentStart start = {}) : each_(each), start_(std::move(start)) {}

  Result<void> add(SegmentRead read) {
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
    return end_of_stretch();
  }

  /// More may follow it.
  Result<SegmentFacts> end_of_stretch() {
    facts_.groups = check_->groups();
    facts_.lineage = check_->lineage();
    return facts_;
  }

 private:
  Result<void> check_begin(const SegmentBegin& begin) {
    if (!check_) {
      const bool is_whole = start_.position == 0;
      facts_.head.chain = is_whole ? begin.lineage.first_chain() : begin.chain_before;
      check_.emplace(begin.lineage, HistoryStart{start_.position, facts_.head.chain, start_.peaks});
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
    Result<Head> head = check_->end_of_part();
    if (!head) return tl::unexpected(head.error());
    if (end.head && end.rows == 0 && start_.position != 0) {  // of the group before it nothing else is known than its chain
      head->epoch = end.head->head.epoch;
      head->recorded_at = end.head->head.recorded_at;
    }
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
  const SegmentStart start_;
  std::optional<HistoryCheck> check_;
  SegmentFacts facts_;
};

}  // namespace

Result<Head> export_segment(const Log& log, const std::string& path, const SegmentRange& range,
                            const std::function<void(Position)>& progress) {
  const auto source = SegmentSource::begin(log, range);
  if (!source) return tl::unexpected(source.error());
  SegmentFile file(path);
  if (Result<void> opened = file.open(); !opened) return tl::unexpected(opened.error());
  std::string piece;
  for (bool more = true; more;) {
    piece.clear();
    const Position before = (*source)->position();
    const Result<bool> got = (*source)->next(piece, kSegmentPieceBytes);
    if (!got) return tl::unexpected(got.error());
    more = *got;
    if (Result<void> written = file.write(as_bytes(piece)); !written) return tl::unexpected(written.error());
    if (progress && (*source)->position() != before) progress((*source)->position());
  }
  if (Result<void> finished = file.finish(); !finished) return tl::unexpected(finished.error());
  return (*source)->head();
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

Result<SegmentFacts> verify_stretch(const SegmentRead& read, const SegmentStart& start, const EachSegmentRow& each) {
  SegmentHistory history(each, start);
  if (Result<void> added = history.add(read); !added) return tl::unexpected(added.error());
  return history.end_of_stretch();
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
