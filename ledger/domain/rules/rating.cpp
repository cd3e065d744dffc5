#include "ledger/domain/rules/rating.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "ledger/domain/rules/billed_at.h"
#include "ledger/domain/rules/exact_sum.h"
#include "ledger/domain/rules/tiers.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<Exact> convert(const Exact& value, const ExchangeRateVersion* exchange) {
  if (exchange == nullptr) return value;
  return value.times(exchange->rate, Rounding::HalfAwayFromZero);
}

/// What a discount takes off `value`: negative.
Result<Exact> lowered(const Exact& value, const Discount& discount) {
  LEDGER_TRY(const Exact percent, value.times(discount.percent, Rounding::HalfAwayFromZero));
  LEDGER_TRY(const Exact off, percent.divided_by(Decimal(100), Rounding::HalfAwayFromZero));
  return off.negated();
}

/// Of a discount's line: each row's part of what it takes off, which sum to the whole.
Result<void> lower_rows(RatedLine& line) {
  Exact sum;
  Exact off;
  for (RatedRow& part : line.row_parts) {
    LEDGER_CHECK(add_to(sum, part.value));
    LEDGER_TRY(const Exact whole, lowered(sum, *line.discount));
    LEDGER_TRY(part.value, subtract(whole, off));
    off = whole;
  }
  return {};
}

/// Usage that was put on one line, in the order it came.
class Rater {
 public:
  Rater(const RatingScope& scope, const UsageBatch& batch) : scope_(scope), batch_(batch) {}

  Result<void> take(const UsageItem& item) {
    result_.rows_seen += item.row_count;
    if (item.has_own_value) return is_charged(scope_, item) ? take_own(item) : Result<void>();
    const auto [known, is_new] = meters_.try_emplace(item.meter);
    if (is_new) rely_on(StreamType::Price, batch_.text(item.meter));
    return is_charged(scope_, item) ? take_priced(item, known->second) : Result<void>();
  }

  Result<RatedUsage> finish() {
    for (auto& [key, line] : lines_) {
      if (line.discount == nullptr) continue;
      // It was summed up as what it lowers.
      LEDGER_CHECK(lower_rows(line));
      LEDGER_TRY(line.value, lowered(line.value, *line.discount));
      for (Exact& part : line.parts) {
        LEDGER_TRY(part, lowered(part, *line.discount));
      }
    }
    std::vector<std::pair<const LineKey*, RatedLine*>> order;
    for (auto& [key, line] : lines_) order.emplace_back(&key, &line);
    std::sort(order.begin(), order.end(), [&](const auto& left, const auto& right) {
      return in_order(*left.first, *right.first);
    });
    for (const auto& [key, line] : order) result_.lines.push_back(std::move(*line));
    return std::move(result_);
  }

 private:
  /// A meter whose usage the ledger prices, over all subscriptions of the scope.
  struct Meter {
    MeterConsumption consumed;
    // Of the last row: the next one mostly has the same.
    bool is_known = false;
    std::uint32_t subscription = 0;
    Date usage_date;
    std::optional<PriceInForce> price;
  };

  const std::optional<PriceInForce>& price_for(const UsageItem& item, Meter& meter) const {
    if (!meter.is_known || meter.subscription != item.subscription || meter.usage_date != item.usage_date) {
      meter.price = price_of(scope_, batch_, item);
      meter.subscription = item.subscription;
      meter.usage_date = item.usage_date;
      meter.is_known = true;
    }
    return meter.price;
  }

  Result<void> take_own(const UsageItem& item) {
    const Currency currency = item.currency.value_or(scope_.currency);
    const ExchangeRateVersion* exchange = nullptr;
    if (currency != scope_.currency) {
      exchange = exchange_rate_on(scope_.state, currency, scope_.currency, scope_.rate_date, scope_.rates_upto);
      rely_on(StreamType::ExchangeRate, ExchangeRates::key(currency, scope_.currency));
      if (exchange == nullptr) return {};
    }
    RatedLine& line = line_of(item, currency, 0, exchange);
    LEDGER_TRY(const Exact value, convert(item.own_value, exchange));
    LEDGER_CHECK(add_to(line.consumed, item.quantity));
    LEDGER_CHECK(add_to(line.billable, item.quantity));
    LEDGER_CHECK(add_value(line, item, value));
    count(line, item, exchange, value);
    return item.has_cost ? Result<void>() : lower(item, currency, 0, exchange, value);
  }

  /// Counts `value` towards the line of the discount in force, if there is one (domain.md 2.8).
  Result<void> lower(const UsageItem& item, Currency currency, Position price,
                     const ExchangeRateVersion* exchange, const Exact& value) {
    const Subscription& subscription = *scope_.subscriptions[item.subscription];
    const auto [known, is_new] = discounts_.try_emplace(item.subscription);
    if (is_new) known->second = discounts_for(scope_.state, subscription);
    const Discount* discount = discount_on(known->second, item.usage_date,
                                           batch_.text(item.meter), scope_.prices_upto);
    if (discount == nullptr) return {};
    RatedLine& line = line_of(item, currency, price, exchange, discount);
    result_.exchange_rates.insert(discount->position);
    rely_on(StreamType::Discount, discount->discount_id.text());
    keep_row(line, item, value);
    return add_value(line, item, value);
  }

  Result<void> take_priced(const UsageItem& item, Meter& meter) {
    const std::optional<PriceInForce>& price = price_for(item, meter);
    if (!price) return {};
    if (price->exchange != nullptr) {
      rely_on(StreamType::ExchangeRate,
              ExchangeRates::key(price->version->currency, scope_.currency));
    }
    LEDGER_TRY(const Consumption consumption, meter.consumed.take(*price->version, item.quantity));
    RatedLine& line =
        line_of(item, price->version->currency, price->version->position, price->exchange);
    LEDGER_CHECK(add_to(line.consumed, item.quantity));
    LEDGER_CHECK(add_to(line.included, consumption.included));
    LEDGER_CHECK(add_to(line.billable, consumption.billable));
    Exact worth;
    for (const TierPortion& portion : consumption.tiers) {
      LEDGER_TRY(const Exact value, convert(portion.value, price->exchange));
      LEDGER_CHECK(add_value(line, item, value));
      LEDGER_CHECK(add_to(worth, value));
      LEDGER_CHECK(add_tier(line, price->version->tiers[portion.tier], portion.quantity, value));
    }
    line.price = price->version;
    count(line, item, price->exchange, worth);
    return lower(item, price->version->currency, price->version->position, price->exchange, worth);
  }

  Result<void> add_value(RatedLine& line, const UsageItem& item, const Exact& value) const {
    LEDGER_CHECK(add_to(line.value, value));
    if (scope_.edges.empty()) return {};
    line.parts.resize(scope_.edges.size() + 1);
    const auto after = std::upper_bound(scope_.edges.begin(), scope_.edges.end(), item.usage_date);
    return add_to(line.parts[static_cast<std::size_t>(after - scope_.edges.begin())], value);
  }

  static Result<void> add_tier(RatedLine& line, const Tier& tier, const Exact& quantity,
                               const Exact& value) {
    auto found = std::find_if(line.tiers.begin(), line.tiers.end(),
                              [&](const RatedTier& rated) { return rated.from == tier.from; });
    if (found == line.tiers.end()) {
      found = std::find_if(line.tiers.begin(), line.tiers.end(),
                           [&](const RatedTier& rated) { return rated.from > tier.from; });
      found = line.tiers.insert(found, {tier.from, tier.unit_price, Exact(), Exact()});
    }
    LEDGER_CHECK(add_to(found->quantity, quantity));
    return add_to(found->value, value);
  }

  RatedLine& line_of(const UsageItem& item, Currency currency, Position price,
                     const ExchangeRateVersion* exchange, const Discount* discount = nullptr) {
    const LineKey key{item.subscription,
                      item.meter,
                      item.region,
                      item.pricing_model,
                      discount != nullptr ? ChargeType::Discount : item.charge_type,
                      item.publisher_type,
                      item.is_credit_eligible,
                      item.has_own_value,
                      currency,
                      price,
                      discount != nullptr ? discount->position : 0};
    if (last_line_ != lines_.end() && last_line_->first == key) return last_line_->second;
    auto [found, added] = lines_.try_emplace(key);
    last_line_ = found;
    RatedLine& line = found->second;
    if (added) {
      line.subscription = item.subscription;
      line.meter_id = batch_.text(item.meter);
      line.meter_name = batch_.text(item.meter_name);
      line.region = batch_.text(item.region);
      line.unit = batch_.text(item.unit);
      line.category = batch_.text(item.category);
      line.pricing_model = item.pricing_model;
      line.charge_type = key.charge_type;
      line.discount = discount;
      line.publisher_type = item.publisher_type;
      line.is_credit_eligible = item.is_credit_eligible;
      line.has_own_value = item.has_own_value;
      line.pricing_currency = currency;
      line.exchange = exchange;
      if (exchange != nullptr) line.exchange_rate = exchange->rate;
      if (price != 0) result_.prices.insert(price);
    }
    return line;
  }

  void count(RatedLine& line, const UsageItem& item, const ExchangeRateVersion* exchange,
             const Exact& value) {
    line.row_count += item.row_count;
    line.rows.push_back({item.position, item.corrected_by});
    keep_row(line, item, value);
    result_.rows_billed += item.row_count;
    if (exchange != nullptr) result_.exchange_rates.insert(exchange->position);
  }

  void keep_row(RatedLine& line, const UsageItem& item, const Exact& value) const {
    if (!scope_.with_rows) return;
    line.row_parts.push_back({{item.position, item.corrected_by},
                              item.usage_date,
                              item.quantity,
                              value,
                              item.has_cost,
                              item.unit_price});
  }

  void rely_on(StreamType type, const std::string& id) { result_.relied_on.insert({type, id}); }

  /// By texts, so that the order of lines does not depend on the order in which rows arrived.
  [[nodiscard]] bool in_order(const LineKey& left, const LineKey& right) const {
    const auto words = [&](const LineKey& key) {
      return std::tie(scope_.subscriptions[key.subscription]->subscription_id.text(),
                      batch_.text(key.meter), batch_.text(key.region));
    };
    if (const auto order = words(left) <=> words(right); order != 0) return order < 0;
    const auto rest = [](const LineKey& key) {
      return std::tie(key.pricing_model, key.charge_type, key.publisher_type,
                      key.is_credit_eligible, key.has_own_value, key.currency, key.price,
                      key.discount);
    };
    return rest(left) < rest(right);
  }

  const RatingScope& scope_;
  const UsageBatch& batch_;
  RatedUsage result_;
  std::map<LineKey, RatedLine> lines_;
  std::map<LineKey, RatedLine>::iterator last_line_ = lines_.end();
  std::unordered_map<std::uint32_t, std::vector<const Discount*>> discounts_;  // by subscription
  std::unordered_map<std::uint32_t, Meter> meters_;
};

}  // namespace

bool is_charged(const RatingScope& scope, const UsageItem& item) {
  const Subscription& subscription = *scope.subscriptions[item.subscription];
  return subscription.is_charged_on(item.usage_date) ||
         was_charged(subscription, item.usage_date, item.position, scope.billed_at);
}

std::optional<PriceInForce> price_of(const RatingScope& scope, const UsageBatch& batch,
                                     const UsageItem& item) {
  const MeterPrices* prices = scope.state.prices(batch.text(item.meter));
  if (prices == nullptr) return std::nullopt;
  const PriceScopes scopes = scope.list_prices
                                 ? PriceScopes{}
                                 : price_scopes(*scope.subscriptions[item.subscription]);
  PriceView view{scope.currency, scope.rate_date, scope.prices_upto, scope.rates_upto};
  auto price = price_in_force(scope.state, *prices, scopes, item.usage_date, view);
  if (!price && scope.prices_upto) {
    view.upto.reset();
    price = price_in_force(scope.state, *prices, scopes, item.usage_date, view);
  }
  return price;
}

bool matches(const RatingScope& scope, const UsageBatch& batch, const UsageItem& item) {
  if (!is_charged(scope, item)) return false;
  if (!item.has_own_value) return price_of(scope, batch, item).has_value();
  const Currency currency = item.currency.value_or(scope.currency);
  return currency == scope.currency ||
         exchange_rate_on(scope.state, currency, scope.currency, scope.rate_date) != nullptr;
}

Result<RatedUsage> rate(const RatingScope& scope, const UsageBatch& batch,
                        const std::function<bool(const UsageItem&)>& counts) {
  Rater rater(scope, batch);
  for (const UsageItem& item : batch.items()) {
    if (counts && !counts(item)) continue;
    LEDGER_CHECK(rater.take(item));
  }
  return rater.finish();
}

Result<Exact> total_value(const std::vector<RatedLine>& lines) {
  Exact total;
  for (const RatedLine& line : lines) {
    LEDGER_CHECK(add_to(total, line.value));
  }
  return total;
}

}  // namespace daybook
