#pragma once

#include <optional>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/usage_batch.h"

namespace daybook {

/// A row that was billed, and then amended or voided.
struct CorrectedItem {
  UsageItem was;
  std::optional<UsageItem> is;      ///< nothing: void
  std::vector<Position> positions;  ///< of its corrections that no document has
};

/// In `batch`, of the same texts, the row stands as it was billed.
void put_back(UsageBatch& batch, const CorrectedItem& item);

/// What was amended or voided of the periods that were billed before; texts are numbered as in
/// `texts`. Nothing where the scope has no mark.
[[nodiscard]] Result<std::vector<CorrectedItem>> gather_corrections(const StateReader& state,
                                                                    const UsageSource& usage,
                                                                    const BillRequest& request,
                                                                    const UsageBatch& texts);

/// Adds to `bill` what the corrections make of their periods: what each is worth with them less
/// what it was billed, by the prices of its bill, as `Adjustment` lines with the old period.
/// What is `waiting` for another document counts for nothing. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> add_corrections(const StateReader& state, const UsageSource& usage,
                                           const BillRequest& request, const UsageBatch& texts,
                                           const std::vector<CorrectedItem>& corrected,
                                           const std::vector<CorrectedItem>& waiting, Bill& bill);

}  // namespace daybook
