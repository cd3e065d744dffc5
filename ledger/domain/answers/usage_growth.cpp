#include "ledger/domain/answers/usage_growth.h"

#include <algorithm>
#include <set>
#include <string>

#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/discount.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What rows of earlier days bring onto the document that is asked about.
struct Earlier {
  std::set<std::string> meters;  ///< of those that the ledger prices
  bool is_plain = true;          ///< none is below zero, and none was corrected after it was billed
};

Result<Earlier> earlier_usage(const UsageSource& usage, const SubscriptionId& id, const BillingMark* mark, Date before,
                              Position last) {
  Earlier earlier;
  const auto take = [&](const UsageRow& row) {
    if (is_below_zero(row)) earlier.is_plain = false;
    if (!row.cost && !row.unit_price) earlier.meters.emplace(row.meter_id);
  };
  if (mark == nullptr) {
    LEDGER_CHECK(usage.rows(id, kFirstDate, before, last, take));
    return earlier;
  }
  earlier.is_plain = mark->deferred.empty() && mark->reopened.empty();
  LEDGER_CHECK(usage.late_rows(id, mark->through, mark->position, last, take));
  LEDGER_CHECK(usage.unmatched_rows(id, mark->through, last, take));
  LEDGER_CHECK(usage.corrections(id, mark->through, mark->position, last, {}, [&](const UsageCorrection&) { earlier.is_plain = false; }));
  return earlier;
}

/// Whether more units are never worth less by the prices of a meter, whichever rows come between others.
bool grows(const MeterPrices* prices, bool is_linear_alone) {
  if (prices == nullptr) return true;
  for (const PriceVersion& price : prices->versions) {
    const bool is_negative = std::any_of(price.tiers.begin(), price.tiers.end(), [](const Tier& tier) { return tier.unit_price.is_negative(); });
    if (is_negative || price.included_quantity.is_negative()) return false;
  }
  if (is_linear(prices)) return true;
  // Rows that come between others push them into other tiers: of one price it is the same sum, of two it may be less.
  return !is_linear_alone && prices->versions.size() == 1 && prices->versions.front().tier_mode == TierMode::Graduated;
}

}  // namespace

Result<bool> only_grows(const StateReader& state, const UsageSource& whole, const GrowingUsage& usage, const ScopeRef& scope,
                        Position last) {
  const bool is_of_one = scope.type == ScopeType::Subscription;
  if (is_of_one && CreditPool(state, scope).has_lots()) return false;
  std::set<std::string> meters = usage.priced_meters();
  bool has_discounts = false;
  for (const SubscriptionId& id : usage.subscriptions()) {
    const Subscription* subscription = state.subscription(id);
    if (subscription == nullptr || subscription->support_plan_id) return false;
    has_discounts = has_discounts || !discounts_for(state, *subscription).empty();
    const BillingMark* mark = is_of_one ? state.billing_mark(scope, InvoiceType::AzureServices, subscription->place())
                                        : state.billing_mark(scope, InvoiceType::Profile);
    LEDGER_TRY(const Earlier earlier, earlier_usage(whole, id, mark, usage.days().start, last));
    if (!earlier.is_plain) return false;
    meters.insert(earlier.meters.begin(), earlier.meters.end());
  }
  return std::all_of(meters.begin(), meters.end(), [&](const std::string& meter) {
    return grows(state.find<MeterPrices>(meter), has_discounts);
  });
}

}  // namespace daybook
