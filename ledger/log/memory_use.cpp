#include "ledger/log/memory_use.h"

#include <rocksdb/db.h>

namespace daybook::log {
namespace {

/// Of all families together.
std::uint64_t sum_of(rocksdb::DB& db, const std::string& property) {
  std::uint64_t bytes = 0;
  return db.GetAggregatedIntProperty(property, &bytes) ? bytes : 0;
}

}  // namespace

MemoryUse memory_use_of(rocksdb::DB& db) {
  MemoryUse use;
  use.write_buffers = sum_of(db, rocksdb::DB::Properties::kSizeAllMemTables);
  use.tables = sum_of(db, rocksdb::DB::Properties::kEstimateTableReadersMem);
  // One cache for all families: its size is not a sum over them.
  if (!db.GetIntProperty(rocksdb::DB::Properties::kBlockCacheUsage, &use.caches)) use.caches = 0;
  return use;
}

}  // namespace daybook::log
