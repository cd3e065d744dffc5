#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// The numbers of a row as they are stored.
class PackedNumbers {
 public:
  static constexpr std::size_t kMost = 2 * kDecimalBytes + sizeof(std::uint32_t);

  PackedNumbers(const PackedRow& row, bool has_own_value);

  /// quantity ‖ own value, where there is one ‖ usage hash:4
  [[nodiscard]] std::string_view all() const { return {bytes_.data(), size_}; }
  [[nodiscard]] std::string_view quantity() const { return {bytes_.data(), quantity_}; }
  [[nodiscard]] std::string_view own_value() const { return {bytes_.data() + quantity_, size_ - quantity_ - sizeof(std::uint32_t)}; }
  [[nodiscard]] std::string_view usage_hash() const { return {bytes_.data() + size_ - sizeof(std::uint32_t), sizeof(std::uint32_t)}; }

 private:
  std::array<char, kMost> bytes_;
  std::size_t quantity_;  ///< bytes of it
  std::size_t size_;
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
  /// The same for who has its numbers stored already; of `row` position and shape are read.
  void add(const PackedRow& row, const PackedNumbers& numbers, std::string_view shape);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] Position first() const { return first_; }
  /// The packed rows; then the writer is empty again.
  [[nodiscard]] std::string finish();

 private:
  std::size_t rows_ = 0;
  Position first_ = 0;
  Position last_ = 0;
  std::uint64_t pack_ = 1;
  std::uint32_t shape_count_ = 0;
  struct Number {
    std::uint64_t pack = 0;
    std::uint32_t number = 0;
  };
  std::vector<Number> numbers_;  ///< by the caller's number; those of this pack count
  /// A column as it grows.
  class Column {
   public:
    void varint(std::uint64_t value) {
      make_room(kVarintBytes);
      BytesAt at(room_.data() + size_);
      at.varint(value);
      size_ = static_cast<std::size_t>(at.end() - room_.data());
    }
    void bytes(std::string_view bytes) {
      make_room(bytes.size());
      std::memcpy(room_.data() + size_, bytes.data(), bytes.size());
      size_ += bytes.size();
    }
    [[nodiscard]] std::string_view all() const { return {room_.data(), size_}; }
    void clear() { size_ = 0; }

   private:
    void make_room(std::size_t more) {
      if (size_ + more > room_.size()) room_.resize(std::max<std::size_t>(256, 2 * (size_ + more)));
    }

    std::string room_;
    std::size_t size_ = 0;
  };

  std::string shapes_;
  Column positions_;
  Column shape_column_;
  Column quantities_;
  Column own_values_;
  Column usage_ids_;
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
