#include "ledger/domain/rules/billed_at.h"

#include <algorithm>

#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/price_lookup.h"

namespace daybook {

BilledAt billed_at(const StateReader& state, const ScopeRef& scope, const PeriodOwner& owner, const BillingMark* mark,
                   const Subscription& subscription, Period period) {
  BilledAt result;
  if (mark == nullptr) return result;
  const BilledPeriod* own = state.billed_period(scope, owner.type, period.start);
  while (period.start < mark->through) {
    const BilledPeriod* billed = state.billed_period(scope, owner.type, period.start);
    if (billed != nullptr) result.push_back(billed->position);
    if (result.empty()) return result;
    const Period next = usage_period(owner, subscription, period.end_exclusive);
    if (next.start != period.end_exclusive || next.start == next.end_exclusive) break;
    period = next;
  }
  if (result.empty()) return result;
  result.push_back(mark->position);
  if (own != nullptr) result.insert(result.end(), own->corrected_at.begin(), own->corrected_at.end());
  // A document in a void one's place may have looked at a later position than those of the periods after it.
  std::sort(result.begin() + 1, result.end());
  return result;
}

BilledAt billed_at(const StateReader& state, const Subscription& subscription, Date day, bool is_marketplace) {
  const Subscription then = subscription_on(subscription, day);
  ScopeRef scope(then.subscription_id);
  PeriodOwner owner;
  std::int32_t place = 0;
  if (then.profile_id) {
    scope = ScopeRef(*then.profile_id);
    owner = {InvoiceType::Profile, state.profile(*then.profile_id), nullptr};
  } else if (then.enrollment_id) {
    const Account* account = state.account(then.account_id);
    const bool is_apart = is_marketplace && account != nullptr && bills_marketplace_apart(*account);
    scope = ScopeRef(*then.enrollment_id);
    owner = {is_apart ? InvoiceType::AzureMarketplace : InvoiceType::EnrollmentOverage, nullptr,
             state.enrollment(*then.enrollment_id)};
  } else {
    owner.type = is_marketplace ? InvoiceType::AzureMarketplace : InvoiceType::AzureServices;
    place = then.place();
  }
  return billed_at(state, scope, owner, state.billing_mark(scope, owner.type, place), then,
                   usage_period(owner, then, day));
}

bool was_charged(const Subscription& subscription, Date day, Position position, const BilledAt& billed) {
  const auto first =
      std::find_if(billed.begin(), billed.end(), [position](Position upto) { return position <= upto; });
  return first != billed.end() && subscription.is_charged_on(day, *first);
}

bool matched_at(const StateReader& state, const Subscription& subscription, std::string_view meter_id,
                const UsageKeys& usage, Position then) {
  if (subscription.posted_at > then) return false;
  const Subscription lay = subscription_on(subscription, usage.usage_date);
  const Currency currency = document_currency(state, lay);
  if (usage.has_own_value) {
    if (!usage.currency || *usage.currency == currency) return true;
    const ExchangeRates* rates = state.exchange_rates(*usage.currency, currency);
    return rates != nullptr && std::any_of(rates->versions.begin(), rates->versions.end(), [then](const ExchangeRateVersion& rate) {
             return rate.position <= then;
           });
  }
  const MeterPrices* prices = state.prices(meter_id);
  if (prices == nullptr) return false;
  return price_in_force(state, *prices, price_scopes(lay), usage.usage_date, {currency, std::nullopt, then}).has_value();
}

}  // namespace daybook
