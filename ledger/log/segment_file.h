#pragma once

#include <memory>
#include <string>

#include <rocksdb/file_system.h>

#include "ledger/domain/result.h"
#include "ledger/log/types.h"

namespace daybook::log {

/// A file that is written aside, as `path`.new, and put in its place once it is whole. What was not finished leaves nothing.
/// Errors of all of it: SEGMENT_NOT_WRITTEN (Unavailable).
class SegmentFile {
 public:
  /// `path` has a directory part.
  explicit SegmentFile(std::string path);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  [[nodiscard]] Result<void> open();
  [[nodiscard]] Result<void> write(Bytes bytes);
  /// Synced, renamed, and its directory synced.
  [[nodiscard]] Result<void> finish();

 private:
  [[nodiscard]] Result<void> checked(const rocksdb::IOStatus& status) const;

  std::string path_;
  std::shared_ptr<rocksdb::FileSystem> files_;
  std::unique_ptr<rocksdb::FSWritableFile> file_;
};

}  // namespace daybook::log
