#include "cli/import/csv_reader.h"

#include <utility>

namespace daybook::cli {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

bool CsvReader::at_break() const {
  return text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
}

void CsvReader::take_break() {
  at_ += text_[at_] == '\r' ? 2U : 1U;
  ++line_;
  line_start_ = at_;
}

CsvCell& CsvReader::add_cell(CsvRecord& record) {
  if (record.cells.size() == cells_) record.cells.emplace_back();
  CsvCell& cell = record.cells[cells_++];
  cell.text.clear();
  cell.line = line_;
  cell.column = column();
  return cell;
}

/// The rest of the line is no longer part of anything.
bool CsvReader::break_off(CsvRecord& record, std::string reason) {
  record.broken = true;
  record.reason = std::move(reason);
  record.fault_line = line_;
  record.fault_column = column();
  while (!at_end() && !at_break()) ++at_;
  if (!at_end()) take_break();
  return false;
}

bool CsvReader::quoted_cell(CsvRecord& record, CsvCell& cell) {
  const std::size_t opened_at = at_;
  const std::size_t opened_line = line_;
  const std::size_t opened_line_start = line_start_;
  ++at_;
  while (!at_end()) {
    const char c = text_[at_];
    if (c != '"') {
      cell.text.push_back(c);
      ++at_;
      if (c == '\n') {
        ++line_;
        line_start_ = at_;
      }
      continue;
    }
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      cell.text.push_back('"');
      at_ += 2;
      continue;
    }
    ++at_;
    if (at_end() || text_[at_] == ',' || at_break()) return true;
    return break_off(record, "A quoted cell ends here, and something other than a comma follows.");
  }
  // Without its end there is no telling what belongs to it: go on with the line after the one it began on.
  at_ = opened_at;
  line_ = opened_line;
  line_start_ = opened_line_start;
  return break_off(record, "A quote is opened here and never closed.");
}

bool CsvReader::plain_cell(CsvRecord& record, CsvCell& cell) {
  while (!at_end() && text_[at_] != ',' && !at_break()) {
    const char c = text_[at_];
    if (c == '"') return break_off(record, "A quote stands inside a cell that does not begin with one.");
    if (c == '\r') return break_off(record, "A carriage return stands here without a line feed.");
    cell.text.push_back(c);
    ++at_;
  }
  return true;
}

bool CsvReader::next(CsvRecord& out) {
  while (!at_end() && at_break()) take_break();
  if (at_end()) return false;
  out.broken = false;
  out.line = line_;
  cells_ = 0;
  while (true) {
    CsvCell& cell = add_cell(out);
    const bool quoted = !at_end() && text_[at_] == '"';
    if (!(quoted ? quoted_cell(out, cell) : plain_cell(out, cell))) break;
    if (at_end()) break;
    if (text_[at_] == ',') {
      ++at_;
      continue;
    }
    take_break();
    break;
  }
  out.cells.resize(cells_);
  return true;
}

}  // namespace daybook::cli
