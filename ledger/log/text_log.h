#pragma once

#include <memory>

#include <rocksdb/file_system.h>

namespace daybook::log {

/// `files`, in which RocksDB's own text log (LOG) may fail: what the disk does not take is dropped. RocksDB's writer of it
/// is built with assertions by Debian and ends the process at the second line after a failed one: on a full disk, where
/// views/ alone would halt, or before the fail-stop rule has spoken (reliability.md, class 7).
[[nodiscard]] std::shared_ptr<rocksdb::FileSystem> with_text_log(std::shared_ptr<rocksdb::FileSystem> files);

/// `files`, in which RocksDB keeps no text log: where nothing is to be written.
[[nodiscard]] std::shared_ptr<rocksdb::FileSystem> without_text_log(std::shared_ptr<rocksdb::FileSystem> files);

/// A text log that nobody reads.
[[nodiscard]] std::shared_ptr<rocksdb::Logger> no_text_log();

}  // namespace daybook::log
