#include "projections/row_reader.h"

#include "projections/row_key.h"

namespace daybook::projections {

bool RowReader::check() {
  if (cursor_->valid()) return true;
  readable(cursor_->status());
  return false;
}

bool RowReader::seek(std::string_view key) {
  cursor().seek(key);
  return check();
}

bool RowReader::next() {
  cursor_->next();
  return check();
}

std::optional<std::string> RowReader::get(std::string_view key) {
  if (!seek(key) || cursor_->key() != key) return std::nullopt;
  return std::string(cursor_->value());
}

std::optional<RowReader::Version> RowReader::newest(std::string_view key, Position upto) {
  std::string wanted(key);
  KeyWriter position;
  position.newest_first(upto);
  wanted += position.key();
  if (!seek(wanted)) return std::nullopt;
  const std::string_view found = cursor_->key();
  if (found.size() != wanted.size() || !found.starts_with(key)) return std::nullopt;
  return Version{KeyReader(found.substr(key.size())).newest_first(), std::string(cursor_->value())};
}

}  // namespace daybook::projections
