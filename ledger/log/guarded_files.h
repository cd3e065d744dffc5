#pragma once

#include <memory>
#include <string>

#include <rocksdb/file_system.h>

namespace daybook::log {

/// Kinds of file operations, as far as a guard tells them apart.
enum class FileOp { Open, Read, Write, Sync, Close, Rename, Delete, Stat, Directory };

[[nodiscard]] const char* name(FileOp op);

/// Stands before and behind every file operation: the fail-stop rule in production, injected faults and
/// traces in tests. Called from many threads at once.
class FileGuard {
 public:
  virtual ~FileGuard() = default;

  /// Before the operation; anything but OK is its outcome, and the disk is not touched.
  virtual rocksdb::IOStatus before(FileOp op, const std::string& file) = 0;

  /// After it; what comes back is what the caller sees.
  virtual rocksdb::IOStatus after(FileOp op, const std::string& file, rocksdb::IOStatus outcome) = 0;
};

/// `files` with `guard` around every operation of files and directories. Locks (LockFile), RocksDB's
/// own text log and direct reads go through unguarded: not every file system knows these, and whoever tries them reads otherwise then.
[[nodiscard]] std::shared_ptr<rocksdb::FileSystem> guarded_files(
    std::shared_ptr<rocksdb::FileSystem> files, std::shared_ptr<FileGuard> guard);

}  // namespace daybook::log
