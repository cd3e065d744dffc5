#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/billed_row.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_batch.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Part of a line at one tier's price; `value` in the document's currency.
struct RatedTier {
  Decimal from;
  Decimal unit_price;
  Exact quantity;
  Exact value;
};

/// A row's part of a line: kept where the derivation is asked for.
struct RatedRow {
  BilledRow row;
  Date usage_date;
  Exact quantity;
  Exact value;  ///< in the document's currency
  bool has_cost = false;              ///< its value is a cost that it brought
  std::optional<Decimal> unit_price;  ///< the one that it brought
};

/// How the value of a line came about.
struct LineDerivation {
  const PriceVersion* price = nullptr;            ///< null: none, or several
  const ExchangeRateVersion* exchange = nullptr;  ///< into the document's currency
  const Discount* discount = nullptr;             ///< of a `Discount` line
  Exact included;                                 ///< of a price's free quantity
  std::vector<RatedTier> tiers;
  std::vector<RatedRow> rows;   ///< in order of consumption; their values sum to the line's
  bool is_correction = false;  ///< what corrections of rows billed before make of them
};

/// What tells lines of a document apart (api.md 6). Rows with a value of their own never share one
/// with rows that the ledger prices, nor do rows of two prices.
struct LineKey {
  std::uint32_t subscription = 0;
  std::uint32_t meter = 0;
  std::uint32_t region = 0;
  PricingModel pricing_model = PricingModel::OnDemand;
  ChargeType charge_type = ChargeType::Usage;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  bool has_own_value = false;
  Currency currency;
  Position price = 0;
  Position discount = 0;  ///< 0: not the line of a discount

  friend auto operator<=>(const LineKey&, const LineKey&) = default;
};

/// Usage on its way to a line: exact, nothing rounded.
struct RatedLine {
  std::uint32_t subscription = 0;  ///< its place among those rated together
  std::string meter_id;
  std::string meter_name;
  std::string region;
  std::string unit;
  std::string category;
  PricingModel pricing_model = PricingModel::OnDemand;
  ChargeType charge_type = ChargeType::Usage;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  bool has_own_value = false;
  Exact consumed;
  Exact included;
  Exact billable;
  Exact value;  ///< in the document's currency
  std::vector<RatedTier> tiers;
  Currency pricing_currency;
  std::optional<Decimal> exchange_rate;  ///< where `pricing_currency` is not the document's
  std::int64_t row_count = 0;
  const Discount* discount = nullptr;  ///< of a `Discount` line: negative, of no rows of its own
  std::vector<Exact> parts;  ///< of `value`, dated before, between and after the scope's edges
  std::vector<BilledRow> rows{};          ///< those that count, in order of consumption
  std::vector<RatedRow> row_parts{};      ///< the same with their values, where the scope asks
  const PriceVersion* price = nullptr;    ///< of the ledger's own
  const ExchangeRateVersion* exchange = nullptr;
};

/// The lines of some usage and what they were made of.
struct RatedUsage {
  std::vector<RatedLine>
      lines;  ///< by subscription, meter, region …: the order does not depend on arrival
  std::int64_t rows_seen = 0;  ///< unmatched ones too
  std::int64_t rows_billed = 0;
  std::set<Position> prices;  ///< of the PriceChanged that counted
  std::set<Position> exchange_rates;  ///< and of the DiscountGranted
  std::set<StreamKey> relied_on;      ///< prices and rates looked up, also in vain
};

/// For whom and by which prices usage is rated. Its subscriptions share included quantities and
/// tiers.
struct RatingScope {
  const StateReader& state;
  std::vector<const Subscription*> subscriptions;
  Currency currency;  ///< of the document
  Date rate_date;     ///< exchange rates are those of this day
  std::optional<Position>
      prices_upto;  ///< prices posted later count only for what had none by then (R-81)
  bool list_prices = false;  ///< those for everybody alone: what a partner's customer is shown
  std::vector<Date> edges{};  ///< values are also summed apart between these days; none: not
  bool with_rows = false;     ///< keeps each row's part of its line
  std::vector<Position> billed_at{};  ///< of a billed period: which document billed which rows (R-81)
  std::optional<Position> rates_upto{};  ///< exchange rates posted later count only where there was none by then
};

/// Whether an item's subscription is charged that day, or was by what the document that billed the item knew (R-64,
///
[[nodiscard]] bool is_charged(const RatingScope& scope, const UsageItem& item);

/// Prices `batch`, which is sorted, in order of consumption. `counts` leaves items out (null:
/// none). What matches no price, or is dated when its subscription is not charged, is left out and
/// only seen. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RatedUsage> rate(
    const RatingScope& scope, const UsageBatch& batch,
    const std::function<bool(const UsageItem&)>& counts = nullptr);

/// The price of an item, or null where it matches none: what `rate` uses.
[[nodiscard]] std::optional<PriceInForce> price_of(const RatingScope& scope,
                                                   const UsageBatch& batch, const UsageItem& item);

/// Whether an item matches: it is charged, and it has a price or a
/// convertible value.
[[nodiscard]] bool matches(const RatingScope& scope, const UsageBatch& batch,
                           const UsageItem& item);

/// Σ `value`. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Exact> total_value(const std::vector<RatedLine>& lines);

}  // namespace daybook
