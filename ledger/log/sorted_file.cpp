#include <utility>

#include <rocksdb/file_system.h>
#include <rocksdb/sst_file_writer.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/views_state.h"

namespace daybook::log {
namespace detail {

struct SortedFileState {
  std::shared_ptr<FamilyState> family;
  std::string path;
  std::unique_ptr<rocksdb::SstFileWriter> writer;
  std::uint64_t rows = 0;

  ~SortedFileState() {
    writer.reset();
    family->views->files->DeleteFile(path, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
  }
};

}  // namespace detail

using detail::outcome;
using detail::slice;

SortedFile::SortedFile(SortedFile&&) noexcept = default;
SortedFile& SortedFile::operator=(SortedFile&&) noexcept = default;
SortedFile::~SortedFile() = default;

Result<SortedFile> SortedFile::create(const Family& family) {
  SortedFile file;
  file.state_ = std::make_unique<detail::SortedFileState>();
  detail::SortedFileState& state = *file.state_;
  state.family = family.state_;
  detail::ViewsState& views = *family.state_->views;
  {
    const std::lock_guard guard(views.mutex);
    state.path = detail::aside(views.directory) + "/" + std::to_string(views.next_file++) + ".sst";
  }
  rocksdb::Options options = detail::family_options(views, family.state_->name);
  options.bottommost_compression = rocksdb::kDisableCompressionOption;  // merging packs it tighter
  state.writer = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), options,
                                                          family.state_->handle);
  return outcome(state.writer->Open(state.path), family.state_->name).map([&] {
    return std::move(file);
  });
}

Result<void> SortedFile::add(std::string_view key, std::string_view value) {
  ++state_->rows;
  return outcome(state_->writer->Put(slice(key), slice(value)), state_->family->name);
}

std::uint64_t SortedFile::bytes() const { return state_->writer->FileSize(); }

Result<void> SortedFile::ingest(std::vector<SortedFile> files) {
  std::vector<std::string> paths;
  const detail::FamilyState* family = nullptr;
  for (SortedFile& file : files) {
    detail::SortedFileState& state = *file.state_;
    if (state.rows == 0) {
      continue;
    }
    LEDGER_INVARIANT(family == nullptr || family->handle == state.family->handle);
    family = state.family.get();
    if (Result<void> finished = outcome(state.writer->Finish(), family->name); !finished) {
      return finished;
    }
    paths.push_back(state.path);
  }
  if (paths.empty()) {
    return {};
  }
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  options.snapshot_consistency = false;
  ++family->views->ingests_begun;
  const rocksdb::Status done = family->views->db->IngestExternalFile(family->handle, paths, options);
  ++family->views->ingests_ended;
  return outcome(done, family->name);
}

}  // namespace daybook::log
