#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::cli {

/// One cell of a CSV file, and where it begins: lines and columns count from 1, columns in bytes.
struct CsvCell {
  std::string text;
  std::size_t line = 0;
  std::size_t column = 0;
};

/// One record, or the place where it stops being one.
struct CsvRecord {
  std::vector<CsvCell> cells;
  std::size_t line = 0;  ///< on which it begins
  bool broken = false;
  std::string reason;            ///< of a broken one, a sentence
  std::size_t fault_line = 0;    ///< of a broken one
  std::size_t fault_column = 0;
};

/// Reads CSV strictly by RFC 4180: cells apart by commas, records by line breaks (CRLF or LF), quotes around cells that
/// hold either, a quote inside written twice. A record that breaks these rules is broken and reading goes on at the next
/// line; what is wrong is never guessed at. Empty lines are passed over. Pure: the text stays with the caller.
class CsvReader {
 public:
  /// A UTF-8 byte-order mark at the beginning is passed over.
  explicit CsvReader(std::string_view text);

  /// The next record into `out`, whose room is used again; false at the end of the text.
  [[nodiscard]] bool next(CsvRecord& out);

  /// Bytes of the text that have been read.
  [[nodiscard]] std::size_t offset() const { return at_; }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] bool at_break() const;
  void take_break();
  [[nodiscard]] std::size_t column() const { return at_ - line_start_ + 1; }
  [[nodiscard]] CsvCell& add_cell(CsvRecord& record);
  [[nodiscard]] bool quoted_cell(CsvRecord& record, CsvCell& cell);
  [[nodiscard]] bool plain_cell(CsvRecord& record, CsvCell& cell);
  bool break_off(CsvRecord& record, std::string reason);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t cells_ = 0;
};

}  // namespace daybook::cli
