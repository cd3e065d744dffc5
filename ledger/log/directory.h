#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <rocksdb/file_system.h>

#include "ledger/log/lineage.h"
#include "ledger/log/open_error.h"
#include "ledger/log/types.h"

/// The ledger's directory around its databases: who may enter, who is in, and what is written on the door.
namespace daybook::log {

/// Refuses (Permissions) a directory on the host that is another user's or that others may enter.
[[nodiscard]] Opening<void> check_private(const std::string& directory);

/// Makes a directory on the host private (0700).
[[nodiscard]] Opening<void> make_private(const std::string& directory);

/// DIR/LOCK, held while a process has the ledger.
class DirectoryLock {
 public:
  /// Errors: Locked, naming who has it as DIR/OWNER says; IoError.
  [[nodiscard]] static Opening<std::unique_ptr<DirectoryLock>> acquire(
      std::shared_ptr<rocksdb::FileSystem> files, const std::string& directory);
  ~DirectoryLock();

  /// Writes DIR/OWNER for people and for the next process's refusal. Failing to is no failure.
  void sign(std::uint64_t epoch) const;

 private:
  DirectoryLock(std::shared_ptr<rocksdb::FileSystem> files, std::string directory)
      : files_(std::move(files)), directory_(std::move(directory)) {}

  std::shared_ptr<rocksdb::FileSystem> files_;
  std::string directory_;
  rocksdb::FileLock* lock_ = nullptr;
};

/// The text of DIR/FORMAT.
[[nodiscard]] std::string format_text(const Lineage& lineage);

/// Reads it. Errors: Format (a higher version), Corruption.
[[nodiscard]] Opening<Lineage> parse_format(std::string_view text, const std::string& path);

}  // namespace daybook::log
