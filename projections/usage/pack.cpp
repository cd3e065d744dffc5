#include "projections/usage/pack.h"

#include <algorithm>

#include "ledger/domain/invariant.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

void PackWriter::add(const PackedRow& row, std::string_view shape) {
  if (rows_ == 0) {
    first_ = row.position;
  } else {
    LEDGER_INVARIANT(row.position > last_);
    put_varint(positions_, row.position - last_);
  }
  last_ = row.position;
  ++rows_;
  if (row.shape >= numbers_.size()) numbers_.resize(row.shape + 1);
  Number& number = numbers_[row.shape];
  if (number.pack != pack_) {
    number = {pack_, shape_count_++};
    put_text(shapes_, shape);
  }
  put_varint(shape_column_, number.number);
  put_decimal(quantities_, row.quantity);
  if (UsageShape::has_own_value(shape)) put_decimal(own_values_, row.own_value);
  put_u32(usage_ids_, row.usage_hash);
}

std::string PackWriter::finish() {
  std::string out;
  out.reserve(24 + shapes_.size() + positions_.size() + shape_column_.size() + quantities_.size() +
              own_values_.size() + usage_ids_.size());
  put_varint(out, rows_);
  put_varint(out, last_ - first_);
  put_varint(out, shape_count_);
  out += shapes_;
  put_text(out, positions_);
  put_text(out, shape_count_ == 1 ? std::string_view() : shape_column_);
  put_text(out, quantities_);
  put_text(out, own_values_);
  put_text(out, usage_ids_);
  rows_ = 0;
  for (std::string* column :
       {&shapes_, &positions_, &shape_column_, &quantities_, &own_values_, &usage_ids_}) {
    column->clear();
  }
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
