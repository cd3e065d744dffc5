#include "ledger/log/side_files.h"

#include <cerrno>
#include <cstring>

#include <rocksdb/file_system.h>
#include <sys/stat.h>

#include "ledger/log/bytes.h"
#include "ledger/log/files.h"

namespace daybook::log {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

Result<void> outcome(const IOStatus& status, const std::string& path) {
  if (status.ok()) {
    return {};
  }
  return failed(ErrorKind::Internal, "INTERNAL", path + ": " + status.ToString());
}

IOStatus write_synced(rocksdb::FileSystem& files, const std::string& path, std::uint64_t offset,
                      std::string_view bytes) {
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  IOStatus status = files.NewRandomRWFile(path, FileOptions(), &file, nullptr);
  if (status.ok()) {
    status = file->Write(offset, Slice(bytes.data(), bytes.size()), IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = file->Sync(IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = file->Close(IOOptions(), nullptr);
  }
  return status;
}

}  // namespace

SideFiles SideFiles::of_host() { return {rocksdb::FileSystem::Default(), true}; }

Result<std::optional<std::string>> SideFiles::read(const std::string& path) const {
  std::uint64_t size = 0;
  IOStatus status = files_->GetFileSize(path, IOOptions(), &size, nullptr);
  if (is_missing(status)) {
    return std::nullopt;
  }
  std::string bytes;
  if (status.ok()) {
    status = read_file(*files_, path, size, bytes);
  }
  if (!status.ok()) {
    return tl::unexpected(outcome(status, path).error());
  }
  return bytes;
}

Result<void> SideFiles::write(const std::string& path, std::uint64_t offset,
                              std::string_view bytes) const {
  return outcome(write_synced(*files_, path, offset, bytes), path);
}

Result<void> SideFiles::replace(const std::string& path, std::string_view bytes) const {
  if (const IOStatus status = replace_file(*files_, path, as_bytes(bytes)); !status.ok()) {
    return outcome(status, path);
  }
  // Until here the directory alone, which others may not enter, has kept them out.
  if (host_permissions_ && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return failed(ErrorKind::Internal, "INTERNAL", path + ": " + std::strerror(errno));
  }
  return {};
}

Result<void> SideFiles::destroy(const std::string& path) const {
  std::uint64_t size = 0;
  IOStatus status = files_->GetFileSize(path, IOOptions(), &size, nullptr);
  if (is_missing(status)) {
    return {};
  }
  if (status.ok()) {
    status = write_synced(*files_, path, 0, std::string(size, '\0'));
  }
  if (status.ok()) {
    status = files_->DeleteFile(path, IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = sync_directory(*files_, path.substr(0, path.find_last_of('/')));
  }
  return outcome(status, path);
}

Result<std::vector<std::string>> SideFiles::list(const std::string& directory) const {
  std::vector<std::string> names;
  if (const IOStatus status = files_->GetChildren(directory, IOOptions(), &names, nullptr);
      !status.ok()) {
    return tl::unexpected(outcome(status, directory).error());
  }
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  return names;
}

}  // namespace daybook::log
