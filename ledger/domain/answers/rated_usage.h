#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_batch.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What of a row cells do not keep: only usage that is read row by row has it.
struct RowDetails {
  std::string resource_id;
  std::string resource_group;
  std::vector<std::optional<std::string>> tags;  ///< of the keys asked for, in their order
};

/// Usage with what it costs: a row, or a sum of rows of one day that rating need not tell apart.
struct RatedItem {
  const Subscription& subscription;
  const UsageBatch& texts;  ///< of `item`
  const UsageItem& item;
  const RowDetails* details = nullptr;  ///< null unless rows were asked for
  Exact cost;
  Currency currency;
};
using RatedVisitor = std::function<Result<void>(const RatedItem&)>;

/// Whose usage shares included quantities and tiers, and which of it is wanted.
struct UsageScope {
  ScopeRef billed;  ///< the subscription (MOSP), profile or enrollment whose document it stands on
  PlacedSubscriptions subscriptions;
  std::optional<SubscriptionId> only;  ///< of them, the one that is shown
  Currency currency;                   ///< of the document
  bool list_prices = false;  ///< by the prices for everybody alone, whatever cost a row brings
};

/// Of which days, and how closely.
struct UsageRange {
  std::optional<Date> from;
  std::optional<Date> to;
  bool by_row = false;
  std::vector<std::string> tag_keys;  ///< of `RowDetails::tags`
};

/// Hands out the usage of the range with its exact cost, by the prices of the period's invoice
/// where there is one, else by those in force. What brings its own cost keeps its own currency;
/// what has a price costs the document's; what matches none, or is dated when its subscription is
/// not charged, costs nothing. `today` says which exchange rates hold for what is not billed yet.
/// Errors: those of `usage` and `visit`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> rate_usage(const StateReader& state, const UsageSource& usage,
                                      const UsageScope& scope, const UsageRange& range, Date today,
                                      const RatedVisitor& visit);

}  // namespace daybook
