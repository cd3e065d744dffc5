#include "ledger/domain/rules/offer_credit.h"

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/price_lookup.h"

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

}  // namespace

std::vector<EventData> offer_credit(const StateReader& state, const SubscriptionId& id,
                                    Date today) {
  const Subscription* subscription = state.subscription(id);
  const Account* account =
      subscription != nullptr ? state.account(subscription->account_id) : nullptr;
  if (account == nullptr) return {};
  const OfferTerms offer = offer_of(state, subscription->offer_id);
  const bool is_trial = offer.trial_credit.has_value();
  const std::optional<Money>& credit = is_trial ? offer.trial_credit : offer.monthly_credit;
  const LotId lot(id.text() + "-credit");
  if (!credit || state.find<CreditLot>(lot.text()) != nullptr) return {};
  const Profile* profile =
      subscription->profile_id ? state.profile(*subscription->profile_id) : nullptr;
  if (account->type != AccountType::MOSP && profile == nullptr) return {};
  CreditGranted granted;
  granted.scope_type = profile != nullptr ? ScopeType::Profile : ScopeType::Subscription;
  granted.scope_id = ScopeId(profile != nullptr ? profile->profile_id.text() : id.text());
  granted.lot_id = lot;
  granted.source = is_trial ? CreditSource::FreeTrial : CreditSource::MonthlyCredit;
  granted.amount = in_currency(
      state, *credit, profile != nullptr ? profile->currency : account->currency, today);
  granted.start_on = subscription->created_on;
  if (is_trial) granted.expires_on = subscription->created_on.plus_days(offer.trial_days);
  if (granted.amount.minor_units <= 0) return {};
  return {granted};
}

}  // namespace daybook
