#pragma once

#include <string>
#include <string_view>

#include <rocksdb/file_system.h>

#include "ledger/log/types.h"

/// Small whole files through the file system seam.
namespace daybook::log {

/// Is this "no such file or directory", in either of RocksDB's spellings?
[[nodiscard]] bool is_missing(const rocksdb::IOStatus& status);

/// Is something there? Errors other than "missing" count as there: whoever opens it will be told.
[[nodiscard]] bool exists(rocksdb::FileSystem& files, const std::string& path);

/// The whole of a small file, no more than `limit` bytes of it.
[[nodiscard]] rocksdb::IOStatus read_file(rocksdb::FileSystem& files, const std::string& path,
                                          std::size_t limit, std::string& out);

/// Puts `bytes` at `path` so that after a power cut either the old or the new file is there, whole: written
/// aside, synced, renamed, the directory synced. `path` has a directory part.
[[nodiscard]] rocksdb::IOStatus replace_file(rocksdb::FileSystem& files, const std::string& path,
                                             Bytes bytes);

/// Makes entries of `directory` durable.
[[nodiscard]] rocksdb::IOStatus sync_directory(rocksdb::FileSystem& files,
                                               const std::string& directory);

/// Bytes of the plain files in `directory`; 0 where it cannot be read.
[[nodiscard]] std::uint64_t directory_bytes(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace daybook::log
