#include "ledger/domain/rules/exchange.h"

#include <string>

#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Currency document_currency(const StateReader& state, const Subscription& there) {
  if (there.profile_id) {
    if (const Profile* profile = state.profile(*there.profile_id)) return profile->currency;
  }
  const Account* account = state.account(there.account_id);
  return account != nullptr ? account->currency : Currency();
}

std::optional<Currency> document_currency(const StateReader& state, const ScopeRef& scope, Date day) {
  if (scope.type == ScopeType::Profile) {
    const Profile* profile = state.profile(ProfileId(scope.id));
    return profile != nullptr ? std::optional(profile->currency) : std::nullopt;
  }
  if (scope.type == ScopeType::Enrollment) {
    const Enrollment* enrollment = state.enrollment(EnrollmentId(scope.id));
    const Account* account = enrollment != nullptr ? state.account(enrollment->account_id) : nullptr;
    return account != nullptr ? std::optional(account->currency) : std::nullopt;
  }
  if (scope.type != ScopeType::Subscription) return std::nullopt;
  const Subscription* subscription = state.subscription(SubscriptionId(scope.id));
  if (subscription == nullptr) return std::nullopt;
  return document_currency(state, subscription_on(*subscription, day));
}

bool can_exchange(const StateReader& state, Currency from, Currency to) {
  return from == to || exchange_rate_on(state, from, to, std::nullopt) != nullptr;
}

tl::unexpected<Error> no_rate(Currency from, Currency to, std::string_view pointer) {
  const std::string own(from.text());
  const std::string there(to.text());
  return rejected("CURRENCY_MISMATCH",
                  "what is recorded in " + own + " is to stand on documents in " + there +
                      ", and there is no rate from " + own + " to " + there +
                      ", and one is never turned round; post ExchangeRateChanged from " + own + " to " + there + " first",
                  std::string(pointer));
}

Result<Exact> exchanged(const Exact& value, const ExchangeRateVersion* rate) {
  if (rate == nullptr) return value;
  return value.times(rate->rate, Rounding::HalfAwayFromZero);
}

Result<std::optional<Money>> exchanged(const StateReader& state, Money amount, Currency to, Date day) {
  if (amount.currency == to) return std::optional(amount);
  const ExchangeRateVersion* rate = exchange_rate_on(state, amount.currency, to, day);
  if (rate == nullptr) return std::optional<Money>();
  LEDGER_TRY(const Exact value,
             exchanged(Exact::from_minor(amount.minor_units, amount.currency.minor_digits()), rate));
  LEDGER_TRY(const Money made, Money::rounded(value, to, Rounding::HalfAwayFromZero));
  return std::optional(made);
}

Result<Money> dollar_limit(const StateReader& state, std::int64_t units, Currency currency, Date day) {
  Exact limit(units);
  const bool is_other = currency != kUsd;
  if (const ExchangeRateVersion* rate = is_other ? exchange_rate_on(state, kUsd, currency, day) : nullptr) {
    LEDGER_TRY(limit, limit.times(rate->rate, Rounding::HalfAwayFromZero));
  } else if (const ExchangeRateVersion* back = is_other ? exchange_rate_on(state, currency, kUsd, day) : nullptr) {
    LEDGER_TRY(limit, limit.divided_by(back->rate, Rounding::Up));
  }
  return Money::rounded(limit, currency, Rounding::Down);
}

}  // namespace daybook
