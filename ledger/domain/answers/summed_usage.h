#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/billing_scope.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/usage_batch.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// The usage of a document, summed by day and meter: what rates as its rows do, unless they tell more.
struct SummedUsage {
  std::vector<UsageBatch> parts;  ///< one for each part of the document, sorted
  std::int64_t rows = 0;
};

/// Reads it. Errors: those of `usage`.
[[nodiscard]] Result<SummedUsage> summed_usage(const UsageSource& usage, const BillingScope& scope,
                                               const ScopeDocument& document, Position upto);

/// Whether sums are worth exactly what their rows are. Not where rows of one day and meter that share
/// tiers or an included quantity find different prices, so that their order counts; where a discount
/// may lower some of what brings its own value (a unit price) and not the rest (a cost); or where an
/// exchange rate multiplies each row by itself.
[[nodiscard]] bool sums_suffice(const RatingScope& scope, const UsageBatch& batch);

}  // namespace daybook
