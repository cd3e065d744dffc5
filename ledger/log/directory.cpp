#include "ledger/log/directory.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
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
constexpr std::uint64_t kBranchVersion = 2;  // of branches alone: who knows none must not take one for a ledger of its own
constexpr std::string_view kFormatWord = "daybook-ledger ";
constexpr std::string_view kLedgerWord = "ledger ";
constexpr std::string_view kBranchWord = "branch of ";
constexpr std::string_view kAtWord = " at ";
constexpr std::string_view kChecksumWord = "crc32c ";

std::string lower_hex32(std::uint32_t value) {
  std::array<std::byte, 4> bytes;
  store_big32(bytes.data(), value);
  return hex(bytes);
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
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

/// Why the file of a lock could not even be opened; empty: it was, or somebody holds it.
std::string why_not_opened(const IOStatus& status) {
  const std::string text = status.ToString();
  if (status.ok() || text.find("open a file for lock") == std::string::npos) return {};
  return text.substr(text.rfind(": ") + 2);
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
  if (const std::string why = why_not_opened(status); !why.empty()) {
    return refuse(ExitCode::Permissions,
                  directory + " cannot be written: " + why +
                      ". Make it writable for this user, or read it as it is with `daybook serve --read-only` or `daybook replay verify`.");
  }
  if (!status.ok()) {
    std::string owner;
    const bool known = read_file(*lock->files_, directory + "/OWNER", 200, owner).ok();
    return refuse(ExitCode::Locked, directory + " is locked by " +
                                        (known ? owner.substr(0, owner.find('\n')) : "another process") +
                                        ". End that process first.");
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

std::string format_text(const Lineage& lineage) {
  std::string text;
  text += kFormatWord;
  text += std::to_string(lineage.origins.empty() ? kFormatVersion : kBranchVersion) + "\n";
  text += kLedgerWord;
  text += hex(lineage.ledger_id) + "\n";
  for (const Origin& origin : lineage.origins) {
    text += kBranchWord;
    text += hex(origin.ledger);
    text += kAtWord;
    text += std::to_string(origin.position) + "\n";
  }
  const std::uint32_t crc = crc32c(as_bytes(text));
  text += kChecksumWord;
  text += lower_hex32(crc) + "\n";
  return text;
}

Opening<Lineage> parse_format(std::string_view text, const std::string& path) {
  const std::string_view all = text;
  const std::string_view version = take_line(text, kFormatWord);
  if (const auto number = whole_number(version); number && *number > kBranchVersion) {
    return refuse(ExitCode::Format, path + " says format " + std::string(version) +
                                        "; this version knows up to " +
                                        std::to_string(kBranchVersion) + ". Run the newer version.");
  }
  Lineage lineage;
  bool reads = from_hex(take_line(text, kLedgerWord), lineage.ledger_id);
  while (reads && text.starts_with(kBranchWord)) {
    const std::string_view line = take_line(text, kBranchWord);
    const std::size_t at = line.find(kAtWord);
    reads = at != std::string_view::npos;
    if (!reads) {
      break;
    }
    Origin origin;
    const auto position = whole_number(line.substr(at + kAtWord.size()));
    reads = from_hex(line.substr(0, at), origin.ledger) && position && *position > lineage.branched_at();
    origin.position = position.value_or(0);
    lineage.origins.push_back(origin);
  }
  if (!reads || all != format_text(lineage)) {
    return refuse(ExitCode::Corruption, path + " is damaged; restore it from a backup");
  }
  return lineage;
}

}  // namespace daybook::log
