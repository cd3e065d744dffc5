#pragma once

#include <compare>
#include <memory>
#include <vector>

#include "ledger/domain/exact.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/rules/billed_row.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The part of a line's value that is dated on one side of a credit lot's first or last day: on
/// `date` and the days around it.
struct DatedValue {
  Date date;
  Exact value;
};

/// The order in which refunds and negative rows are taken onto a document.
struct Turn {
  Date date;  ///< of the usage or the refund
  Position position = 0;

  friend auto operator<=>(const Turn&, const Turn&) = default;
};
struct LineDerivation;

/// A line before the document is rounded: `line` has all but `lineId` and `amount`.
struct DraftLine {
  InvoiceLine line;
  Exact value;
  std::vector<Position>
      rows;  ///< of late rows alone: what stays unbilled when the line is left out (R-65)
  std::vector<DatedValue> parts{};  ///< of `value`; none: all of it is dated `line.period.start`
  Turn turn{};  ///< of late rows alone: of the first of them
  std::vector<BilledRow> billed{};  ///< the rows behind it, that the manifest commits to
  /// How its value came about, where that is asked for; shared, since drafts are copied.
  std::shared_ptr<const LineDerivation> derivation{};
};

}  // namespace daybook
