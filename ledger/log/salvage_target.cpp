#include "ledger/log/salvage_target.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "ledger/log/bytes.h"
#include "ledger/log/directory.h"
#include "ledger/log/files.h"
#include "ledger/log/hash.h"
#include "ledger/log/profile.h"
#include "ledger/log/witness.h"

namespace daybook::log {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartMagic = "DBKROWS1";
constexpr std::uint32_t kEndBytes = 48;
constexpr std::size_t kBatchBytes = std::size_t{8} << 20;

tl::unexpected<OpenError> not_written(const std::string& path, const std::string& why) {
  return refuse(ExitCode::Failed, path + ": " + why);
}

rocksdb::Slice slice(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return {text.data(), text.size()};
}

/// Writes and syncs a file while it grows, with the hash of what is in it.
class PartFile {
 public:
  explicit PartFile(const std::string& path) {
    status_ = rocksdb::FileSystem::Default()->NewWritableFile(path, rocksdb::FileOptions(), &file_, nullptr);
  }
  void add(Bytes bytes) {
    if (!status_.ok()) return;
    sum_.add(bytes);
    status_ = file_->Append(slice(bytes), rocksdb::IOOptions(), nullptr);
  }
  template <class Integer>
  void add_number(Integer value) {
    std::array<std::byte, sizeof value> bytes;
    store(bytes.data(), value);
    add(bytes);
  }
  [[nodiscard]] Hash sum() { return sum_.end(); }
  rocksdb::IOStatus finish() {
    if (status_.ok()) status_ = file_->Sync(rocksdb::IOOptions(), nullptr);
    if (status_.ok()) status_ = file_->Close(rocksdb::IOOptions(), nullptr);
    return status_;
  }

 private:
  std::unique_ptr<rocksdb::FSWritableFile> file_;
  rocksdb::IOStatus status_;
  RunningHash sum_;
};

/// Every row in order, in synced batches.
rocksdb::Status write_rows(const std::string& path, RowSpool& spool) {
  rocksdb::Options options = log_options(rocksdb::Env::Default(), {});
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, path, &opened);
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteBatch batch(0, 0, 8, 0);
  const auto write = [&] {
    status = db->Write(log_write_options(), &batch);
    batch.Clear();
  };
  for (auto row = spool.rows().begin(); status.ok() && row != spool.rows().end(); ++row) {
    const SpooledRow bytes = spool.read(*row);
    status = batch.Put(slice(bytes.key()), slice(bytes.value()));
    if (status.ok() && batch.GetDataSize() > kBatchBytes) write();
  }
  if (status.ok() && batch.Count() > 0) write();
  if (status.ok()) status = db->Flush({});
  return status.ok() ? db->Close() : status;
}

}  // namespace

Opening<SalvageTarget> SalvageTarget::make(const std::string& given) {
  std::string directory = given;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  std::error_code error;
  if (fs::exists(directory, error) && (!fs::is_directory(directory, error) || !fs::is_empty(directory, error)))
    return refuse(ExitCode::Conflict, directory + " has something in it; name a new directory");
  fs::create_directory(directory, error);
  if (error) return not_written(directory, error.message());
  if (Opening<void> done = make_private(directory); !done) return tl::unexpected(done.error());
  return SalvageTarget(std::move(directory));
}

Opening<void> SalvageTarget::write_ledger(const opening::Paths& source, RowSpool& spool, const Head& head,
                                          const Lineage& lineage) const {
  const opening::Paths to(directory_);
  const std::shared_ptr<rocksdb::FileSystem> files = rocksdb::FileSystem::Default();
  std::error_code error;
  fs::create_directory(to.keys, error);
  if (!error) fs::permissions(to.keys, fs::perms::owner_all, error);
  for (const fs::directory_entry& key : fs::directory_iterator(source.keys, error)) {
    const fs::path path = fs::path(to.keys) / key.path().filename();
    if (!error) fs::copy_file(key.path(), path, error);
    if (!error) fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  }
  if (error) return not_written(to.keys, error.message());
  if (const rocksdb::Status status = write_rows(to.log, spool); !status.ok()) return not_written(to.log, status.ToString());
  rocksdb::IOStatus status = Witness::create(*files, to.witness, head.ledger_id, lineage.first_chain());
  if (!status.ok()) return not_written(to.witness, status.ToString());
  const auto witness = Witness::open(*files, to.witness);
  if (!witness) return tl::unexpected(witness.error());
  status = (*witness)->write(head.epoch, head.position, head.chain, head.recorded_at);
  if (!status.ok()) return not_written(to.witness, status.ToString());
  for (const std::string& folder : {to.keys, to.log}) {
    if (status = sync_directory(*files, folder); !status.ok()) return not_written(folder, status.ToString());
  }
  status = replace_file(*files, to.format, as_bytes(format_text(lineage)));
  return status.ok() ? Opening<void>() : not_written(to.format, status.ToString());
}

Opening<void> SalvageTarget::write_parts(const LedgerId& ledger, RowSpool& spool,
                                         const std::vector<PositionRange>& parts) const {
  for (const PositionRange& part : parts) {
    if (Opening<void> written = write_part(ledger, spool, part); !written) return written;
  }
  const rocksdb::IOStatus status = sync_directory(*rocksdb::FileSystem::Default(), directory_);
  return status.ok() ? Opening<void>() : not_written(directory_, status.ToString());
}

Opening<void> SalvageTarget::write_part(const LedgerId& ledger, RowSpool& spool, const PositionRange& part) const {
  const std::string path =
      directory_ + "/positions-" + std::to_string(part.from) + "-" + std::to_string(part.to) + ".rows";
  PartFile file(path);
  file.add(as_bytes(kPartMagic));
  file.add(ledger);
  std::uint64_t rows = 0;
  const auto begin = std::lower_bound(spool.rows().begin(), spool.rows().end(), part.from,
                                      [](const RowSpool::Place& row, Position from) { return row.first < from; });
  for (auto row = begin; row != spool.rows().end() && row->first <= part.to; ++row, ++rows) {
    const SpooledRow bytes = spool.read(*row);
    file.add_number(static_cast<std::uint32_t>(bytes.key().size()));
    file.add_number(static_cast<std::uint32_t>(bytes.value().size()));
    file.add(bytes.key());
    file.add(bytes.value());
  }
  const Hash sum = file.sum();
  file.add_number(std::uint32_t{0});
  file.add_number(kEndBytes);
  file.add_number(part.to);
  file.add_number(rows);
  file.add(sum);
  const rocksdb::IOStatus status = file.finish();
  return status.ok() ? Opening<void>() : not_written(path, status.ToString());
}

}  // namespace daybook::log
