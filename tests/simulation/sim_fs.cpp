#include "tests/simulation/sim_fs.h"

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <utility>

namespace daybook::simulation {
namespace {

using rocksdb::IOStatus;
using rocksdb::Slice;

std::uint64_t fnv(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return hash;
}

std::string_view text(const Slice& slice) { return {slice.data(), slice.size()}; }

IOStatus missing(const std::string& path) { return IOStatus::PathNotFound("No such file or directory", path); }

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

/// What an open file knows.
class SimFS::OpenFile {
 public:
  OpenFile(SimFS& files, NodePtr node, std::string path) : files_(files), node_(std::move(node)), path_(std::move(path)) {}

 protected:
  SimFS& files_;
  NodePtr node_;
  std::string path_;
};

class SimFS::SequentialFile final : public rocksdb::FSSequentialFile, SimFS::OpenFile {
 public:
  using OpenFile::OpenFile;
  IOStatus Read(std::size_t n, const IOOptions&, Slice* result, char* scratch, Context*) override {
    IOStatus status = files_.read(*node_, path_, at_, n, result, scratch);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  std::uint64_t at_ = 0;
};

class SimFS::RandomAccessFile final : public rocksdb::FSRandomAccessFile, SimFS::OpenFile {
 public:
  using OpenFile::OpenFile;
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                Context*) const override {
    return files_.read(*node_, path_, offset, n, result, scratch);
  }
};

class SimFS::WritableFile final : public rocksdb::FSWritableFile, SimFS::OpenFile {
 public:
  using OpenFile::OpenFile;
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, Context*) override {
    return files_.write(*node_, path_, ~std::uint64_t{0}, text(data));
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, Context*) override {
    if (IOStatus refused = files_.begin(Op::Write, path_).status; !refused.ok()) return refused;
    const std::lock_guard lock(files_.mutex_);
    node_->truncate(size);
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, Context*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, Context*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, Context*) override { return files_.sync(*node_, path_); }
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, Context*) override { return IOStatus::OK(); }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, Context*) override {
    const std::lock_guard lock(files_.mutex_);
    return node_->live.size();
  }
};

class SimFS::RandomRwFile final : public rocksdb::FSRandomRWFile, SimFS::OpenFile {
 public:
  using OpenFile::OpenFile;
  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions&, Context*) override {
    return files_.write(*node_, path_, offset, text(data));
  }
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                Context*) const override {
    return files_.read(*node_, path_, offset, n, result, scratch);
  }
  IOStatus Flush(const IOOptions&, Context*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, Context*) override { return files_.sync(*node_, path_); }
  IOStatus Close(const IOOptions&, Context*) override { return IOStatus::OK(); }
};

class SimFS::Directory final : public rocksdb::FSDirectory, SimFS::OpenFile {
 public:
  using OpenFile::OpenFile;
  IOStatus Fsync(const IOOptions&, Context*) override {
    if (IOStatus refused = files_.begin(Op::DirSync, path_).status; !refused.ok()) return refused;
    const std::lock_guard lock(files_.mutex_);
    node_->sync_entries();
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, Context*) override { return IOStatus::OK(); }
};

SimFS::SimFS() = default;

// The simulator's side ----------------------------------------------------------------------------------

void SimFS::cut_before(std::uint64_t changes) {
  const std::lock_guard lock(mutex_);
  cut_at_ = changes_ + changes;
}

void SimFS::cut_now() { off_.store(true); }

void SimFS::crash(Loss loss, log::SeededRng& rng) {
  const std::lock_guard lock(mutex_);
  disk_.crash(loss, rng);
  faults_.clear();
  room_.reset();
  full_ = false;
  meanwhile_ = nullptr;
  locks_.clear();
  cut_at_ = ~std::uint64_t{0};
  second_syncs_ = 0;
  off_.store(false);
}

void SimFS::before_next_log_write(std::function<void()> meanwhile) {
  const std::lock_guard lock(mutex_);
  meanwhile_ = std::move(meanwhile);
}

void SimFS::add(const Rule& rule) {
  const std::lock_guard lock(mutex_);
  faults_.add(rule);
}

void SimFS::clear_rules() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::vector<Rule> SimFS::rules() const {
  const std::lock_guard lock(mutex_);
  return faults_.rules();
}

void SimFS::set_room(std::optional<std::uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  room_ = bytes;
}

bool SimFS::is_full() const {
  const std::lock_guard lock(mutex_);
  return full_;
}

std::uint64_t SimFS::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

std::uint64_t SimFS::second_syncs() const {
  const std::lock_guard lock(mutex_);
  return second_syncs_;
}

std::uint64_t SimFS::trace_hash() const {
  const std::lock_guard lock(mutex_);
  return trace_ + removals_;
}

void SimFS::keep_trace(std::size_t lines) {
  const std::lock_guard lock(mutex_);
  trace_lines_ = lines;
}

std::deque<std::string> SimFS::trace() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

void SimFS::note(Op op, const std::string& path, std::uint64_t length) {
  if (kind_of(path) == FileKind::Owner) return;  // it holds the number of a process
  const std::uint64_t hash = fnv(fnv(fnv(0xCBF29CE484222325ull, name(op)), path), std::to_string(length));
  if (op == Op::Delete) {
    removals_ += hash;
  } else {
    trace_ = (trace_ ^ hash) * 0x100000001B3ull;
  }
  if (trace_lines_ == 0) return;
  lines_.push_back(std::to_string(changes_) + " " + std::string(name(op)) + " " + path + " " + std::to_string(length));
  if (lines_.size() > trace_lines_) lines_.pop_front();
}

SimFS::Verdict SimFS::begin(Op op, const std::string& path, std::uint64_t length) {
  if (is_change(op) && before_change_) before_change_();
  std::unique_lock lock(mutex_);
  if (meanwhile_ && op == Op::Write && kind_of(path) == FileKind::Wal && !in_views(path)) {
    const std::function<void()> meanwhile = std::exchange(meanwhile_, nullptr);
    lock.unlock();
    meanwhile();
    lock.lock();
  }
  if (is_change(op) && !off_.load() && ++changes_ >= cut_at_) off_.store(true);
  if (off_.load()) return {IOStatus::IOError("the power has failed", path), std::nullopt};
  if (is_change(op)) note(op, path, length);
  const std::optional<Effect> effect = faults_.befalls(op, path);
  if (effect == Effect::Error) return {IOStatus::IOError("Input/output error", path), effect};
  if (effect == Effect::NoSpace) return {IOStatus::NoSpace("No space left on device", path), effect};
  return {IOStatus::OK(), effect};
}

IOStatus SimFS::write(Node& node, const std::string& path, std::uint64_t offset, std::string_view bytes) {
  Verdict verdict = begin(Op::Write, path, bytes.size());
  const std::lock_guard lock(mutex_);
  if (offset == ~std::uint64_t{0}) offset = node.live.size();
  if (room_ && verdict.status.ok() && offset + bytes.size() > node.live.size()) {
    const std::uint64_t more = offset + bytes.size() - node.live.size();
    if (more > *room_) {
      verdict = {IOStatus::NoSpace("No space left on device", path), Effect::NoSpace};
      bytes = bytes.substr(0, bytes.size() - (more - *room_));
      *room_ = 0;
      full_ = true;
      node.write(offset, bytes);
      return verdict.status;
    }
    *room_ -= more;
  }
  if (verdict.status.ok()) {
    node.write(offset, bytes);
  } else if (verdict.effect) {
    node.write(offset, bytes.substr(0, bytes.size() / 2));
  }
  return verdict.status;
}

IOStatus SimFS::sync(Node& node, const std::string& path) {
  const Verdict verdict = begin(Op::Sync, path);
  const std::lock_guard lock(mutex_);
  if (node.sync_failed && !off_.load() && !in_views(path)) ++second_syncs_;
  if (verdict.status.ok()) {
    node.sync();
  } else if (verdict.effect) {
    node.fail_sync();
  }
  return verdict.status;
}

std::string SimFS::misdirected(const Node& node, const std::string& path) const {
  const auto [directory, own] = disk_.place(path);
  if (directory) {
    for (const auto& [name, other] : directory->entries) {
      if (other.get() != &node && !other->is_directory && kind_of(name) == kind_of(own)) return other->live;
    }
  }
  return node.live;
}

IOStatus SimFS::read(const Node& node, const std::string& path, std::uint64_t offset, std::size_t size, Slice* result,
                     char* scratch) {
  const Verdict verdict = begin(Op::Read, path, size);
  *result = Slice();
  if (!verdict.status.ok()) return verdict.status;
  const std::lock_guard lock(mutex_);
  std::string other;
  if (verdict.effect == Effect::Stale) other = node.remembered;
  if (verdict.effect == Effect::Misdirect) other = misdirected(node, path);
  const bool elsewhere = verdict.effect == Effect::Stale || verdict.effect == Effect::Misdirect;
  const std::string& from = elsewhere ? other : node.live;
  if (offset >= from.size()) return IOStatus::OK();
  size = std::min<std::size_t>(size, from.size() - offset);
  if (verdict.effect == Effect::ShortRead) size /= 2;
  std::memcpy(scratch, from.data() + offset, size);
  // Which bit or sector: any will do, as long as a run can be repeated.
  const std::size_t place = size == 0 ? 0 : (offset * 0x9E3779B97F4A7C15ull >> 20) % size;
  if (verdict.effect == Effect::FlipBit && size > 0) scratch[place] = static_cast<char>(scratch[place] ^ 0x10);
  if (verdict.effect == Effect::ZeroSector && size > 0) {
    const std::size_t begin = place / kSectorBytes * kSectorBytes;
    std::memset(scratch + begin, 0, std::min(kSectorBytes, size - begin));
  }
  *result = Slice(scratch, size);
  return IOStatus::OK();
}

// Files -------------------------------------------------------------------------------------------------

IOStatus SimFS::NewSequentialFile(const std::string& path, const FileOptions&,
                                  std::unique_ptr<rocksdb::FSSequentialFile>* result, Context*) {
  if (IOStatus refused = begin(Op::Open, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || node->is_directory) return missing(path);
  *result = std::make_unique<SequentialFile>(*this, node, path);
  return IOStatus::OK();
}

IOStatus SimFS::NewRandomAccessFile(const std::string& path, const FileOptions&,
                                    std::unique_ptr<rocksdb::FSRandomAccessFile>* result, Context*) {
  if (IOStatus refused = begin(Op::Open, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || node->is_directory) return missing(path);
  *result = std::make_unique<RandomAccessFile>(*this, node, path);
  return IOStatus::OK();
}

IOStatus SimFS::open_for_writing(const std::string& path, bool truncate,
                                 std::unique_ptr<rocksdb::FSWritableFile>* result) {
  // RocksDB notes its options in a file that nothing here reads, and reads it back: a third of an opening's time. It may
  // do without.
  if (path.find("/OPTIONS-") != std::string::npos) return IOStatus::NotSupported("no options are kept");
  if (IOStatus refused = begin(Op::Create, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const auto [directory, name] = disk_.place(path);
  if (!directory) return missing(path);
  const auto found = directory->entries.find(name);
  NodePtr node = found == directory->entries.end() ? nullptr : found->second;
  if (!node) {
    node = std::make_shared<Node>();
    directory->change({{name, node}});
  } else if (truncate) {
    node->truncate(0);
  }
  *result = std::make_unique<WritableFile>(*this, node, path);
  return IOStatus::OK();
}

IOStatus SimFS::NewWritableFile(const std::string& path, const FileOptions&,
                                std::unique_ptr<rocksdb::FSWritableFile>* result, Context*) {
  return open_for_writing(path, true, result);
}

IOStatus SimFS::ReopenWritableFile(const std::string& path, const FileOptions&,
                                   std::unique_ptr<rocksdb::FSWritableFile>* result, Context*) {
  return open_for_writing(path, false, result);
}

IOStatus SimFS::NewRandomRWFile(const std::string& path, const FileOptions&,
                                std::unique_ptr<rocksdb::FSRandomRWFile>* result, Context*) {
  if (IOStatus refused = begin(Op::Open, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || node->is_directory) return missing(path);
  *result = std::make_unique<RandomRwFile>(*this, node, path);
  return IOStatus::OK();
}

IOStatus SimFS::NewDirectory(const std::string& path, const IOOptions&, std::unique_ptr<rocksdb::FSDirectory>* result,
                             Context*) {
  if (IOStatus refused = begin(Op::Open, path).status; !refused.ok()) return refused;
  const std::lock_guard lock(mutex_);
  const NodePtr node = disk_.find(path);
  if (!node || !node->is_directory) return missing(path);
  *result = std::make_unique<Directory>(*this, node, path);
  return IOStatus::OK();
}

// Names -------------------------------------------------------------------------------------------------

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
