#include "ledger/log/table_files.h"

#include <algorithm>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>

#include "ledger/log/profile.h"

namespace daybook::log {
namespace {

rocksdb::Status check(rocksdb::DB& db, const TableFile& file, bool beside_the_cache) {
  rocksdb::Options options = log_options(db.GetEnv(), {.write_buffer_bytes = 1u << 20, .file_opening_threads = 1});
  options.use_direct_reads = beside_the_cache;
  rocksdb::SstFileReader reader(options);
  const rocksdb::Status opened = reader.Open(file.path);
  if (!opened.ok()) {
    return opened;
  }
  rocksdb::ReadOptions reading = log_read_options();
  reading.readahead_size = std::size_t{1} << 20;
  return reader.VerifyChecksum(reading);
}

bool is_needed(rocksdb::DB& db, const std::string& path) {
  const std::vector<TableFile> files = table_files_of(db);
  return std::any_of(files.begin(), files.end(), [&](const TableFile& file) { return file.path == path; });
}

}  // namespace

std::vector<TableFile> table_files_of(rocksdb::DB& db) {
  std::vector<rocksdb::LiveFileMetaData> found;
  db.GetLiveFilesMetaData(&found);
  std::vector<TableFile> files;
  files.reserve(found.size());
  for (rocksdb::LiveFileMetaData& file : found) {
    files.push_back({file.db_path + file.name, file.size, std::move(file.smallestkey), std::move(file.largestkey)});
  }
  return files;
}

rocksdb::Status check_table_file(rocksdb::DB& db, const TableFile& file) {
  rocksdb::Status checked = check(db, file, true);
  if (!checked.ok() && !checked.IsCorruption()) {
    checked = check(db, file, false);  // a file system without direct reads
  }
  return checked.ok() || is_needed(db, file.path) ? checked : rocksdb::Status::OK();
}

}  // namespace daybook::log
