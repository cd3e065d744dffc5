#include "ledger/log/directory.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/files.h"

namespace daybook::log {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::uint64_t kFormatVersion = 1;
constexpr std::string_view kFormatWord = "daybook-ledger ";
constexpr std::string_view kLedgerWord = "ledger ";
constexpr std::string_view kChecksumWord = "crc32c ";

std::string lower_hex32(std::uint32_t value) {
  std::array<std::byte, 4> bytes;
  store_big32(bytes.data(), value);
  return hex(bytes);
}

/// Takes one line off `text` and, if it begins with `word`, says what follows; else nothing.
std::string_view take_line(std::string_view& text, std::string_view word) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(word)) {
    return {};
  }
  const std::string_view rest = text.substr(word.size(), end - word.size());
  text.remove_prefix(end + 1);
  return rest;
}

}  // namespace

Opening<void> check_private(const std::string& directory) {
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0) {
    return refuse(ExitCode::IoError, directory + ": " + std::strerror(errno));
  }
  if (!S_ISDIR(found.st_mode)) {
    return refuse(ExitCode::Format, directory + " is not a directory");
  }
  if ((found.st_mode & 077) != 0) {
    return refuse(ExitCode::Permissions,
                  directory + " can be entered by others; say: chmod 700 " + directory);
  }
  if (found.st_uid != ::geteuid() && ::geteuid() != 0) {
    return refuse(ExitCode::Permissions,
                  directory + " belongs to another user; run as that user, or chown it");
  }
  return {};
}

Opening<void> make_private(const std::string& directory) {
  if (::chmod(directory.c_str(), 0700) != 0) {
    return refuse(ExitCode::Permissions, directory + ": " + std::strerror(errno));
  }
  return {};
}

Opening<std::unique_ptr<DirectoryLock>> DirectoryLock::acquire(
    std::shared_ptr<rocksdb::FileSystem> files, const std::string& directory) {
  auto lock =
      std::unique_ptr<DirectoryLock>(new DirectoryLock(std::move(files), directory));
  const IOStatus status =
      lock->files_->LockFile(directory + "/LOCK", IOOptions(), &lock->lock_, nullptr);
  if (!status.ok()) {
    std::string owner;
    const bool known = read_file(*lock->files_, directory + "/OWNER", 200, owner).ok();
    return refuse(ExitCode::Locked, directory + " is locked by " +
                                        (known ? owner.substr(0, owner.find('\n')) : "another process") +
                                        " (" + status.ToString() + ")");
  }
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (lock_ != nullptr) {
    files_->UnlockFile(lock_, IOOptions(), nullptr).PermitUncheckedError();
  }
}

void DirectoryLock::sign(std::uint64_t epoch) const {
  const std::string text =
      "pid " + std::to_string(::getpid()) + ", epoch " + std::to_string(epoch) + "\n";
  rocksdb::WriteStringToFile(files_.get(), text, directory_ + "/OWNER").PermitUncheckedError();
}

std::string format_text(const LedgerId& ledger) {
  std::string text;
  text += kFormatWord;
  text += std::to_string(kFormatVersion) + "\n";
  text += kLedgerWord;
  text += hex(ledger) + "\n";
  const std::uint32_t crc = crc32c(as_bytes(text));
  text += kChecksumWord;
  text += lower_hex32(crc) + "\n";
  return text;
}

Opening<LedgerId> parse_format(std::string_view text, const std::string& path) {
  const std::string_view all = text;
  const std::string_view version = take_line(text, kFormatWord);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), number);
  if (error == std::errc() && end == version.data() + version.size() && number > kFormatVersion) {
    return refuse(ExitCode::Format, path + " says format " + std::string(version) +
                                        "; this version knows up to " +
                                        std::to_string(kFormatVersion) + ". Run the newer version.");
  }
  LedgerId ledger;
  const std::string_view id = take_line(text, kLedgerWord);
  if (!from_hex(id, ledger) || all != format_text(ledger)) {
    return refuse(ExitCode::Corruption, path + " is damaged; restore it from a backup");
  }
  return ledger;
}

}  // namespace daybook::log
