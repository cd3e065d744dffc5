#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// One price of a meter, as posted. A flat price is one tier from 0.
struct PriceVersion {
  Position position = 0;
  Currency currency;
  Date effective_on;
  std::vector<Tier> tiers;  ///< never empty; the first is from 0
  TierMode tier_mode = TierMode::Graduated;
  Decimal included_quantity;
  std::optional<std::string> unit;
  std::optional<ScopeRef> scope;        ///< none: for everybody
  std::optional<Position> replaced_by;  ///< the position of the price that took its place

  friend bool operator==(const PriceVersion&, const PriceVersion&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceVersion, (),
                      (position, currency, effective_on, tiers, tier_mode, included_quantity, unit,
                       scope, replaced_by))

/// Every price of a meter, in the order of positions.
struct MeterPrices {
  static constexpr StateKind kState = StateKind::MeterPrices;

  MeterId meter_id;
  std::vector<PriceVersion> versions;

  friend bool operator==(const MeterPrices&, const MeterPrices&) = default;
};
BOOST_DESCRIBE_STRUCT(MeterPrices, (), (meter_id, versions))

struct TaxRateVersion {
  Position position = 0;
  std::string name;
  Decimal rate_percent;
  Date effective_on;
  TaxTreatment treatment = TaxTreatment::Standard;
  std::optional<AccountId> account_id;  ///< for that account alone

  friend bool operator==(const TaxRateVersion&, const TaxRateVersion&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxRateVersion, (),
                      (position, name, rate_percent, effective_on, treatment, account_id))

/// Every tax rate of a country.
struct TaxRates {
  static constexpr StateKind kState = StateKind::TaxRates;

  std::string country;
  std::vector<TaxRateVersion> versions;

  /// The rate of `account` itself on `day`, else the country's; null: no tax. The latest
  /// `effective_on` counts, on one day the latest position.
  [[nodiscard]] const TaxRateVersion* on(Date day, const AccountId& account) const;

  friend bool operator==(const TaxRates&, const TaxRates&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxRates, (), (country, versions))

struct ExchangeRateVersion {
  Position position = 0;
  Decimal rate;
  Date effective_on;

  friend bool operator==(const ExchangeRateVersion&, const ExchangeRateVersion&) = default;
};
BOOST_DESCRIBE_STRUCT(ExchangeRateVersion, (), (position, rate, effective_on))

/// Every rate between two currencies, in one direction: units of `to` for one of `from`.
struct ExchangeRates {
  static constexpr StateKind kState = StateKind::ExchangeRates;

  Currency from;
  Currency to;
  std::vector<ExchangeRateVersion> versions;

  /// `EUR-USD`
  [[nodiscard]] static std::string key(Currency from, Currency to) {
    return std::string(from.text()) + "-" + std::string(to.text());
  }
  /// The rate in force on `day`, or null.
  [[nodiscard]] const ExchangeRateVersion* on(Date day) const;

  friend bool operator==(const ExchangeRates&, const ExchangeRates&) = default;
};
BOOST_DESCRIBE_STRUCT(ExchangeRates, (), (from, to, versions))

void apply(MeterPrices& prices, const PriceChanged& event, const Occurrence& at);
void apply(TaxRates& rates, const TaxRateChanged& event, const Occurrence& at);
void apply(ExchangeRates& rates, const ExchangeRateChanged& event, const Occurrence& at);

}  // namespace daybook
