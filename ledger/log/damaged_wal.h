#pragma once

#include <string>

#include <rocksdb/file_system.h>

#include "ledger/log/types.h"

namespace daybook::log {

/// What of the write-ahead logs in `log` (DIR/log) is damaged, as sentences that name the files and the positions that cannot
/// be read; RocksDB names neither. `acknowledged`: how far the witness goes. Empty where nothing is.
[[nodiscard]] std::string damaged_wal(rocksdb::FileSystem& files, const std::string& log, Position acknowledged);

}  // namespace daybook::log
