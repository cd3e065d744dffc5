#pragma once

#include <optional>
#include <string>

#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Discounts on usage. Stream `Discount`.
namespace daybook {

/// A percentage of the value of usage, as a line of its own.
struct DiscountGranted {
  static constexpr EventType kType = EventType::DiscountGranted;
  static constexpr StreamType kStream = StreamType::Discount;

  DiscountId discount_id;
  std::optional<ScopeType> scope_type{};  ///< absent: for everybody
  std::optional<ScopeId> scope_id{};
  Decimal percent;  ///< "10"
  Date start_on;
  std::optional<MeterId> meter_id{};  ///< absent: every meter
  std::optional<Date> end_on{};       ///< the first day without it

  [[nodiscard]] std::string stream_id() const { return discount_id.text(); }
  friend bool operator==(const DiscountGranted&, const DiscountGranted&) = default;
};
BOOST_DESCRIBE_STRUCT(DiscountGranted, (),
                      (discount_id, scope_type, scope_id, percent, start_on, meter_id, end_on))

/// Usage from `end_on` on has it no longer.
struct DiscountEnded {
  static constexpr EventType kType = EventType::DiscountEnded;
  static constexpr StreamType kStream = StreamType::Discount;

  DiscountId discount_id;
  Date end_on;  ///< the first day without it

  [[nodiscard]] std::string stream_id() const { return discount_id.text(); }
  friend bool operator==(const DiscountEnded&, const DiscountEnded&) = default;
};
BOOST_DESCRIBE_STRUCT(DiscountEnded, (), (discount_id, end_on))

namespace discount {
using Events = TypeList<DiscountGranted, DiscountEnded>;
}  // namespace discount

}  // namespace daybook
