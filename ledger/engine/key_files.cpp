#include "ledger/engine/key_files.h"

#include <utility>

namespace daybook::engine {
namespace {

class GuardedKeyFiles final : public codec::KeyFiles {
 public:
  explicit GuardedKeyFiles(log::SideFiles files) : files_(std::move(files)) {}

  Result<std::optional<std::string>> read(const std::string& path) override { return files_.read(path); }
  Result<void> write(const std::string& path, std::uint64_t offset, std::string_view bytes) override {
    return files_.write(path, offset, bytes);
  }
  Result<void> replace(const std::string& path, std::string_view bytes) override { return files_.replace(path, bytes); }
  Result<void> destroy(const std::string& path) override { return files_.destroy(path); }
  Result<std::vector<std::string>> list(const std::string& directory) override { return files_.list(directory); }

 private:
  log::SideFiles files_;
};

/// Opening writes what it read, to be sure that it is on disk; where nothing may be written that is left out.
class ReadKeyFiles final : public codec::KeyFiles {
 public:
  explicit ReadKeyFiles(log::SideFiles files) : files_(std::move(files)) {}

  Result<std::optional<std::string>> read(const std::string& path) override { return files_.read(path); }
  Result<void> write(const std::string&, std::uint64_t, std::string_view) override { return {}; }
  Result<void> replace(const std::string&, std::string_view) override { return {}; }
  Result<void> destroy(const std::string&) override { return {}; }
  Result<std::vector<std::string>> list(const std::string& directory) override { return files_.list(directory); }

 private:
  log::SideFiles files_;
};

}  // namespace

std::unique_ptr<codec::KeyFiles> key_files(log::SideFiles files) {
  return std::make_unique<GuardedKeyFiles>(std::move(files));
}

Result<std::unique_ptr<codec::KeyStore>> open_keys(const log::Log& log, const log::Options& options) {
  log::SideFiles side(log.trusted_files(), options.host_permissions);
  std::unique_ptr<codec::KeyFiles> files =
      options.read_only ? std::make_unique<ReadKeyFiles>(std::move(side)) : key_files(std::move(side));
  return codec::KeyStore::open(log.directory() + "/keys", log.position() == 0, std::move(files), codec::system_secrets());
}

}  // namespace daybook::engine
