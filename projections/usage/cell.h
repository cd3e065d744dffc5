#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/decimal.h"
#include "ledger/domain/rules/position.h"
#include "projections/usage/sum.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

/// The exact sum of the rows of one subscription and day that a document's line cannot tell apart.
///
/// `first` and `last` span every event that ever changed it, corrections too: at a position before
/// `last` the cell is made again from rows. A cell whose rows are all void stays, with no rows.
struct Cell {
  std::int64_t rows = 0;        ///< not void
  Position first = 0;           ///< of the earliest row that ever was in it; 0: nothing ever was
  Position last = 0;            ///< of the last event that changed it
  std::string meter_name = {};  ///< of the earliest row
  Sum quantity = {};
  Sum own_value = {};  ///< Σ cost and quantity × unit price

  /// A row comes in, by an event at `changed_by`: its own, or its correction's.
  void add(const UsageShape& shape, Position row, Position changed_by, Decimal quantity,
           Decimal own);
  /// A row goes out, or came in void.
  void remove(const UsageShape& shape, Position changed_by, Decimal quantity, Decimal own);
  /// What another batch saw of the same cell.
  void add(const Cell& other);

  /// rows:varint ‖ first:varint ‖ last − first:varint ‖ meter name ‖ quantity ‖ own value
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static Cell decode(std::string_view value);

  friend bool operator==(const Cell&, const Cell&) = default;

 private:
  void touch(const UsageShape& shape, Position row, Position changed_by);
};

}  // namespace daybook::projections
