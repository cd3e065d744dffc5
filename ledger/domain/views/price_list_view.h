#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The price of a meter in force on a day.
struct PriceItemView {
  MeterId meter_id;
  std::optional<std::string> unit;
  Currency currency;
  std::optional<Decimal> unit_price;  ///< absent where there are tiers
  std::optional<std::vector<Tier>> tiers;
  std::optional<TierMode> tier_mode;
  Decimal included_quantity;
  Date effective_on;
  std::optional<ScopeType> scope_type;  ///< absent: everybody's
  std::uint64_t position = 0;           ///< of its PriceChanged

  friend bool operator==(const PriceItemView&, const PriceItemView&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceItemView, (),
                      (meter_id, unit, currency, unit_price, tiers, tier_mode, included_quantity,
                       effective_on, scope_type, position))

/// `GET /v1/accounts/{id}/prices?on=`, also of profiles and enrollments.
struct PriceListView {
  Date on;
  std::vector<PriceItemView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const PriceListView&, const PriceListView&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceListView, (), (on, items, next_cursor))

}  // namespace daybook
