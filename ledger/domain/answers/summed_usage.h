#pragma once

#include <cstddef>
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

/// The usage of a scope's documents, one after another. Of many that have little it is read at once, so that a year
/// costs a walk or two over the subscription's days and not one a document.
class SummedDocuments {
 public:
  /// All outlive it but `upto`: nothing later is seen. `documents` as `documents_of` gives them.
  SummedDocuments(const UsageSource& usage, const BillingScope& scope,
                  const std::vector<ScopeDocument>& documents, Position upto)
      : usage_(usage), scope_(scope), documents_(documents), upto_(upto) {}

  /// That of the n-th; each once, in their order. Errors: those of `usage`.
  [[nodiscard]] Result<SummedUsage> take(std::size_t n);

 private:
  [[nodiscard]] Result<void> read_more();
  [[nodiscard]] Result<void> read(std::uint32_t subscription, std::int64_t& sums);

  const UsageSource& usage_;
  const BillingScope& scope_;
  const std::vector<ScopeDocument>& documents_;
  Position upto_;
  UsageBatch texts_;               ///< which all of them share
  std::size_t first_ = 0;          ///< the document of `read_.front()`
  std::vector<SummedUsage> read_;
  std::size_t at_once_ = 1;        ///< so many are read next
};

/// Whether sums are worth exactly what their rows are. Not where rows of one day and meter that share
/// tiers or an included quantity find different prices, so that their order counts; where a discount
/// may lower some of what brings its own value (a unit price) and not the rest (a cost); or where an
/// exchange rate multiplies each row by itself.
[[nodiscard]] bool sums_suffice(const RatingScope& scope, const UsageBatch& batch);

}  // namespace daybook
