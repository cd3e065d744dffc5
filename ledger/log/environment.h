#pragma once

#include <functional>
#include <memory>

namespace rocksdb {
class Env;
class FileSystem;
}  // namespace rocksdb

namespace daybook::log {

/// Makes what RocksDB runs in over files of ours: its threads, and the clock it waits by. Empty means the host's. The
/// simulator puts its own there, so that background work comes in one order and no wait takes time.
using MakeEnvironment = std::function<std::unique_ptr<rocksdb::Env>(std::shared_ptr<rocksdb::FileSystem>)>;

}  // namespace daybook::log
