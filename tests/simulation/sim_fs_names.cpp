#include "tests/simulation/sim_fs.h"

#include <cstdarg>
#include <utility>

/// Directories and what stands in them, locks.
namespace daybook::simulation {
namespace {

using rocksdb::IOStatus;

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string held) : path(std::move(held)) {}
  std::string path;
};

class NoLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
  std::size_t GetLogFileSize() const override { return 0; }
};

}  // namespace

IOStatus SimFS::FileExists(const std::string& path, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Stat, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  return disk_.find(path) ? IOStatus::OK() : IOStatus::NotFound(path);
}

IOStatus SimFS::GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result, Context*) {
  result->clear();
  if (IOStatus refused = begin(Op::List, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || !node->is_directory) return IOStatus::NotFound(path);
  for (const auto& [name, child] : node->entries) result->push_back(name);
  return IOStatus::OK();
}

IOStatus SimFS::DeleteFile(const std::string& path, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Delete, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const auto [directory, name] = disk_.place(path);
  if (!directory || !directory->entries.contains(name)) return missing(path);
  directory->change({{name, nullptr}});
  return IOStatus::OK();
}

IOStatus SimFS::Truncate(const std::string& path, std::size_t size, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Write, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node) return missing(path);
  node->truncate(size);
  return IOStatus::OK();
}

IOStatus SimFS::CreateDir(const std::string& path, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::MakeDirectory, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const auto [directory, name] = disk_.place(path);
  if (!directory) return missing(path);
  if (directory->entries.contains(name)) return IOStatus::IOError("File exists", path);
  auto made = std::make_shared<Node>();
  made->is_directory = true;
  directory->change({{name, made}});
  return IOStatus::OK();
}

IOStatus SimFS::CreateDirIfMissing(const std::string& path, const IOOptions& options, Context* context) {
  {
    const std::lock_guard lock(mutex_);
    const NodePtr node = disk_.find(path);
    if (node && node->is_directory && !off_.load()) return IOStatus::OK();
  }
  return CreateDir(path, options, context);
}

IOStatus SimFS::DeleteDir(const std::string& path, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Delete, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const auto [directory, name] = disk_.place(path);
  const NodePtr node = disk_.find(path);
  if (!directory || !node || !node->is_directory) return missing(path);
  if (!node->entries.empty()) return IOStatus::IOError("Directory not empty", path);
  directory->change({{name, nullptr}});
  return IOStatus::OK();
}

IOStatus SimFS::GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size, Context*) {
  *size = 0;
  if (IOStatus refused = begin(Op::Stat, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || node->is_directory) return missing(path);
  *size = node->live.size();
  return IOStatus::OK();
}

IOStatus SimFS::GetFileModificationTime(const std::string& path, const IOOptions&, std::uint64_t* time, Context*) {
  *time = 0;
  const std::lock_guard lock(mutex_);
  return disk_.find(path) ? IOStatus::OK() : missing(path);
}

IOStatus SimFS::RenameFile(const std::string& from, const std::string& to, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Rename, to).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const auto [source, old_name] = disk_.place(from);
  const auto [target, new_name] = disk_.place(to);
  if (!source || !target || !source->entries.contains(old_name)) return missing(from);
  const NodePtr node = source->entries.at(old_name);
  if (source == target) {
    source->change({{old_name, nullptr}, {new_name, node}});
  } else {
    target->change({{new_name, node}});
    source->change({{old_name, nullptr}});
  }
  return IOStatus::OK();
}

IOStatus SimFS::LinkFile(const std::string& from, const std::string& to, const IOOptions&, Context*) {
  if (IOStatus refused = begin(Op::Link, to).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(from);
  const auto [target, name] = disk_.place(to);
  if (!node || !target) return missing(from);
  target->change({{name, node}});
  return IOStatus::OK();
}

IOStatus SimFS::LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** lock, Context*) {
  *lock = nullptr;
  const std::lock_guard guard(mutex_);
  if (!locks_.insert(path).second) return IOStatus::IOError("lock is held", path);
  *lock = new Lock(path);
  return IOStatus::OK();
}

IOStatus SimFS::UnlockFile(rocksdb::FileLock* lock, const IOOptions&, Context*) {
  const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
  const std::lock_guard guard(mutex_);
  locks_.erase(held->path);
  return IOStatus::OK();
}

IOStatus SimFS::GetTestDirectory(const IOOptions&, std::string* path, Context*) {
  *path = "/test";
  return IOStatus::OK();
}

IOStatus SimFS::NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result, Context*) {
  *result = std::make_shared<NoLogger>();
  return IOStatus::OK();
}

IOStatus SimFS::GetAbsolutePath(const std::string& path, const IOOptions&, std::string* result, Context*) {
  *result = path;
  return IOStatus::OK();
}

IOStatus SimFS::IsDirectory(const std::string& path, const IOOptions&, bool* is_directory, Context*) {
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  *is_directory = node && node->is_directory;
  return node ? IOStatus::OK() : missing(path);
}

}  // namespace daybook::simulation
