#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook {

enum class Granularity : std::uint8_t { daily = 0, monthly = 1 };
BOOST_DESCRIBE_ENUM(Granularity, daily, monthly)

/// The usage of a day or month that agrees in what was grouped by. On the wire an item has those
/// members alone of which the answer's `groupBy` speaks, tags as `tag:KEY`.
struct UsageItemView {
  Date date;  ///< of a month: its first day
  std::optional<MeterId> meter_id;
  std::optional<std::string> resource_id;
  std::optional<std::string> resource_group;
  std::optional<std::string> category;
  std::optional<std::string> region;
  std::optional<SubscriptionId> subscription_id;
  std::optional<ChargeType> charge_type;
  std::optional<PricingModel> pricing_model;
  std::optional<PublisherType> publisher_type;
  Texts tags;                       ///< those grouped by that the rows have
  std::optional<Decimal> quantity;  ///< absent where different units meet
  std::optional<std::string> unit;
  Decimal cost;  ///< exact
  Currency currency;

  friend bool operator==(const UsageItemView&, const UsageItemView&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageItemView, (),
                      (date, meter_id, resource_id, resource_group, category, region,
                       subscription_id, charge_type, pricing_model, publisher_type, tags, quantity,
                       unit, cost, currency))

struct UsageTotalView {
  Currency currency;
  Decimal cost;

  friend bool operator==(const UsageTotalView&, const UsageTotalView&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageTotalView, (), (currency, cost))

/// `GET /v1/subscriptions/{id}/usage`, and of profiles and accounts. Without a bound: absent.
struct UsageView {
  std::optional<Date> from;
  std::optional<Date> to;
  Granularity granularity = Granularity::daily;
  std::vector<std::string> group_by;
  std::vector<UsageItemView> items;
  std::vector<UsageTotalView> totals;  ///< of the whole range, not the page
  std::optional<std::string> next_cursor;

  friend bool operator==(const UsageView&, const UsageView&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageView, (), (from, to, granularity, group_by, items, totals, next_cursor))

}  // namespace daybook
