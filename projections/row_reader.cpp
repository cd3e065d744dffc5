#include "projections/row_reader.h"

#include "projections/row_key.h"

namespace daybook::projections {

bool RowReader::check(const log::ViewCursor& cursor) {
  if (cursor.valid()) return true;
  readable(cursor.status());
  return false;
}

bool RowReader::seek(std::string_view key) {
  reader().walk().seek(key);
  return check(reader_->walk());
}

bool RowReader::next() {
  reader_->walk().next();
  return check(reader_->walk());
}

std::optional<std::string> RowReader::get(std::string_view key) {
  log::ViewCursor& row = reader().point();
  row.seek(key);
  if (!check(row) || row.key() != key) return std::nullopt;
  return std::string(row.value());
}

std::optional<RowReader::Version> RowReader::newest(std::string_view key, Position upto) {
  std::string wanted(key);
  KeyWriter position;
  position.newest_first(upto);
  wanted += position.key();
  log::ViewCursor& row = reader().point();
  row.seek(wanted);
  if (!check(row)) return std::nullopt;
  const std::string_view found = row.key();
  if (found.size() != wanted.size() || !found.starts_with(key)) return std::nullopt;
  return Version{KeyReader(found.substr(key.size())).newest_first(), std::string(row.value())};
}

}  // namespace daybook::projections
