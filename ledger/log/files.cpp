#include "ledger/log/files.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "ledger/log/bytes.h"
#include "ledger/log/canary.h"

namespace daybook::log {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

bool is_missing(const IOStatus& status) { return status.IsNotFound() || status.IsPathNotFound(); }

bool exists(rocksdb::FileSystem& files, const std::string& path) {
  return !is_missing(files.FileExists(path, IOOptions(), nullptr));
}

IOStatus read_file(rocksdb::FileSystem& files, const std::string& path, std::size_t limit,
                   std::string& out) {
  out.clear();
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  if (IOStatus opened = files.NewSequentialFile(path, FileOptions(), &file, nullptr); !opened.ok()) {
    return opened;
  }
  std::string buffer(limit, '\0');
  while (out.size() < limit) {
    Slice got;
    IOStatus read = file->Read(limit - out.size(), IOOptions(), &got, buffer.data(), nullptr);
    if (!read.ok()) {
      return read;
    }
    if (got.empty()) {
      break;
    }
    out.append(got.data(), got.size());
  }
  return IOStatus::OK();
}

IOStatus sync_directory(rocksdb::FileSystem& files, const std::string& directory) {
  std::unique_ptr<rocksdb::FSDirectory> handle;
  IOStatus status = files.NewDirectory(directory, IOOptions(), &handle, nullptr);
  return status.ok() ? handle->Fsync(IOOptions(), nullptr) : status;
}

IOStatus replace_file(rocksdb::FileSystem& files, const std::string& path, Bytes bytes) {
  const std::string aside = path + ".new";
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = files.NewWritableFile(aside, FileOptions(), &file, nullptr);
  if (status.ok()) {
    const std::string_view text = as_text(bytes);
    status = file->Append(Slice(text.data(), text.size()), IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = file->Sync(IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = file->Close(IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = files.RenameFile(aside, path, IOOptions(), nullptr);
  }
  if (status.ok() && kCanary != Canary::SkipDirectorySync) {
    status = sync_directory(files, path.substr(0, path.find_last_of('/')));
  }
  return status;
}

std::uint64_t directory_bytes(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  if (!files.GetChildren(directory, IOOptions(), &names, nullptr).ok()) {
    return 0;
  }
  std::uint64_t total = 0;
  for (const std::string& name : names) {
    std::uint64_t size = 0;
    if (name != "." && name != ".." &&
        files.GetFileSize(directory + "/" + name, IOOptions(), &size, nullptr).ok()) {
      total += size;
    }
  }
  return total;
}

}  // namespace daybook::log
