#include "ledger/log/guarded_files.h"

#include <utility>

#include "ledger/log/canary.h"

namespace daybook::log {
namespace {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSRandomAccessFile;
using rocksdb::FSRandomRWFile;
using rocksdb::FSSequentialFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

/// The guard together with the file it speaks of.
class Guarded {
 public:
  Guarded(std::shared_ptr<FileGuard> guard, std::string file)
      : guard_(std::move(guard)), file_(std::move(file)) {}

  template <class Operation>
  IOStatus call(FileOp op, Operation&& operation) const {
    if (IOStatus refused = guard_->before(op, file_); !refused.ok()) {
      return refused;
    }
    return guard_->after(op, file_, operation());
  }

 private:
  std::shared_ptr<FileGuard> guard_;  // shared: files outlive the file system that opened them
  std::string file_;
};

/// A sync, once.
template <class Sync>
IOStatus synced(Sync&& sync) {
  IOStatus outcome = sync();
  if constexpr (kCanary == Canary::SyncAgain) {
    if (!outcome.ok()) {
      outcome = sync();
    }
  }
  return outcome;
}

class SequentialFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<FSSequentialFile> file, Guarded guarded)
      : FSSequentialFileOwnerWrapper(std::move(file)), guarded_(std::move(guarded)) {}

  IOStatus Read(std::size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) override {
    return guarded_.call(FileOp::Read, [&] {
      return FSSequentialFileWrapper::Read(n, options, result, scratch, context);
    });
  }
  IOStatus Skip(std::uint64_t n) override {
    return guarded_.call(FileOp::Read, [&] { return FSSequentialFileWrapper::Skip(n); });
  }
  IOStatus PositionedRead(std::uint64_t offset, std::size_t n, const IOOptions& options,
                          Slice* result, char* scratch, IODebugContext* context) override {
    return guarded_.call(FileOp::Read, [&] {
      return FSSequentialFileWrapper::PositionedRead(offset, n, options, result, scratch, context);
    });
  }

 private:
  Guarded guarded_;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(std::unique_ptr<FSRandomAccessFile> file, Guarded guarded)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), guarded_(std::move(guarded)) {}

  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* context) const override {
    return guarded_.call(FileOp::Read, [&] {
      return FSRandomAccessFileWrapper::Read(offset, n, options, result, scratch, context);
    });
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    return guarded_.call(FileOp::Read, [&] {
      IOStatus outcome = FSRandomAccessFileWrapper::MultiRead(requests, count, options, context);
      for (std::size_t i = 0; outcome.ok() && i < count; ++i) {
        outcome = requests[i].status;
      }
      return outcome;
    });
  }
  IOStatus Prefetch(std::uint64_t offset, std::size_t n, const IOOptions& options,
                    IODebugContext* context) override {
    return guarded_.call(FileOp::Read, [&] {
      return FSRandomAccessFileWrapper::Prefetch(offset, n, options, context);
    });
  }

 private:
  Guarded guarded_;
};

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<FSWritableFile> file, Guarded guarded)
      : FSWritableFileOwnerWrapper(std::move(file)), guarded_(std::move(guarded)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Write,
                         [&] { return FSWritableFileWrapper::Append(data, options, context); });
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& info, IODebugContext* context) override {
    return guarded_.call(FileOp::Write, [&] {
      return FSWritableFileWrapper::Append(data, options, info, context);
    });
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* context) override {
    return guarded_.call(FileOp::Write, [&] {
      return FSWritableFileWrapper::PositionedAppend(data, offset, options, context);
    });
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            const rocksdb::DataVerificationInfo& info,
                            IODebugContext* context) override {
    return guarded_.call(FileOp::Write, [&] {
      return FSWritableFileWrapper::PositionedAppend(data, offset, options, info, context);
    });
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Write,
                         [&] { return FSWritableFileWrapper::Truncate(size, options, context); });
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Close,
                         [&] { return FSWritableFileWrapper::Close(options, context); });
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Write,
                         [&] { return FSWritableFileWrapper::Flush(options, context); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Sync,
                         [&] { return synced([&] { return FSWritableFileWrapper::Sync(options, context); }); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Sync,
                         [&] { return FSWritableFileWrapper::Fsync(options, context); });
  }
  IOStatus RangeSync(std::uint64_t offset, std::uint64_t size, const IOOptions& options,
                     IODebugContext* context) override {
    return guarded_.call(FileOp::Sync, [&] {
      return FSWritableFileWrapper::RangeSync(offset, size, options, context);
    });
  }

 private:
  Guarded guarded_;
};

class RandomRwFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  RandomRwFile(std::unique_ptr<FSRandomRWFile> file, Guarded guarded)
      : FSRandomRWFileOwnerWrapper(std::move(file)), guarded_(std::move(guarded)) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* context) override {
    return guarded_.call(FileOp::Write, [&] {
      return FSRandomRWFileWrapper::Write(offset, data, options, context);
    });
  }
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* context) const override {
    return guarded_.call(FileOp::Read, [&] {
      return FSRandomRWFileWrapper::Read(offset, n, options, result, scratch, context);
    });
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Write,
                         [&] { return FSRandomRWFileWrapper::Flush(options, context); });
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Sync,
                         [&] { return synced([&] { return FSRandomRWFileWrapper::Sync(options, context); }); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Sync,
                         [&] { return FSRandomRWFileWrapper::Fsync(options, context); });
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Close,
                         [&] { return FSRandomRWFileWrapper::Close(options, context); });
  }

 private:
  Guarded guarded_;
};

class Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<FSDirectory> directory, Guarded guarded)
      : FSDirectoryWrapper(std::move(directory)), guarded_(std::move(guarded)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Sync, [&] { return FSDirectoryWrapper::Fsync(options, context); });
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions& what) override {
    return guarded_.call(FileOp::Sync, [&] {
      return FSDirectoryWrapper::FsyncWithDirOptions(options, context, what);
    });
  }
  IOStatus Close(const IOOptions& options, IODebugContext* context) override {
    return guarded_.call(FileOp::Close, [&] { return FSDirectoryWrapper::Close(options, context); });
  }

 private:
  Guarded guarded_;
};

class GuardedFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  GuardedFileSystem(std::shared_ptr<rocksdb::FileSystem> files, std::shared_ptr<FileGuard> guard)
      : FileSystemWrapper(std::move(files)), guard_(std::move(guard)) {}

  const char* Name() const override { return "DaybookGuardedFileSystem"; }

  IOStatus NewSequentialFile(const std::string& file, const FileOptions& options,
                             std::unique_ptr<FSSequentialFile>* result,
                             IODebugContext* context) override {
    return open<SequentialFile>(file, result, [&] {
      return FileSystemWrapper::NewSequentialFile(file, options, result, context);
    });
  }
  IOStatus NewRandomAccessFile(const std::string& file, const FileOptions& options,
                               std::unique_ptr<FSRandomAccessFile>* result,
                               IODebugContext* context) override {
    if (options.use_direct_reads) return FileSystemWrapper::NewRandomAccessFile(file, options, result, context);
    return open<RandomAccessFile>(file, result, [&] {
      return FileSystemWrapper::NewRandomAccessFile(file, options, result, context);
    });
  }
  IOStatus NewWritableFile(const std::string& file, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* result,
                           IODebugContext* context) override {
    return open<WritableFile>(file, result, [&] {
      return FileSystemWrapper::NewWritableFile(file, options, result, context);
    });
  }
  IOStatus ReopenWritableFile(const std::string& file, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* result,
                              IODebugContext* context) override {
    return open<WritableFile>(file, result, [&] {
      return FileSystemWrapper::ReopenWritableFile(file, options, result, context);
    });
  }
  IOStatus ReuseWritableFile(const std::string& file, const std::string& old,
                             const FileOptions& options, std::unique_ptr<FSWritableFile>* result,
                             IODebugContext* context) override {
    return open<WritableFile>(file, result, [&] {
      return FileSystemWrapper::ReuseWritableFile(file, old, options, result, context);
    });
  }
  IOStatus NewRandomRWFile(const std::string& file, const FileOptions& options,
                           std::unique_ptr<FSRandomRWFile>* result,
                           IODebugContext* context) override {
    return open<RandomRwFile>(file, result, [&] {
      return FileSystemWrapper::NewRandomRWFile(file, options, result, context);
    });
  }
  IOStatus NewDirectory(const std::string& file, const IOOptions& options,
                        std::unique_ptr<FSDirectory>* result, IODebugContext* context) override {
    return open<Directory>(file, result, [&] {
      return FileSystemWrapper::NewDirectory(file, options, result, context);
    });
  }

  IOStatus FileExists(const std::string& file, const IOOptions& options,
                      IODebugContext* context) override {
    return guarded(file).call(
        FileOp::Stat, [&] { return FileSystemWrapper::FileExists(file, options, context); });
  }
  IOStatus GetFileSize(const std::string& file, const IOOptions& options, std::uint64_t* size,
                       IODebugContext* context) override {
    return guarded(file).call(FileOp::Stat, [&] {
      return FileSystemWrapper::GetFileSize(file, options, size, context);
    });
  }
  IOStatus GetChildren(const std::string& file, const IOOptions& options,
                       std::vector<std::string>* result, IODebugContext* context) override {
    return guarded(file).call(FileOp::Directory, [&] {
      return FileSystemWrapper::GetChildren(file, options, result, context);
    });
  }
  IOStatus CreateDirIfMissing(const std::string& file, const IOOptions& options,
                              IODebugContext* context) override {
    return guarded(file).call(FileOp::Directory, [&] {
      return FileSystemWrapper::CreateDirIfMissing(file, options, context);
    });
  }
  IOStatus DeleteFile(const std::string& file, const IOOptions& options,
                      IODebugContext* context) override {
    return guarded(file).call(
        FileOp::Delete, [&] { return FileSystemWrapper::DeleteFile(file, options, context); });
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
    return guarded(to).call(FileOp::Rename, [&] {
      return FileSystemWrapper::RenameFile(from, to, options, context);
    });
  }
  IOStatus Truncate(const std::string& file, std::size_t size, const IOOptions& options,
                    IODebugContext* context) override {
    return guarded(file).call(FileOp::Write, [&] {
      return FileSystemWrapper::Truncate(file, size, options, context);
    });
  }

 private:
  [[nodiscard]] Guarded guarded(const std::string& file) const { return {guard_, file}; }

  template <class Wrapper, class Interface, class Operation>
  IOStatus open(const std::string& file, std::unique_ptr<Interface>* result, Operation&& operation) {
    Guarded own = guarded(file);
    IOStatus outcome = own.call(FileOp::Open, operation);
    if (outcome.ok()) {
      *result = std::make_unique<Wrapper>(std::move(*result), std::move(own));
    } else {
      result->reset();
    }
    return outcome;
  }

  std::shared_ptr<FileGuard> guard_;
};

}  // namespace

const char* name(FileOp op) {
  switch (op) {
    case FileOp::Open:
      return "open";
    case FileOp::Read:
      return "read";
    case FileOp::Write:
      return "write";
    case FileOp::Sync:
      return "sync";
    case FileOp::Close:
      return "close";
    case FileOp::Rename:
      return "rename";
    case FileOp::Delete:
      return "delete";
    case FileOp::Stat:
      return "stat";
    case FileOp::Directory:
      return "directory";
  }
  return "?";
}

std::shared_ptr<rocksdb::FileSystem> guarded_files(std::shared_ptr<rocksdb::FileSystem> files,
                                                   std::shared_ptr<FileGuard> guard) {
  return std::make_shared<GuardedFileSystem>(std::move(files), std::move(guard));
}

}  // namespace daybook::log
