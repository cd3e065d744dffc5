#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/frame.h"
#include "ledger/log/log.h"

/// The rows of a log in plain files, for readers without RocksDB: docs/reference/log_format.md, section 8.
namespace daybook::log {

/// What reading segments found.
struct SegmentFacts {
  Head head;
  std::uint64_t rows = 0;
  std::uint64_t groups = 0;
  Lineage lineage;
  std::vector<SignedHead> heads;  ///< of each segment that has one, all verified
};

/// Which of the two forms of a segment.
enum class SegmentForm : std::uint8_t {
  Plain,   ///< DBKSEGM1: from the first event, of a ledger that is no branch, without a signed head
  Signed,  ///< DBKSEGM2
};

/// What goes into a segment: whole groups.
struct SegmentRange {
  Position from = 1;
  Position to = 0;  ///< inclusive; 0: the head
  SegmentForm form = SegmentForm::Signed;
};

/// Writes the range, every frame uncompressed, so that no hash changes. The file is replaced as
/// a whole or not at all. `path` has a directory part; `head` is the log's at `to`. Errors: NOT_FOUND beyond the head;
/// INSIDE_GROUP, naming the positions before and after; LOG_DAMAGED; SEGMENT_NOT_WRITTEN (Unavailable).
/// `progress`, which may be empty, is told the position that was written last, and may throw: then there is no file.
[[nodiscard]] Result<Head> export_segment(const Log& log, const std::string& path, const SegmentRange& range = {},
                                          const std::function<void(Position)>& progress = {});

/// Why segments are no history: the error, in the words of the log, and in which file it was found.
struct SegmentFault {
  std::string file;
  Error error;
};

/// Takes a row that has been read and checked, but for the chain, which follows with its group's last row.
using EachSegmentRow = std::function<Result<void>(const FrameHead&, Bytes value)>;

/// Reads segments as one history, from position 1 on, each going on where the one before ended, and checks all of it: bytes,
/// order, leaves, tree, chain, and the signatures of their heads. Total on any bytes.
/// Errors: NOT_FOUND; LOG_DAMAGED; CHAIN_DIFFERS; SIGNATURE_DIFFERS; those of `each`.
[[nodiscard]] tl::expected<SegmentFacts, SegmentFault> read_segments(std::span<const std::string> paths,
                                                                     const EachSegmentRow& each = {});

/// The same for one file, and for bytes in memory.
[[nodiscard]] Result<SegmentFacts> verify_segment(const std::string& path);
[[nodiscard]] Result<SegmentFacts> verify_segment_bytes(Bytes bytes);

/// What the log before a stretch comes to; nothing: the stretch begins at position 1.
struct SegmentStart {
  Position position = 0;    ///< the last one before the stretch
  std::vector<Hash> peaks;  ///< of the tree of so many leaves: roots of its complete subtrees, the smallest first
};

/// Fills the span; false where there are not so many bytes.
using SegmentRead = std::function<bool(std::span<std::byte>)>;

/// The same of one segment that may begin anywhere, taken as its bytes come. Where it has a signed head, that covers all of
/// its events and what `start` says: nothing else leads to its chain and its root.
[[nodiscard]] Result<SegmentFacts> verify_stretch(const SegmentRead& read, const SegmentStart& start,
                                                  const EachSegmentRow& each = {});

/// Signatures that a ledger brought along, when it was made from segments by somebody without its signing key: DIR/heads.
/// Each is `public key[32] ‖ signature[64]` after the position u64.
[[nodiscard]] std::string heads_bytes(std::span<const SignedHead> heads);
/// The signature of `head` among them; those that do not fit it are passed over.
[[nodiscard]] std::optional<SignedHead> kept_head(std::string_view bytes, const Head& head);

}  // namespace daybook::log
