#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/currency.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The scopes whose prices hold for a subscription, the most particular first; empty ones are
/// skipped.
struct PriceScopes {
  std::string_view subscription;
  std::string_view profile;
  std::string_view account;
  std::string_view enrollment{};
};
[[nodiscard]] PriceScopes price_scopes(const Subscription& subscription);

/// Which prices and rates count.
struct PriceView {
  Currency document_currency;
  std::optional<Date> rate_date;   ///< exchange rates are those in force then; none: any will do
  std::optional<Position> upto{};  ///< prices posted later do not count
  std::optional<Position> rates_upto{};  ///< of exchange rates: see exchange_rate_on
};

/// A price in force, with the exchange rate to the document's currency where it has another one.
struct PriceInForce {
  const PriceVersion* version = nullptr;
  const ExchangeRateVersion* exchange = nullptr;
};

/// The price of a meter on `usage_date`: of the most particular scope that has one, in the
/// document's currency, else in one with an exchange rate (api.md 3). Nothing: none, or none
/// convertible.
[[nodiscard]] std::optional<PriceInForce> price_in_force(const StateReader& state,
                                                         const MeterPrices& prices,
                                                         const PriceScopes& scopes, Date usage_date,
                                                         const PriceView& view);

/// Whether any price of the meter is in force on `usage_date`, in whatever currency.
[[nodiscard]] bool has_price(const MeterPrices& prices, const PriceScopes& scopes, Date usage_date,
                             const PriceView& view);

/// The exchange rate from `from` to `to` in force on `date` (the earliest one where all come later;
/// any without a date). With `upto`, of those posted by then, if there is any. Null where there is none.
[[nodiscard]] const ExchangeRateVersion* exchange_rate_on(const StateReader& state, Currency from,
                                                          Currency to, std::optional<Date> date,
                                                          std::optional<Position> upto = std::nullopt);

}  // namespace daybook
