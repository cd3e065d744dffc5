#include "projections/usage/cell.h"

#include <algorithm>

#include "projections/usage/bytes.h"

namespace daybook::projections {

void Cell::touch(const UsageShape& shape, Position row, Position changed_by) {
  if (first == 0 || row < first) {
    first = row;
    meter_name = shape.meter_name;
  }
  last = std::max(last, changed_by);
}

void Cell::add(const UsageShape& shape, Position row, Position changed_by, Decimal amount,
               Decimal own) {
  touch(shape, row, changed_by);
  ++rows;
  quantity.add(amount);
  if (shape.value_kind == ValueKind::Cost) own_value.add(own);
  if (shape.value_kind == ValueKind::UnitPrice) own_value.add_product(amount, own);
}

void Cell::remove(const UsageShape& shape, Position changed_by, Decimal amount, Decimal own) {
  last = std::max(last, changed_by);
  --rows;
  quantity.subtract(amount);
  if (shape.value_kind == ValueKind::Cost) own_value.subtract(own);
  if (shape.value_kind == ValueKind::UnitPrice) own_value.subtract_product(amount, own);
}

void Cell::add(const Cell& other) {
  if (other.first != 0 && (first == 0 || other.first < first)) {
    first = other.first;
    meter_name = other.meter_name;
  }
  last = std::max(last, other.last);
  rows += other.rows;
  quantity.add(other.quantity);
  own_value.add(other.own_value);
}

std::string Cell::encode() const {
  std::string out;
  out.reserve(32 + meter_name.size());
  put_varint(out, static_cast<std::uint64_t>(rows));
  put_varint(out, first);
  put_varint(out, last - first);
  put_text(out, meter_name);
  quantity.put(out);
  own_value.put(out);
  return out;
}

Cell Cell::decode(std::string_view value) {
  ByteReader bytes(value);
  Cell cell;
  cell.rows = static_cast<std::int64_t>(bytes.varint());
  cell.first = bytes.varint();
  cell.last = cell.first + bytes.varint();
  cell.meter_name = bytes.text();
  cell.quantity = Sum::take(bytes);
  cell.own_value = Sum::take(bytes);
  return cell;
}

}  // namespace daybook::projections
