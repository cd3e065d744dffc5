#include "ledger/domain/rules/admit.h"

#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/price_lookup.h"

namespace daybook {
namespace {

/// The currency of the documents on which the subscription stands.
const Currency* currency_of_documents(const StateReader& state, const Subscription& subscription) {
  if (subscription.profile_id) {
    const Profile* profile = state.profile(*subscription.profile_id);
    return profile != nullptr ? &profile->currency : nullptr;
  }
  const Account* account = state.account(subscription.account_id);
  return account != nullptr ? &account->currency : nullptr;
}

}  // namespace

std::optional<Unmatched> admit(const StateReader& state, const Subscription* subscription,
                               const MeterPrices* prices, const UsageKeys& usage) {
  if (subscription == nullptr) return Unmatched::UNKNOWN_SUBSCRIPTION;
  if (!subscription->is_placed_on(usage.usage_date)) {
    const Subscription then = subscription_on(*subscription, usage.usage_date);
    return admit(state, &then, prices, usage);
  }
  if (!subscription->is_charged_on(usage.usage_date)) return Unmatched::SUBSCRIPTION_INACTIVE;
  const Currency* currency = currency_of_documents(state, *subscription);
  if (currency == nullptr) return Unmatched::UNKNOWN_SUBSCRIPTION;
  if (usage.has_own_value) {
    if (!usage.currency || *usage.currency == *currency) return std::nullopt;
    return exchange_rate_on(state, *usage.currency, *currency, std::nullopt) != nullptr
               ? std::nullopt
               : std::optional(Unmatched::CURRENCY_MISMATCH);
  }
  if (prices == nullptr) return Unmatched::NO_PRICE;
  const PriceScopes scopes = price_scopes(*subscription);
  const PriceView view{*currency, std::nullopt};
  if (price_in_force(state, *prices, scopes, usage.usage_date, view)) return std::nullopt;
  return has_price(*prices, scopes, usage.usage_date, view) ? Unmatched::CURRENCY_MISMATCH
                                                            : Unmatched::NO_PRICE;
}

std::optional<Unmatched> admit(const StateReader& state, std::string_view subscription_id,
                               std::string_view meter_id, const UsageKeys& usage) {
  return admit(state, state.find<Subscription>(subscription_id), state.prices(meter_id), usage);
}

}  // namespace daybook
