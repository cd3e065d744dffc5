#include "ledger/log/log_copy.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <rocksdb/metadata.h>
#include <rocksdb/options.h>

#include "ledger/log/bytes.h"
#include "ledger/log/copy_failed.h"
#include "ledger/log/files.h"
#include "ledger/log/log_state.h"
#include "ledger/log/opening.h"
#include "ledger/log/side_files.h"
#include "ledger/log/witness.h"

namespace daybook::log {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

/// Where one file comes from and goes to, and how much of it counts.
struct CopiedFile {
  std::string from;
  std::string to;
  std::uint64_t bytes = 0;
};

IOStatus write_whole(rocksdb::FileSystem& files, const std::string& path, std::string_view bytes) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = files.NewWritableFile(path, FileOptions(), &file, nullptr);
  if (status.ok()) status = file->Append(Slice(bytes.data(), bytes.size()), IOOptions(), nullptr);
  if (status.ok()) status = file->Sync(IOOptions(), nullptr);
  if (status.ok()) status = file->Close(IOOptions(), nullptr);
  return status;
}

}  // namespace

struct LogCopy::State {
  std::shared_ptr<rocksdb::FileSystem> files;  ///< those of the log, without its fail-stop rule
  rocksdb::DB* db = nullptr;
  std::string directory;
  Lineage lineage;
  std::vector<CopiedFile> tables;
  bool keeps_files = false;

  /// The first `file.bytes` bytes, synced. `add(n)` counts them.
  [[nodiscard]] Result<void> copy(const CopiedFile& file, const std::function<void(std::uint64_t)>& add) const {
    std::unique_ptr<rocksdb::FSSequentialFile> from;
    std::unique_ptr<rocksdb::FSWritableFile> to;
    IOStatus status = files->NewSequentialFile(file.from, FileOptions(), &from, nullptr);
    if (!status.ok()) return copy_failed(file.from, status);
    status = files->NewWritableFile(file.to, FileOptions(), &to, nullptr);
    std::string buffer(kCopyBytes, '\0');
    std::uint64_t left = file.bytes;
    while (status.ok() && left > 0) {
      Slice got;
      const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
      status = from->Read(wanted, IOOptions(), &got, buffer.data(), nullptr);
      if (!status.ok()) return copy_failed(file.from, status);
      if (got.empty()) return copy_failed(file.from, IOStatus::Corruption("is shorter than the log says"));
      status = to->Append(got, IOOptions(), nullptr);
      left -= got.size();
      add(got.size());
    }
    if (status.ok()) status = to->Sync(IOOptions(), nullptr);
    if (status.ok()) status = to->Close(IOOptions(), nullptr);
    return status.ok() ? Result<void>() : copy_failed(file.to, status);
  }

  [[nodiscard]] Result<void> make_directory(const std::string& path, bool on_host) const {
    if (IOStatus status = files->CreateDirIfMissing(path, IOOptions(), nullptr); !status.ok()) return copy_failed(path, status);
    if (!on_host) return {};
    if (Opening<void> done = make_private(path); !done) return failed(ErrorKind::Internal, "COPY_FAILED", done.error().detail);
    return {};
  }

  [[nodiscard]] Result<void> begin(const Log::State& log);
  [[nodiscard]] Result<void> copy_keys(const std::string& from, const std::string& to, bool on_host) const;
  /// Table files are left for later, the rest of the log's files is copied.
  [[nodiscard]] Result<void> copy_log(const std::string& to);
};

Result<void> LogCopy::State::begin(const Log::State& log) {
  std::vector<std::string> there;
  if (files->GetChildren(directory, IOOptions(), &there, nullptr).ok() &&
      std::any_of(there.begin(), there.end(), [](const std::string& name) { return name != "." && name != ".."; })) {
    return conflict("ALREADY_EXISTS", directory + " has something in it; name a new directory");
  }
  const bool on_host = log.options.host_permissions;
  const opening::Paths from(log.options.directory);
  const opening::Paths to(directory);
  if (Result<void> made = make_directory(directory, on_host); !made) return made;
  if (Result<void> made = make_directory(to.log, on_host); !made) return made;
  if (Result<void> made = make_directory(to.keys, on_host); !made) return made;
  const CopiedFile witness{from.witness, to.witness, kWitnessFileBytes};
  if (Result<void> copied = copy(witness, [](std::uint64_t) {}); !copied) return copied;
  if (Result<void> copied = copy_keys(from.keys, to.keys, on_host); !copied) return copied;
  return copy_log(to.log);
}

Result<void> LogCopy::State::copy_keys(const std::string& from, const std::string& to, bool on_host) const {
  std::vector<std::string> names;
  if (IOStatus status = files->GetChildren(from, IOOptions(), &names, nullptr); !status.ok()) return copy_failed(from, status);
  for (const std::string& name : names) {
    if (name == "." || name == "..") continue;
    const SideFiles small(files, on_host);
    const Result<std::optional<std::string>> bytes = small.read(from + "/" + name);
    const Result<void> written = bytes ? small.replace(to + "/" + name, bytes->value_or("")) : tl::unexpected(bytes.error());
    if (!written) return failed(ErrorKind::Internal, "COPY_FAILED", written.error().detail);
  }
  return {};
}

Result<void> LogCopy::State::copy_log(const std::string& to) {
  if (rocksdb::Status status = db->DisableFileDeletions(); !status.ok()) return copy_failed(to, status);
  keeps_files = true;
  std::vector<rocksdb::LiveFileStorageInfo> live;
  if (rocksdb::Status status = db->GetLiveFilesStorageInfo({}, &live); !status.ok()) return copy_failed(to, status);
  for (const rocksdb::LiveFileStorageInfo& file : live) {
    const CopiedFile copied{file.directory + "/" + file.relative_filename, to + "/" + file.relative_filename, file.size};
    if (file.file_type == rocksdb::kTableFile) {
      tables.push_back(copied);
    } else if (!file.replacement_contents.empty()) {
      if (IOStatus status = write_whole(*files, copied.to, file.replacement_contents); !status.ok()) return copy_failed(copied.to, status);
    } else if (Result<void> done = copy(copied, [](std::uint64_t) {}); !done) {
      return done;
    }
  }
  return {};
}

LogCopy::LogCopy(std::unique_ptr<State> state) : state_(std::move(state)) {}

LogCopy::~LogCopy() {
  if (state_->keeps_files) state_->db->EnableFileDeletions(false).PermitUncheckedError();
}

Result<void> LogCopy::settle(const Log& log) {
  const Log::State& source = *log.state_;
  if (source.options.read_only) return {};
  const rocksdb::Status status = source.rows->db().Flush({});
  return status.ok() ? Result<void>() : copy_failed(source.options.directory + "/log", status);
}

Result<std::unique_ptr<LogCopy>> LogCopy::begin(const Log& log, const std::string& directory) {
  auto state = std::make_unique<State>();
  const Log::State& source = *log.state_;
  state->files = source.files;
  state->db = &source.rows->db();
  state->directory = directory;
  while (state->directory.size() > 1 && state->directory.ends_with('/')) state->directory.pop_back();
  state->lineage = source.lineage;
  auto copy = std::unique_ptr<LogCopy>(new LogCopy(std::move(state)));
  if (Result<void> begun = copy->state_->begin(source); !begun) return tl::unexpected(begun.error());
  return copy;
}

Result<void> LogCopy::finish(const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
  State& state = *state_;
  std::uint64_t total = 0;
  for (const CopiedFile& file : state.tables) total += file.bytes;
  std::uint64_t done = 0;
  for (const CopiedFile& file : state.tables) {
    const Result<void> copied = state.copy(file, [&](std::uint64_t bytes) {
      done += bytes;
      if (progress) progress(done, total);
    });
    if (!copied) return copied;
  }
  const opening::Paths to(state.directory);
  if (IOStatus status = sync_directory(*state.files, to.log); !status.ok()) return copy_failed(to.log, status);
  // Without FORMAT it is no ledger, so it comes last.
  IOStatus status = replace_file(*state.files, to.format, as_bytes(format_text(state.lineage)));
  const std::size_t slash = state.directory.find_last_of('/');
  const std::string parent = slash == std::string::npos ? "." : state.directory.substr(0, std::max<std::size_t>(slash, 1));
  if (status.ok()) status = sync_directory(*state.files, parent);
  return status.ok() ? Result<void>() : copy_failed(to.format, status);
}

}  // namespace daybook::log
