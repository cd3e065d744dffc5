#include "projections/usage/pack.h"

#include <array>
#include <cstring>

#include "ledger/domain/invariant.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

PackedNumbers::PackedNumbers(const PackedRow& row, bool has_own_value) {
  char* end = put_decimal(bytes_.data(), row.quantity);
  quantity_ = static_cast<std::size_t>(end - bytes_.data());
  if (has_own_value) end = put_decimal(end, row.own_value);
  std::memcpy(end, &row.usage_hash, sizeof row.usage_hash);
  size_ = static_cast<std::size_t>(end - bytes_.data()) + sizeof row.usage_hash;
}

void PackWriter::add(const PackedRow& row, std::string_view shape) {
  add(row, PackedNumbers(row, UsageShape::has_own_value(shape)), shape);
}

void PackWriter::add(const PackedRow& row, const PackedNumbers& numbers, std::string_view shape) {
  if (rows_ == 0) {
    first_ = row.position;
  } else {
    LEDGER_INVARIANT(row.position > last_);
    positions_.varint(row.position - last_);
  }
  last_ = row.position;
  ++rows_;
  if (row.shape >= numbers_.size()) numbers_.resize(row.shape + 1);
  Number& number = numbers_[row.shape];
  if (number.pack != pack_) {
    number = {pack_, shape_count_++};
    put_text(shapes_, shape);
  }
  shape_column_.varint(number.number);
  quantities_.bytes(numbers.quantity());
  own_values_.bytes(numbers.own_value());
  usage_ids_.bytes(numbers.usage_hash());
}

std::string PackWriter::finish() {
  const std::array<std::string_view, 5> columns{positions_.all(), shape_count_ == 1 ? std::string_view() : shape_column_.all(),
                                                quantities_.all(), own_values_.all(), usage_ids_.all()};
  std::size_t size = 3 * kVarintBytes + shapes_.size();
  for (const std::string_view column : columns) size += kVarintBytes + column.size();
  std::string out;
  out.reserve(size);
  put_varint(out, rows_);
  put_varint(out, last_ - first_);
  put_varint(out, shape_count_);
  out += shapes_;
  for (const std::string_view column : columns) put_text(out, column);
  rows_ = 0;
  shapes_.clear();
  for (Column* column : {&positions_, &shape_column_, &quantities_, &own_values_, &usage_ids_}) column->clear();
  shape_count_ = 0;
  ++pack_;
  return out;
}

PackReader::PackReader(Position first, std::string_view value) : position_(first) {
  ByteReader bytes(value);
  rows_ = bytes.varint();
  last_ = first + bytes.varint();
  const std::uint64_t shapes = bytes.varint();
  for (std::uint64_t i = 0; i < shapes; ++i) {
    shapes_.push_back(bytes.text());
    own_value_.push_back(UsageShape::has_own_value(shapes_.back()));
  }
  positions_ = ByteReader(bytes.text());
  shape_column_ = ByteReader(bytes.text());
  quantities_ = ByteReader(bytes.text());
  own_values_ = ByteReader(bytes.text());
  usage_ids_ = ByteReader(bytes.text());
  LEDGER_INVARIANT(bytes.done() && rows_ > 0 && shapes > 0);
}

bool PackReader::next(PackedRow& row) {
  if (read_ == rows_) return false;
  if (read_ > 0) position_ += positions_.varint();
  ++read_;
  row.position = position_;
  row.shape = shapes_.size() == 1 ? 0 : static_cast<std::uint32_t>(shape_column_.varint());
  LEDGER_INVARIANT(row.shape < shapes_.size());
  row.quantity = quantities_.decimal();
  row.own_value = own_value_[row.shape] ? own_values_.decimal() : Decimal(0);
  row.usage_hash = usage_ids_.u32();
  return true;
}

}  // namespace daybook::projections
