#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Prices of meters, with effective dates and scopes. Stream `Price`, one a meter.
namespace daybook {

/// Either `unit_price` or `tiers`. In force from `effective_on` until the next one of the same
/// scope.
struct PriceChanged {
  static constexpr EventType kType = EventType::PriceChanged;
  static constexpr StreamType kStream = StreamType::Price;

  MeterId meter_id;
  Currency currency;
  Date effective_on;
  std::optional<Decimal> unit_price{};
  std::vector<Tier> tiers{};
  std::optional<TierMode> tier_mode{};
  std::optional<Decimal> included_quantity{};
  std::optional<std::string> unit{};
  std::optional<ScopeType> scope_type{};  ///< absent: for everybody
  std::optional<ScopeId> scope_id{};
  std::optional<Aggregation> aggregation{};
  std::optional<std::uint64_t> replaces{};  ///< position of the price it takes the place of

  [[nodiscard]] std::string stream_id() const { return meter_id.text(); }
  friend bool operator==(const PriceChanged&, const PriceChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceChanged, (),
                      (meter_id, currency, effective_on, unit_price, tiers, tier_mode,
                       included_quantity, unit, scope_type, scope_id, aggregation, replaces))
void fill_defaults(PriceChanged& fact, const FactContext& context);

namespace price {
using Events = TypeList<PriceChanged>;
}  // namespace price

}  // namespace daybook
