#pragma once

#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/usage_batch.h"

namespace daybook {

/// Rows that belong to periods already billed but stand on no document: recorded after the mark,
/// without a price until now, or left over by an earlier document. Sorted. Nothing where the scope
/// has no mark.
[[nodiscard]] Result<UsageBatch> gather_late(const StateReader& state, const UsageSource& usage,
                                             const BillRequest& request);

/// What late rows add to their periods: what each period is worth with them less what it was worth
/// without, by the prices of its bill. A line for each of their groups. `counts` leaves rows
/// out (null: none).
[[nodiscard]] Result<Bill> rate_late(const StateReader& state, const UsageSource& usage,
                                     const BillRequest& request, const UsageBatch& late,
                                     const std::function<bool(const UsageItem&)>& counts);

}  // namespace daybook
