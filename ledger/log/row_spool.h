#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "ledger/log/found_rows.h"
#include "ledger/log/open_error.h"

namespace daybook::log {

/// A row that was read back.
class SpooledRow {
 public:
  explicit SpooledRow(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] Bytes key() const;
  [[nodiscard]] Bytes value() const;

 private:
  std::string bytes_;  ///< key ‖ value
};

/// Rows as they are found, in a file, so that a ledger larger than the memory can be salvaged; each position once.
class RowSpool {
 public:
  /// Where one row is.
  struct Place {
    Position first = 0;
    Position last = 0;
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };

  explicit RowSpool(std::string path);
  ~RowSpool();  ///< removes the file
  RowSpool(const RowSpool&) = delete;
  RowSpool& operator=(const RowSpool&) = delete;

  void add(const FoundRow& row);
  /// No more rows: sorts them. Of rows that hold the same positions the later written one stays, as the database would
  /// have it. Errors: Failed, where the file could not be written.
  [[nodiscard]] Opening<void> settle();
  [[nodiscard]] const std::vector<Place>& rows() const { return rows_; }
  [[nodiscard]] SpooledRow read(const Place& row);

 private:
  std::string path_;
  std::fstream file_;
  std::uint64_t end_ = 0;
  std::vector<Place> rows_;
};

}  // namespace daybook::log
