#pragma once

#include <memory>
#include <string>

#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include "ledger/log/environment.h"
#include "ledger/log/views.h"

/// How RocksDB is used: the trusted profile. Every line of profile.cpp avoids a known hole; none may be
/// changed without reading docs/decisions about it. No other file sets an option.
namespace daybook::log {

/// RocksDB's environment over our files.
[[nodiscard]] std::unique_ptr<rocksdb::Env> environment(std::shared_ptr<rocksdb::FileSystem> files,
                                                        const MakeEnvironment& make = {});

/// What whoever opens DIR/log may choose.
struct LogTables {
  std::size_t write_buffer_bytes = 64u << 20;
  std::size_t block_cache_bytes = 64u << 20;
  int file_opening_threads = 16;
};

/// DIR/log.
[[nodiscard]] rocksdb::Options log_options(rocksdb::Env* env, const LogTables& own);

/// A commit group's write: synced, checked in memory.
[[nodiscard]] rocksdb::WriteOptions log_write_options();

/// For one row of the log.
[[nodiscard]] rocksdb::ReadOptions log_read_options();

/// For a walk over the log: reads ahead and leaves the cache to others.
[[nodiscard]] rocksdb::ReadOptions log_scan_options();

/// DIR/views and its column families.
[[nodiscard]] rocksdb::Options views_options(rocksdb::Env* env, const Views::Options& options);

/// Families of pages (Views::kPagesPrefix): every row is a block, nothing is compressed.
[[nodiscard]] rocksdb::ColumnFamilyOptions pages_options(const rocksdb::Options& views);

[[nodiscard]] rocksdb::WriteOptions views_write_options();

/// For walks, and rows by their whole key.
[[nodiscard]] rocksdb::ReadOptions views_read_options();

/// For single rows: a seek sees only keys that differ from the one sought in their last eight bytes at most, and files
/// whose filters hold none of those are not read.
[[nodiscard]] rocksdb::ReadOptions views_point_options();

}  // namespace daybook::log
