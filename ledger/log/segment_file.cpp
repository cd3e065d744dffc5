#include "ledger/log/segment_file.h"

#include <utility>

#include "ledger/log/bytes.h"
#include "ledger/log/files.h"

namespace daybook::log {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

SegmentFile::SegmentFile(std::string path) : path_(std::move(path)), files_(rocksdb::FileSystem::Default()) {}

SegmentFile::~SegmentFile() {
  if (!file_) return;
  file_.reset();
  files_->DeleteFile(path_ + ".new", IOOptions(), nullptr).PermitUncheckedError();
}

Result<void> SegmentFile::checked(const IOStatus& status) const {
  if (status.ok()) return {};
  return failed(ErrorKind::Unavailable, "SEGMENT_NOT_WRITTEN", path_ + ": " + status.ToString());
}

Result<void> SegmentFile::open() {
  return checked(files_->NewWritableFile(path_ + ".new", rocksdb::FileOptions(), &file_, nullptr));
}

Result<void> SegmentFile::write(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return checked(file_->Append(rocksdb::Slice(text.data(), text.size()), IOOptions(), nullptr));
}

Result<void> SegmentFile::finish() {
  IOStatus status = file_->Sync(IOOptions(), nullptr);
  if (status.ok()) {
    status = file_->Close(IOOptions(), nullptr);
  }
  if (status.ok()) {
    status = files_->RenameFile(path_ + ".new", path_, IOOptions(), nullptr);
  }
  if (status.ok()) {
    file_.reset();
    status = sync_directory(*files_, path_.substr(0, path_.find_last_of('/')));
  }
  return checked(status);
}

}  // namespace daybook::log
