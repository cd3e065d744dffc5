#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/answers/page.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/usage_view.h"

namespace daybook {

/// What `GET …/usage` is asked for.
struct UsageQuery {
  std::optional<Date> from{};
  std::optional<Date> to{};
  Granularity granularity = Granularity::daily;
  std::vector<std::string> group_by{};  ///< as parse_group_by gives it
};

/// The dimensions of `groupBy`, comma-separated: `meterId`, `resourceId`, `resourceGroup`,
/// `category`, `region`, `subscriptionId`, `chargeType`, `pricingModel`, `publisherType`,
/// `tag:KEY`. Errors: BAD_QUERY (another one, or one given twice).
[[nodiscard]] Result<std::vector<std::string>> parse_group_by(std::string_view text);

/// `GET /v1/subscriptions/{id}/usage`, and of profiles and accounts: by day or month and what it is
/// grouped by, exact. Totals are of the whole range, whatever the page. Errors: NOT_FOUND;
/// NO_PERMISSION; BAD_QUERY (`from` after `to`); BAD_CURSOR; those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<UsageView> usage_answer(const StateReader& state, const UsageSource& usage,
                                             const Viewer& viewer, const ScopeRef& scope,
                                             const UsageQuery& query, const PageRequest& page,
                                             Date today);

}  // namespace daybook
