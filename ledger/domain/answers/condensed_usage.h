#pragma once

#include <span>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/usage_batch.h"

namespace daybook {

/// `batch`, which holds sums of one period in their order, with the days of each line put together where none of `scopes`
/// tells them apart: the same sum of a document by every one of them, of far fewer items. Which subscription
/// has the cheap units of a tier that several share may differ, so the sum alone is the same and not each line.
///
/// Apart stay the days of a meter whose price changes among them, of one that is converted, those of a subscription with
/// discounts and of the tiers that it shares, and days that are not charged. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<UsageBatch> condensed(const UsageBatch& batch, std::span<const RatingScope> scopes);

}  // namespace daybook
