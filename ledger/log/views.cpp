#include "ledger/log/views.h"

#include <algorithm>

#include <unistd.h>

#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/files.h"
#include "ledger/log/profile.h"
#include "ledger/log/views_state.h"

namespace daybook::log {
namespace detail {

ViewsState::~ViewsState() {
  for (const auto& [name, handle] : families) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  for (rocksdb::ColumnFamilyHandle* handle : dropped) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
}

Result<void> outcome(const rocksdb::Status& status, std::string_view where) {
  if (status.ok()) {
    return {};
  }
  std::string detail = "views, " + std::string(where) + ": " + status.ToString();
  if (detail.ends_with("is not a directory")) detail += "; move it away: views are made again from the log";
  return status.IsCorruption() ? failed(ErrorKind::Corruption, "VIEWS_DAMAGED",
                                        detail + ". Stop the ledger, remove views/ from its directory and start it "
                                                 "again: views are made again from the log")
                               : failed(ErrorKind::Unavailable, "VIEWS_UNAVAILABLE", detail);
}

rocksdb::Options family_options(const ViewsState& state, std::string_view name) {
  return name.starts_with(Views::kPagesPrefix)
             ? rocksdb::Options(rocksdb::DBOptions(state.options), pages_options(state.options))
             : state.options;
}

std::string aside(const std::string& directory) { return directory + "/aside"; }

struct BatchState {
  rocksdb::WriteBatch batch{0, 0, 8, 0};
};

}  // namespace detail

namespace {

using detail::outcome;
using detail::slice;
using rocksdb::IOOptions;

void say_reset(const std::string& directory, const rocksdb::Status& why) {
  const std::string line = "daybook: " + directory + " does not open (" + why.ToString() +
                           "); it is removed and built again from the log\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void remove_files(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  files.GetChildren(directory, IOOptions(), &names, nullptr).PermitUncheckedError();
  for (const std::string& name : names) {
    if (name != "." && name != "..") {
      files.DeleteFile(directory + "/" + name, IOOptions(), nullptr).PermitUncheckedError();
    }
  }
}

rocksdb::Status open_database(detail::ViewsState& state) {
  std::vector<std::string> names;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(state.options, state.directory, &names);
  if (!listed.ok()) {
    if (exists(*state.files, state.directory + "/CURRENT")) {
      return listed;
    }
    names = {rocksdb::kDefaultColumnFamilyName};
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, detail::family_options(state, name));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::Open(rocksdb::DBOptions(state.options), state.directory, families, &handles, &db);
  if (opened.ok()) {
    state.db.reset(db);
    for (std::size_t i = 0; i < names.size(); ++i) {
      state.families.emplace(names[i], handles[i]);
    }
  }
  return opened;
}

bool is_family_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Result<void> Views::remove(const std::string& directory,
                           const std::shared_ptr<rocksdb::FileSystem>& files, const MakeEnvironment& make) {
  if (!exists(*files, directory)) {
    return {};
  }
  remove_files(*files, detail::aside(directory));
  const std::unique_ptr<rocksdb::Env> env = environment(files, make);
  const rocksdb::Status destroyed = rocksdb::DestroyDB(directory, views_options(env.get(), {}));
  remove_files(*files, directory);
  return outcome(destroyed, "removing");
}

Result<std::unique_ptr<Views>> Views::open(const std::string& directory,
                                           std::shared_ptr<rocksdb::FileSystem> files) {
  return open(directory, std::move(files), Options{});
}

Result<std::unique_ptr<Views>> Views::open(const std::string& directory,
                                           std::shared_ptr<rocksdb::FileSystem> files,
                                           const Options& options) {
  if (files == nullptr) {
    files = rocksdb::FileSystem::Default();
  }
  auto state = std::make_shared<detail::ViewsState>();
  state->directory = directory;
  state->files = files;
  state->env = environment(files, options.environment);
  state->options = views_options(state->env.get(), options);
  state->options.create_if_missing = true;
  rocksdb::Status opened = open_database(*state);
  // What is damaged or incomplete is made anew; what is locked, or on a disk that fails, is left alone.
  if (!opened.ok() && (!opened.IsIOError() || opened.IsPathNotFound())) {
    say_reset(directory, opened);
    if (Result<void> removed = remove(directory, files, options.environment); !removed) {
      return tl::unexpected(removed.error());
    }
    state->was_reset = true;
    opened = open_database(*state);
  }
  if (Result<void> done = outcome(opened, "opening"); !done) {
    return tl::unexpected(done.error());
  }
  // Sorted files that a killed process left behind.
  files->CreateDirIfMissing(detail::aside(directory), IOOptions(), nullptr).PermitUncheckedError();
  remove_files(*files, detail::aside(directory));
  return std::unique_ptr<Views>(new Views(std::move(state)));
}

Views::~Views() = default;

Result<Family> Views::family(std::string_view name) {
  LEDGER_INVARIANT(is_family_name(name));
  const std::lock_guard guard(state_->mutex);
  auto found = state_->families.find(name);
  if (found == state_->families.end()) {
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    const rocksdb::Status made = state_->db->CreateColumnFamily(
        detail::family_options(*state_, name), std::string(name), &handle);
    if (Result<void> done = outcome(made, name); !done) {
      return tl::unexpected(done.error());
    }
    found = state_->families.emplace(std::string(name), handle).first;
  }
  return Family(std::make_shared<detail::FamilyState>(
      detail::FamilyState{std::string(name), state_, found->second}));
}

Result<void> Views::drop(std::string_view name) {
  const std::lock_guard guard(state_->mutex);
  const auto found = state_->families.find(name);
  if (found == state_->families.end()) {
    return {};
  }
  const rocksdb::Status done = state_->db->DropColumnFamily(found->second);
  if (done.ok()) {
    state_->dropped.push_back(found->second);
    state_->families.erase(found);
  }
  return outcome(done, name);
}

std::vector<std::string> Views::families() const {
  const std::lock_guard guard(state_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, handle] : state_->families) {
    if (name != rocksdb::kDefaultColumnFamilyName) {
      names.push_back(name);
    }
  }
  return names;
}

bool Views::was_reset() const { return state_->was_reset; }

std::uint64_t Views::disk_bytes() const { return directory_bytes(*state_->files, state_->directory); }

MemoryUse Views::memory_use() const { return memory_use_of(*state_->db); }

std::vector<TableFile> Views::table_files() const { return table_files_of(*state_->db); }

Result<void> Views::check(const TableFile& file) const { return outcome(check_table_file(*state_->db, file), "reading " + file.name() + " again"); }

std::string_view Family::name() const { return state_->name; }

Result<bool> Family::get(std::string_view key, std::string& out) const {
  const rocksdb::Status found =
      state_->views->db->Get(views_read_options(), state_->handle, slice(key), &out);
  if (found.IsNotFound()) {
    return false;
  }
  return outcome(found, state_->name).map([] { return true; });
}

Result<std::optional<std::string>> Family::get(std::string_view key) const {
  std::string value;
  return get(key, value).map([&](bool found) {
    return found ? std::optional<std::string>(std::move(value)) : std::nullopt;
  });
}

Result<std::vector<std::optional<std::string>>> Family::multi_get(
    const std::vector<std::string_view>& keys) const {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string_view key : keys) {
    slices.push_back(slice(key));
  }
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  state_->views->db->MultiGet(views_read_options(), state_->handle, keys.size(), slices.data(),
                              values.data(), statuses.data());
  std::vector<std::optional<std::string>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) {
      continue;
    }
    if (Result<void> found = outcome(statuses[i], state_->name); !found) {
      return tl::unexpected(found.error());
    }
    out[i] = values[i].ToString();
  }
  return out;
}

Result<void> Family::flush() {
  rocksdb::FlushOptions options;
  options.wait = true;
  options.allow_write_stall = true;
  return outcome(state_->views->db->Flush(options, state_->handle), state_->name);
}

Result<void> Family::compact(std::string_view first, std::string_view end) {
  if (Result<void> flushed = flush(); !flushed) {
    return flushed;
  }
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const rocksdb::Slice from = slice(first);
  const rocksdb::Slice to = slice(end);
  return outcome(state_->views->db->CompactRange(options, state_->handle,
                                                 first.empty() ? nullptr : &from,
                                                 end.empty() ? nullptr : &to),
                 state_->name);
}

std::uint64_t Family::disk_bytes() const {
  std::uint64_t bytes = 0;
  state_->views->db->GetIntProperty(state_->handle, rocksdb::DB::Properties::kTotalSstFilesSize,
                                    &bytes);
  return bytes;
}

ViewBatch::ViewBatch(Family family)
    : family_(std::move(family)), state_(std::make_unique<detail::BatchState>()) {}
ViewBatch::ViewBatch(ViewBatch&&) noexcept = default;
ViewBatch& ViewBatch::operator=(ViewBatch&&) noexcept = default;
ViewBatch::~ViewBatch() = default;

void ViewBatch::put(std::string_view key, std::string_view value) {
  LEDGER_INVARIANT(state_->batch.Put(family_.state_->handle, slice(key), slice(value)).ok());
}

void ViewBatch::erase(std::string_view key) {
  LEDGER_INVARIANT(state_->batch.Delete(family_.state_->handle, slice(key)).ok());
}

void ViewBatch::clear() { state_->batch.Clear(); }

std::size_t ViewBatch::rows() const { return state_->batch.Count(); }

std::size_t ViewBatch::bytes() const { return state_->batch.GetDataSize(); }

Result<void> ViewBatch::write() {
  if (rows() == 0) {
    return {};
  }
  const rocksdb::Status written =
      family_.state_->views->db->Write(views_write_options(), &state_->batch);
  state_->batch.Clear();
  return outcome(written, family_.name());
}

}  // namespace daybook::log
