#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/hash.h"
#include "ledger/log/lineage.h"
#include "ledger/log/signed_head.h"

/// The bytes of a segment, one row after another: docs/reference/log_format.md, section 8.
namespace daybook::log {

/// LOG_DAMAGED (Corruption), in the words of what reads segments.
[[nodiscard]] inline tl::unexpected<Error> segment_damaged(const std::string& what) {
  return failed(ErrorKind::Corruption, "LOG_DAMAGED", "segment: " + what);
}

inline constexpr std::string_view kPlainSegment = "DBKSEGM1";
inline constexpr std::string_view kSignedSegment = "DBKSEGM2";
inline constexpr std::size_t kSegmentRowHeadBytes = 8;
inline constexpr std::size_t kPlainEndBytes = 48;
inline constexpr std::size_t kSignedEndBytes = 224;

/// What stands before the rows.
struct SegmentBegin {
  Lineage lineage;
  Position first = 1;
  Hash chain_before{};  ///< of a plain one: that of an empty log
};

/// What stands after them.
struct SegmentEnd {
  Position position = 0;
  std::uint64_t rows = 0;
  std::optional<SignedHead> head;  ///< but for its ledger id, which stands at the beginning
};

/// Takes one segment apart, and checks what can be known without the log before it: lengths, the number of rows, the sum.
class SegmentReader {
 public:
  /// Fills the span; false where there are not so many bytes.
  using Read = std::function<bool(std::span<std::byte>)>;
  explicit SegmentReader(Read read) : read_(std::move(read)) {}

  /// Errors: LOG_DAMAGED.
  [[nodiscard]] Result<SegmentBegin> begin();

  struct Row {
    Bytes key;
    Bytes value;
  };
  /// The next row, until the next call; nothing after the last: then `end()` is there. `position` of the row before, for
  /// the sentence. Errors: LOG_DAMAGED.
  [[nodiscard]] Result<std::optional<Row>> next(Position position);
  [[nodiscard]] const SegmentEnd& end() const { return end_; }

 private:
  [[nodiscard]] Result<void> read_end(std::uint32_t size, Position position);
  bool take(std::span<std::byte> out);

  Read read_;
  bool is_signed_ = false;
  SegmentEnd end_;
  std::uint64_t rows_ = 0;
  RunningHash sum_;
  std::vector<std::byte> row_;
};

}  // namespace daybook::log
