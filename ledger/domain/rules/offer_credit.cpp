#include "ledger/domain/rules/offer_credit.h"

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/reservation_rules.h"

namespace daybook {
namespace {

Money in_currency(const StateReader& state, Money amount, Currency currency, Date today) {
  if (amount.currency == currency) return amount;
  const Exact value =
      Exact::from_minor(amount.minor_units, amount.currency.minor_digits());
  const ExchangeRateVersion* rate = exchange_rate_on(state, amount.currency, currency, today);
  const Result<Exact> converted =
      rate != nullptr ? value.times(rate->rate, Rounding::HalfAwayFromZero) : Result<Exact>(value);
  if (!converted) return {0, currency};
  return Money::rounded(*converted, currency, Rounding::HalfAwayFromZero)
      .value_or(Money{0, currency});
}

constexpr std::string_view kSuffix = "-credit";

/// The credit of the offer as a lot of whatever the documents of the subscription are of.
std::vector<EventData> granted(const StateReader& state, const Subscription& subscription,
                               const LotId& lot, Date today) {
  const Account* account = state.account(subscription.account_id);
  if (account == nullptr) return {};
  const OfferTerms offer = offer_of(state, subscription.offer_id);
  const bool is_trial = offer.trial_credit.has_value();
  const std::optional<Money>& credit = is_trial ? offer.trial_credit : offer.monthly_credit;
  if (!credit || state.find<CreditLot>(lot.text()) != nullptr) return {};
  const Profile* profile =
      subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  if (account->type != AccountType::MOSP && profile == nullptr) return {};
  CreditGranted made;
  made.scope_type = profile != nullptr ? ScopeType::Profile : ScopeType::Subscription;
  made.scope_id = ScopeId(profile != nullptr ? profile->profile_id.text()
                                             : subscription.subscription_id.text());
  made.lot_id = lot;
  made.source = is_trial ? CreditSource::FreeTrial : CreditSource::MonthlyCredit;
  made.amount = in_currency(
      state, *credit, profile != nullptr ? profile->currency : account->currency, today);
  made.start_on = subscription.first_day();
  if (is_trial) made.expires_on = subscription.created_on.plus_days(offer.trial_days);
  if (made.amount.minor_units <= 0) return {};
  return {made};
}

}  // namespace

std::vector<EventData> offer_credit(const StateReader& state, const SubscriptionId& id,
                                    Date today) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr) return {};
  return granted(state, *subscription, LotId(id.text() + std::string(kSuffix)), today);
}

std::optional<SubscriptionId> subscription_of_credit(const LotId& first_lot_id) {
  const std::string& name = first_lot_id.text();
  const std::size_t end = name.rfind(kSuffix);
  if (end == std::string::npos || end == 0) return std::nullopt;
  return SubscriptionId(name.substr(0, end));
}

std::vector<EventData> moved_offer_credit(const StateReader& state, const SubscriptionId& id,
                                          Date today) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr || subscription->earlier.empty()) return {};
  const Subscription before = subscription->at_place(subscription->earlier.size() - 1);
  if (billed_with(*subscription) == billed_with(before)) return {};
  if (offer_of(state, subscription->offer_id).trial_credit) return {};
  return granted(state, *subscription,
                 LotId(id.text() + std::string(kSuffix) + "-" + subscription->first_day().text()),
                 today);
}

}  // namespace daybook
