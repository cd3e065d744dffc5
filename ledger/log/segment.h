#pragma once

#include <string>

#include "ledger/domain/result.h"
#include "ledger/log/log.h"

/// The rows of a log in one plain file, for readers without RocksDB: docs/reference/log_format.md, section 8.
namespace daybook::log {

/// What reading a segment found.
struct SegmentFacts {
  Head head;
  std::uint64_t rows = 0;
  std::uint64_t groups = 0;
};

/// Writes positions 1 to the head, every frame uncompressed, so that no hash changes. The file is replaced as
/// a whole or not at all. `path` has a directory part. Errors: LOG_DAMAGED; SEGMENT_NOT_WRITTEN (Unavailable).
[[nodiscard]] Result<Head> export_segment(const Log& log, const std::string& path);

/// Reads a segment and checks all of it, as `Log::verify` does for a log. Total on any bytes.
/// Errors: NOT_FOUND; LOG_DAMAGED; CHAIN_DIFFERS.
[[nodiscard]] Result<SegmentFacts> verify_segment(const std::string& path);

/// The same for bytes in memory.
[[nodiscard]] Result<SegmentFacts> verify_segment_bytes(Bytes bytes);

}  // namespace daybook::log
