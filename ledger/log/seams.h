#pragma once

#include <memory>

#include "ledger/log/clock.h"
#include "ledger/log/environment.h"
#include "ledger/log/rng.h"
#include "ledger/log/room.h"

namespace daybook::log {

/// Everything the ledger takes from the world outside: files, time, randomness. The core owns none of
/// them, so a test or the simulator can put its own in their place and repeat a run exactly.
struct Seams {
  /// Every file of the ledger goes through here: RocksDB's, the witness, LOCK, FORMAT, keys. Shared
  /// because RocksDB's own interface wants it so. Null means the host's file system.
  std::shared_ptr<rocksdb::FileSystem> files;
  Clock* clock = nullptr;  ///< outlives the ledger
  Rng* rng = nullptr;      ///< outlives the ledger
  MakeEnvironment environment = {};
  Room* room = nullptr;    ///< outlives the ledger; null: there is always room
};

}  // namespace daybook::log
