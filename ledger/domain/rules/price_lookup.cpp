#include "ledger/domain/rules/price_lookup.h"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

enum class Level { Subscription, Profile, Account, Everybody };
constexpr std::array kLevels = {Level::Subscription, Level::Profile, Level::Account,
                                Level::Everybody};

bool is_of(const PriceVersion& version, const PriceScopes& scopes, Level level) {
  if (!version.scope) return level == Level::Everybody;
  const auto matches = [&](ScopeType type, std::string_view id) {
    return version.scope->type == type && !id.empty() && version.scope->id == id;
  };
  switch (level) {
    case Level::Subscription:
      return matches(ScopeType::Subscription, scopes.subscription);
    case Level::Profile:
      return matches(ScopeType::Profile, scopes.profile) ||
             matches(ScopeType::Enrollment, scopes.enrollment);
    case Level::Account:
      return matches(ScopeType::Account, scopes.account);
    case Level::Everybody:
      return false;
  }
  return false;
}

bool counts(const PriceVersion& version, Date usage_date, const PriceView& view) {
  if (version.effective_on > usage_date) return false;
  if (view.upto && version.position > *view.upto) return false;
  return !version.replaced_by || (view.upto && *version.replaced_by > *view.upto);
}

/// The later of two versions in force.
bool is_later(const PriceVersion& version, const PriceInForce& best) {
  return best.version == nullptr || version.effective_on >= best.version->effective_on;
}

}  // namespace

PriceScopes price_scopes(const Subscription& subscription) {
  return {subscription.subscription_id.text(),
          subscription.profile_id ? std::string_view(subscription.profile_id->text())
                                  : std::string_view(),
          subscription.account_id.text(),
          subscription.enrollment_id ? std::string_view(subscription.enrollment_id->text())
                                     : std::string_view()};
}

const ExchangeRateVersion* exchange_rate_on(const StateReader& state, Currency from, Currency to,
                                            std::optional<Date> date, std::optional<Position> upto) {
  const ExchangeRates* rates = state.exchange_rates(from, to);
  if (rates == nullptr || rates->versions.empty()) return nullptr;
  const auto was_there = [&](const ExchangeRateVersion& version) { return !upto || version.position <= *upto; };
  if (std::none_of(rates->versions.begin(), rates->versions.end(), was_there)) upto.reset();
  const ExchangeRateVersion* in_force = nullptr;
  const ExchangeRateVersion* earliest = nullptr;
  for (const ExchangeRateVersion& version : rates->versions) {
    if (!was_there(version)) continue;
    if (earliest == nullptr || version.effective_on < earliest->effective_on) earliest = &version;
    const bool is_in_force = date && version.effective_on <= *date;
    if (is_in_force && (in_force == nullptr || version.effective_on >= in_force->effective_on)) in_force = &version;
  }
  return in_force != nullptr ? in_force : earliest;
}

std::optional<PriceInForce> price_in_force(const StateReader& state, const MeterPrices& prices,
                                           const PriceScopes& scopes, Date usage_date,
                                           const PriceView& view) {
  for (Level level : kLevels) {
    PriceInForce own_currency;
    PriceInForce converted;
    for (const PriceVersion& version : prices.versions) {
      if (!is_of(version, scopes, level) || !counts(version, usage_date, view)) continue;
      if (version.currency == view.document_currency) {
        if (is_later(version, own_currency)) own_currency = {&version, nullptr};
      } else if (is_later(version, converted)) {
        const ExchangeRateVersion* rate =
            exchange_rate_on(state, version.currency, view.document_currency, view.rate_date, view.rates_upto);
        if (rate != nullptr) converted = {&version, rate};
      }
    }
    if (own_currency.version != nullptr) return own_currency;
    if (converted.version != nullptr) return converted;
  }
  return std::nullopt;
}

bool has_price(const MeterPrices& prices, const PriceScopes& scopes, Date usage_date,
               const PriceView& view) {
  for (Level level : kLevels) {
    for (const PriceVersion& version : prices.versions) {
      if (is_of(version, scopes, level) && counts(version, usage_date, view)) return true;
    }
  }
  return false;
}

}  // namespace daybook
