#pragma once

#include <optional>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// Lines, and which usage they were made of: an invoice, or what a period is worth without one.
struct ChargedPeriod {
  std::vector<InvoiceLine> lines;
  Period period;
  Currency currency;
  Position rows_upto = 0;               ///< usage recorded later is not on the lines
  std::optional<Position> prices_upto;  ///< nor do prices posted later count
  Date rate_date;                       ///< exchange rates are those of this day
  std::vector<Position> late;           ///< rows of earlier periods on it, sorted
  std::vector<Position> left_out;       ///< rows of the period that are on no line, sorted
  bool is_first = false;                ///< rows dated before the period stand on it too
  const InvoiceIssued* invoice = nullptr;
};

/// What an invoice was made of.
[[nodiscard]] ChargedPeriod charged_by(const StateReader& state, const InvoiceIssued& issued);

/// What stands behind the lines whose charge types `wants` takes, in order of subscription, date,
/// position; after that the lines behind which no usage stands. The costs of the rows of a line sum
/// to its value, cut to 28 places each. Errors: those of `usage`, `records`, `visit`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> charged_rows(const StateReader& state, const UsageSource& usage,
                                        const UsageRecords& records, const ChargedPeriod& charged,
                                        const std::function<bool(const InvoiceLine&)>& wants,
                                        const FileVisitor& visit);

}  // namespace daybook
