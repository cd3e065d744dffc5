#pragma once

#include <cstdint>
#include <string>

#include "ledger/domain/files/usage_file.h"

namespace daybook::codec {

/// A cell of text as a spreadsheet may open it: what would begin a formula gets an apostrophe in
/// front, and quotes stand where RFC 4180 asks for them.
void put_csv_text(std::string_view text, std::string& out);

/// Writes a file as CSV (RFC 4180): a header line a table, lines end with CRLF, no value is an empty
/// cell. Files of several tables have their titles and an empty line between them.
class CsvWriter final : public FileSink {
 public:
  /// Appends to `out`.
  explicit CsvWriter(std::string& out) : out_(out) {}

  void begin(const FileTable& table) override;
  void row(std::span<const Cell> cells) override;

 private:
  std::string& out_;
  bool has_table_ = false;
};

}  // namespace daybook::codec
