#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/codec/key_store.h"

namespace daybook::codec {
namespace {

tl::unexpected<Error> cannot(std::string_view what, const std::string& path) {
  return failed(
      ErrorKind::Internal, "INTERNAL",
      "cannot " + std::string(what) + " " + path + ": " + std::generic_category().message(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_all(int file, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return true;
}

Result<void> sync_directory_of(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0) return cannot("sync", directory);
  return {};
}

class PosixFiles final : public KeyFiles {
 public:
  Result<std::optional<std::string>> read(const std::string& path) override {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
      if (errno == ENOENT) return std::nullopt;
      return cannot("open", path);
    }
    std::string bytes;
    char block[65536];
    for (;;) {
      const ssize_t count = ::read(file.get(), block, sizeof block);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return cannot("read", path);
      if (count == 0) return bytes;
      bytes.append(block, static_cast<std::size_t>(count));
    }
  }

  Result<void> write(const std::string& path, std::uint64_t offset,
                     std::string_view bytes) override {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) return cannot("open", path);
    if (!write_all(file.get(), bytes, offset)) return cannot("write", path);
    if (::fdatasync(file.get()) != 0) return cannot("sync", path);
    return {};
  }

  Result<void> replace(const std::string& path, std::string_view bytes) override {
    const std::string fresh = path + ".new";
    {
      const Descriptor file(
          ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
      if (!file) return cannot("create", fresh);
      if (!write_all(file.get(), bytes, 0)) return cannot("write", fresh);
      if (::fsync(file.get()) != 0) return cannot("sync", fresh);
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return cannot("put in place", path);
    return sync_directory_of(path);
  }

  Result<void> destroy(const std::string& path) override {
    {
      const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
      if (!file) {
        if (errno == ENOENT) return {};
        return cannot("open", path);
      }
      struct stat status {};
      if (::fstat(file.get(), &status) != 0) return cannot("look at", path);
      if (!write_all(file.get(), std::string(static_cast<std::size_t>(status.st_size), '\0'), 0)) {
        return cannot("overwrite", path);
      }
      if (::fsync(file.get()) != 0) return cannot("sync", path);
    }
    if (::unlink(path.c_str()) != 0) return cannot("remove", path);
    return sync_directory_of(path);
  }

  Result<std::vector<std::string>> list(const std::string& directory) override {
    std::error_code error;
    std::vector<std::string> names;
    for (auto entry = std::filesystem::directory_iterator(directory, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error)
      return failed(ErrorKind::Internal, "INTERNAL",
                    "cannot list " + directory + ": " + error.message());
    return names;
  }
};

}  // namespace

std::unique_ptr<KeyFiles> posix_key_files() { return std::make_unique<PosixFiles>(); }

}  // namespace daybook::codec
