#pragma once

#include <cstdint>

namespace rocksdb {
class DB;
}  // namespace rocksdb

namespace daybook::log {

/// Memory that a database of sorted files takes, in bytes, as RocksDB counts it.
struct MemoryUse {
  std::uint64_t write_buffers = 0;  ///< rows that no file holds yet, and those that readers still look at
  std::uint64_t caches = 0;         ///< blocks of files
  std::uint64_t tables = 0;         ///< indexes and filters of open files, where they lie outside of the cache
};

/// What `db` takes now. Any thread.
[[nodiscard]] MemoryUse memory_use_of(rocksdb::DB& db);

}  // namespace daybook::log
