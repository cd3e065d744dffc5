#include "tests/simulation/sim_fs.h"

#include <utility>

/// Open files, and how they are opened.
namespace daybook::simulation {
namespace {

using rocksdb::IOStatus;
using rocksdb::Slice;

std::string_view text(const Slice& slice) { return {slice.data(), slice.size()}; }

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

}  // namespace daybook::simulation
