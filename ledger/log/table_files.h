#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rocksdb {
class DB;
class Status;
}  // namespace rocksdb

namespace daybook::log {

/// A file of sorted rows that a database is made of.
struct TableFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::string first_key;
  std::string last_key;

  [[nodiscard]] std::string name() const { return path.substr(path.rfind('/') + 1); }
};

/// The files that `db` is made of now.
[[nodiscard]] std::vector<TableFile> table_files_of(rocksdb::DB& db);

/// Reads a whole file and compares the checksum of each of its blocks; from the disk itself where the file system lets one
/// by its cache, which would show what was written and not what is still there. OK also for a file that `db` needs no longer.
/// Fails with Corruption where bytes differ, IOError where they cannot be read.
[[nodiscard]] rocksdb::Status check_table_file(rocksdb::DB& db, const TableFile& file);

}  // namespace daybook::log
