#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/usage_batch.h"

namespace daybook {

struct CorrectedItem;

/// Rows that belong to periods already billed but stand on no document: recorded after the mark,
/// without a price until now, or left over by an earlier document. Sorted. Nothing where the scope
/// has no mark.
[[nodiscard]] Result<UsageBatch> gather_late(const StateReader& state, const UsageSource& usage,
                                             const BillRequest& request);

/// Whether `row` is of a billed period that ended with its credit: nothing that comes later of it is billed or given
/// back.
[[nodiscard]] bool ended_with_credit(const StateReader& state, const BillRequest& request,
                                     const Subscription& subscription, const UsageRow& row);

/// Whether a row recorded up to `then` matched nothing by what was known then.
[[nodiscard]] bool was_unmatched(const StateReader& state, const BillRequest& request,
                                 const Subscription& subscription, const UsageRow& row,
                                 Position then);

/// The priced rows of a meter with which `period` was billed, as they stand now, but for what `waiting` corrects, which
/// stands as it was: what others are worth depends on them. Texts are numbered as in `texts`.
[[nodiscard]] Result<UsageBatch> billed_rows(const StateReader& state, const UsageSource& usage,
                                             const BillRequest& request, const UsageBatch& texts,
                                             Period period, const std::string& meter,
                                             const std::vector<CorrectedItem>& waiting);

/// What late rows add to their periods: what each period is worth with them less what it was worth
/// without, by the prices of its bill. A line for each of their groups. `counts` leaves rows
/// out (null: none); `waiting`: corrections that stand on no document yet, nor on this one.
[[nodiscard]] Result<Bill> rate_late(const StateReader& state, const UsageSource& usage,
                                     const BillRequest& request, const UsageBatch& late,
                                     const std::vector<CorrectedItem>& waiting,
                                     const std::function<bool(const UsageItem&)>& counts);

}  // namespace daybook
