#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/decimal.h"
#include "ledger/domain/rules/position.h"
#include "projections/usage/bytes.h"

namespace daybook::projections {

/// One usage row inside a pack. `shape` counts the shapes of the pack (or of whoever hands it out).
struct PackedRow {
  Position position = 0;
  std::uint32_t shape = 0;
  std::uint32_t usage_hash = 0;  ///< of the usage id: finds the candidates for an amendment
  Decimal quantity{0};
  Decimal own_value{0};  ///< cost or unit price, where the shape says so
};

/// Rows of one usage stream and day in one value.
///
///   rows:varint ‖ last − first position:varint ‖ shapes:varint ‖ { shape: text }… ‖ five columns,
///   each a text: positions   varint of the distance to the row before, without the first row
///   shapes      varint each; empty where there is one shape
///   quantities  decimal each
///   own values  decimal of the rows whose shape has one
///   usage ids   u32 each
///
/// The position of the first row is in the key. How rows are packed is not part of the state: every
/// row counts for itself in the state hash.
class PackWriter {
 public:
  static constexpr std::size_t kMaxRows = 4096;

  /// Positions ascend. `row.shape` is the caller's small number of `shape`, the stored form of a
  /// UsageShape: the same number means the same shape.
  void add(const PackedRow& row, std::string_view shape);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] Position first() const { return first_; }
  /// The packed rows; then the writer is empty again.
  [[nodiscard]] std::string finish();

 private:
  std::size_t rows_ = 0;
  Position first_ = 0;
  Position last_ = 0;
  std::uint32_t pack_ = 1;
  std::uint32_t shape_count_ = 0;
  struct Number {
    std::uint32_t pack = 0;
    std::uint32_t number = 0;
  };
  std::vector<Number> numbers_;  ///< by the caller's number; those of this pack count
  std::string shapes_;
  std::string positions_;
  std::string shape_column_;
  std::string quantities_;
  std::string own_values_;
  std::string usage_ids_;
};

/// Reads a pack from its first row to its last.
class PackReader {
 public:
  /// `value` must outlive it.
  PackReader(Position first, std::string_view value);

  [[nodiscard]] const std::vector<std::string_view>& shapes() const { return shapes_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] Position last() const { return last_; }

  /// False after the last row.
  [[nodiscard]] bool next(PackedRow& row);

 private:
  Position position_;
  Position last_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t read_ = 0;
  std::vector<std::string_view> shapes_;
  std::vector<bool> own_value_;
  ByteReader positions_{{}};
  ByteReader shape_column_{{}};
  ByteReader quantities_{{}};
  ByteReader own_values_{{}};
  ByteReader usage_ids_{{}};
};

}  // namespace daybook::projections
