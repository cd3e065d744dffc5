#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>

#include "ledger/log/types.h"

namespace daybook::log {

/// Rows of a damaged log, one table file at a time.
///
/// A walk over all files fails where any of them does: to begin, each is read at the position that is looked for, and in the
/// block behind it. So damage is reported at neighbours of what is damaged, and at rows of other files.
class TableRows {
 public:
  explicit TableRows(rocksdb::DB& db);

  struct Around {
    rocksdb::Iterator* row = nullptr;  ///< at the row that holds the position, where it can be read; until the next look
    Position from = 0;                 ///< without one: the positions that cannot be read
    Position to = 0;
  };
  [[nodiscard]] Around around(Position position);

 private:
  struct Table {
    Position first = 0;  ///< of its first row
    Position last = 0;   ///< the first position of its last row
    std::string path;
    std::unique_ptr<rocksdb::SstFileReader> reader{};
    bool opens = true;
  };

  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> sought(Table& table, Position position) const;
  [[nodiscard]] bool is_readable(Table& table, Position position) const { return sought(table, position)->status().ok(); }
  [[nodiscard]] bool leads_to(Table& table, Position from, Position position) const;
  [[nodiscard]] std::optional<Position> last_lead(Table& table, Position position) const;
  [[nodiscard]] std::optional<Position> readable_after(Table& table, Position bad) const;
  /// Walks `row_` to what holds `position`; `from` becomes what follows the last row before it.
  [[nodiscard]] bool walk_to(Position position, Position& from) const;
  [[nodiscard]] Position first_behind(std::size_t table, Position position) const;

  rocksdb::DB& db_;
  std::vector<Table> tables_;
  std::unique_ptr<rocksdb::Iterator> row_;
};

}  // namespace daybook::log
