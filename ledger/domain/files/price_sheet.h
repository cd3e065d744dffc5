#pragma once

#include "ledger/domain/files/usage_file.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// The price sheet of an account, profile or enrollment (DOC-2): for each meter a row, for tiered prices a row a tier.
/// Prices are of one unit, exact. No sum.
[[nodiscard]] FileTable price_sheet_table();

/// Hands out the prices in force on `sheet.on`. Errors: NOT_FOUND.
[[nodiscard]] Result<FileSummary> write_price_sheet(const StateReader& state, const PriceSheet& sheet, FileSink& sink);

}  // namespace daybook
