#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"

namespace rocksdb {
class FileSystem;
}

namespace daybook::log {

/// Small files of the ledger beside its databases, for the layers above.
///
/// They go the way of log and witness: through the file system seam, and every I/O error but "not found"
/// has met the fail-stop rule (fail_stop.h) before it comes back as INTERNAL. Files are made for their
/// owner alone (0600).
class SideFiles {
 public:
  /// `host_permissions`: as Options has it.
  SideFiles(std::shared_ptr<rocksdb::FileSystem> files, bool host_permissions)
      : files_(std::move(files)), host_permissions_(host_permissions) {}

  /// Of the machine, for a directory that no ledger is opened in: nothing here is fail-stop.
  [[nodiscard]] static SideFiles of_host();

  /// The whole content; nothing where there is no such file.
  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path) const;
  /// Writes `bytes` at `offset` of a file that is there, and waits until they are on disk.
  [[nodiscard]] Result<void> write(const std::string& path, std::uint64_t offset,
                                   std::string_view bytes) const;
  /// As `replace_file` (files.h).
  [[nodiscard]] Result<void> replace(const std::string& path, std::string_view bytes) const;
  /// Overwrites the file with zeros, syncs, removes it, syncs the directory. No file: nothing to do.
  [[nodiscard]] Result<void> destroy(const std::string& path) const;
  /// Names of what is in `directory`.
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& directory) const;

 private:
  std::shared_ptr<rocksdb::FileSystem> files_;
  bool host_permissions_;
};

}  // namespace daybook::log
