#include "replay/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "ledger/log/copy_failed.h"
#include "ledger/log/log_copy.h"
#include "ledger/log/offline.h"
#include "replay/remains.h"

namespace daybook::replay {
namespace {

namespace fs = std::filesystem;

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

bool is_absent_or_empty(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return !error;
  return fs::is_directory(path, error) && fs::is_empty(path, error) && !error;
}

/// Waits until a file or a directory is on disk.
Result<void> sync(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  return synced ? Result<void>() : log::copy_failed(path.string(), std::strerror(error));
}

Result<void> copy_synced(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) return log::copy_failed(to.string(), error.message());
  return sync(to);
}

Result<void> make_private(const fs::path& directory) {
  std::error_code error;
  fs::create_directory(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  return error ? log::copy_failed(directory.string(), error.message()) : Result<void>();
}

Result<void> copy_folder(const fs::path& from, const fs::path& to, const std::function<void(std::uint64_t)>& add) {
  if (Result<void> made = make_private(to); !made) return made;
  std::error_code error;
  fs::directory_iterator files(from, error);
  if (error) return log::copy_failed(from.string(), error.message());
  for (const fs::directory_entry& file : files) {
    if (file.path().filename() == "LOCK") continue;
    if (Result<void> copied = copy_synced(file.path(), to / file.path().filename()); !copied) return copied;
    add(file.file_size(error));
  }
  return sync(to);
}

std::uint64_t bytes_in(const fs::path& folder) {
  std::error_code error;
  std::uint64_t bytes = 0;
  for (const fs::directory_entry& file : fs::directory_iterator(folder, error)) bytes += file.file_size(error);
  return bytes;
}

Progress as(std::string_view step, const StepProgress& progress) {
  return [step, &progress](log::Position done, log::Position total) {
    if (progress) progress(step, done, total);
  };
}

}  // namespace

Result<Verdict> create_backup(const BeginCopy& begin, const std::string& given, const StepProgress& progress) {
  const std::string backup = without_slash(given);
  const std::string unfinished = backup + ".unfinished";
  if (!is_absent_or_empty(backup))
    return conflict("ALREADY_EXISTS", backup + " is there already; name a new directory");
  if (!is_absent_or_empty(unfinished))
    return conflict("ALREADY_EXISTS", unfinished + " is what an interrupted backup left; remove it");
  Remains remains(unfinished);
  {
    const Result<std::unique_ptr<log::LogCopy>> copy = begin(unfinished);
    if (!copy) return tl::unexpected(copy.error());
    if (Result<void> finished = (*copy)->finish(as("copying", progress)); !finished) return tl::unexpected(finished.error());
  }
  Verdict verdict = verify_copy(unfinished, as("verifying", progress));
  if (verdict.damage) {
    remains.keep();  // it shows what is wrong
    return verdict;
  }
  std::error_code error;
  fs::rename(unfinished, backup, error);
  if (error) return log::copy_failed(backup, error.message());
  remains.keep();
  const fs::path parent = fs::path(backup).parent_path();
  if (Result<void> synced = sync(parent.empty() ? fs::path(".") : parent); !synced) return tl::unexpected(synced.error());
  return verdict;
}

Result<Verdict> create_backup(const std::string& directory, const std::string& backup, const StepProgress& progress) {
  std::optional<Damage> damage;
  std::unique_ptr<log::Log> log;  // outlives the copy
  const BeginCopy begin = [&](const std::string& where) -> Result<std::unique_ptr<log::LogCopy>> {
    log::Log::Opened opened = log::open_offline(directory, log::Held::AsOwner);
    if (!opened) {
      damage = locate(directory, opened.error().exit_code, opened.error().detail);
      return failed(ErrorKind::Corruption, "NOT_OPENED", damage->detail);
    }
    log = std::move(*opened);
    return log::LogCopy::begin(*log, where);
  };
  Result<Verdict> made = create_backup(begin, backup, progress);
  if (!damage) return made;
  Verdict verdict;
  verdict.looked = false;
  verdict.damage = std::move(damage);
  return verdict;
}

Result<Verdict> restore_backup(const std::string& given, const std::string& directory, const StepProgress& progress) {
  const fs::path backup = without_slash(given);
  const fs::path data = without_slash(directory);
  if (!is_absent_or_empty(data))
    return conflict("ALREADY_EXISTS", data.string() + " has something in it; a backup goes into a new or empty directory");
  if (Verdict verdict = verify_copy(backup, as("verifying", progress)); verdict.damage) return verdict;
  const std::uint64_t total = bytes_in(backup / "log") + bytes_in(backup / "keys");
  std::uint64_t done = 0;
  const auto add = [&](std::uint64_t bytes) {
    done += bytes;
    if (progress) progress("copying", done, total);
  };
  if (Result<void> made = make_private(data); !made) return tl::unexpected(made.error());
  for (const char* folder : {"log", "keys"}) {
    if (Result<void> copied = copy_folder(backup / folder, data / folder, add); !copied) return tl::unexpected(copied.error());
  }
  for (const char* file : {"witness", "FORMAT"}) {
    if (Result<void> copied = copy_synced(backup / file, data / file); !copied) return tl::unexpected(copied.error());
  }
  if (Result<void> synced = sync(data); !synced) return tl::unexpected(synced.error());
  return verify_copy(data, as("verifying", progress));
}

}  // namespace daybook::replay
