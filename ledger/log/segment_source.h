#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/frame.h"
#include "ledger/log/hash.h"
#include "ledger/log/log.h"
#include "ledger/log/segment.h"

namespace daybook::log {

/// A row of the log as a segment holds it: the same records in a frame that is not compressed.
class SegmentRow {
 public:
  /// The bytes, until the next call. Errors: LOG_DAMAGED.
  [[nodiscard]] Result<Bytes> operator()(const FrameHead& head, Bytes key, Bytes value);

 private:
  FrameReader reader_;
  FrameWriter writer_{Codec::Raw};
  std::vector<std::byte> row_;
};

/// The bytes of a segment, piece by piece: for whoever writes them to a file, or sends them. The log may grow meanwhile, and is
/// read anew for each piece, so that nothing is held between two of them.
class SegmentSource {
 public:
  /// Errors: NOT_FOUND beyond the head; INSIDE_GROUP, naming the positions before and after; LOG_DAMAGED.
  [[nodiscard]] static Result<std::unique_ptr<SegmentSource>> begin(const Log& log, const SegmentRange& range);

  /// Puts whole rows behind `out` until it holds `bytes` more; false once the end of the segment is among them. Errors: LOG_DAMAGED.
  [[nodiscard]] Result<bool> next(std::string& out, std::size_t bytes);

  /// The last position that was given out; before the first: the one before the range.
  [[nodiscard]] Position position() const { return position_; }
  /// The log's head where the segment ends.
  [[nodiscard]] const Head& head() const { return head_; }

 private:
  SegmentSource(const Log& log, const SegmentRange& range, const Head& before, const Head& head);
  void put(Bytes bytes, std::string& out);

  const Log& log_;
  SegmentRange range_;
  Hash chain_before_;
  Head head_;
  Position position_;
  std::uint64_t rows_ = 0;
  bool begun_ = false;
  SegmentRow row_;
  RunningHash sum_;
};

}  // namespace daybook::log
