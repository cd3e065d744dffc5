#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <rocksdb/db.h>

#include "ledger/domain/result.h"
#include "ledger/log/views.h"

/// What views.cpp, view_cursor.cpp and sorted_file.cpp share; nobody else includes it.
namespace daybook::log::detail {

struct ViewsState {
  std::string directory;
  std::shared_ptr<rocksdb::FileSystem> files;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::Options options;
  bool was_reset = false;

  std::mutex mutex;
  std::map<std::string, rocksdb::ColumnFamilyHandle*, std::less<>> families;  // guarded; owned
  std::vector<rocksdb::ColumnFamilyHandle*> dropped;  // guarded; owned: readers may still hold them
  std::uint64_t next_file = 0;                        // guarded
  /// Sorted files come in whole, but for those who are opening two iterators meanwhile.
  std::atomic<std::uint64_t> ingests_begun{0};
  std::atomic<std::uint64_t> ingests_ended{0};

  ~ViewsState();
};

struct FamilyState {
  std::string name;
  std::shared_ptr<ViewsState> views;
  rocksdb::ColumnFamilyHandle* handle = nullptr;
};

[[nodiscard]] inline rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

[[nodiscard]] inline std::string_view text(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// How a family of that name is kept, with the database's options beside.
[[nodiscard]] rocksdb::Options family_options(const ViewsState& state, std::string_view name);

/// OK as nothing, anything else as our error.
[[nodiscard]] Result<void> outcome(const rocksdb::Status& status, std::string_view where);

/// DIR/views/aside: sorted files while they are built.
[[nodiscard]] std::string aside(const std::string& directory);

}  // namespace daybook::log::detail
