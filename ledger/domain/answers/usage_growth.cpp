#include "ledger/domain/answers/usage_growth.h"

#include <algorithm>
#include <set>
#include <string>

#include "ledger/domain/answers/charges.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/discount.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The meters of rows dated before the first period, which is billed with them and shares their tiers.
Result<void> add_earlier_meters(const UsageSource& usage, const SubscriptionId& id, Date before, Position upto, std::set<std::string>& meters) {
  return usage.rows(id, kFirstDate, before, upto, [&](const UsageRow& row) {
    if (!row.cost && !row.unit_price) meters.emplace(row.meter_id);
  });
}

/// Whether something waits for room; also where that cannot be said.
bool leaves_over(const StateReader& state, const UsageSource& usage, const ScopeRef& scope, const Period& period, Date today) {
  if (scope.type == ScopeType::Profile) {
    const Profile* profile = state.profile(ProfileId(scope.id));
    const Result<Charges> charges = profile != nullptr ? unbilled_charges(state, usage, *profile, period, today) : Charges();
    return !charges || charges->leaves_over;
  }
  const Subscription* subscription = state.subscription(SubscriptionId(scope.id));
  const Account* account = subscription != nullptr ? state.account(subscription->account_id) : nullptr;
  const Result<Charges> charges = account != nullptr ? unbilled_charges(state, usage, *account, *subscription, period, today) : Charges();
  return !charges || charges->leaves_over;
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
                        Date today) {
  const bool is_of_one = scope.type == ScopeType::Subscription;
  if (is_of_one && CreditPool(state, scope).has_lots()) return false;
  if (leaves_over(state, usage, scope, usage.days(), today)) return false;
  std::set<std::string> meters = usage.priced_meters();
  bool has_discounts = false;
  for (const SubscriptionId& id : usage.subscriptions()) {
    const Subscription* subscription = state.subscription(id);
    if (subscription == nullptr || subscription->support_plan_id) return false;
    has_discounts = has_discounts || !discounts_for(state, *subscription).empty();
    const BillingMark* mark = is_of_one ? state.billing_mark(scope, InvoiceType::AzureServices, subscription->place())
                                        : state.billing_mark(scope, InvoiceType::Profile);
    if (mark == nullptr) LEDGER_CHECK(add_earlier_meters(whole, id, usage.days().start, state.position(), meters));
  }
  return std::all_of(meters.begin(), meters.end(), [&](const std::string& meter) {
    return grows(state.find<MeterPrices>(meter), has_discounts);
  });
}

}  // namespace daybook
