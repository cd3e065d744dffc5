#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/decimal.h"
#include "ledger/domain/facts/discount.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

class StateReader;
struct Subscription;

/// A discount's end, told by a DiscountEnded.
struct DiscountEnding {
  Position position = 0;
  Date end_on;  ///< the first day without it

  friend bool operator==(const DiscountEnding&, const DiscountEnding&) = default;
};
BOOST_DESCRIBE_STRUCT(DiscountEnding, (), (position, end_on))

/// A percentage off the value of usage.
struct Discount {
  static constexpr StateKind kState = StateKind::Discount;

  DiscountId discount_id;
  std::optional<ScopeRef> scope;  ///< nothing: for everybody
  Decimal percent{0};
  Date start_on;
  std::optional<MeterId> meter_id;  ///< nothing: every meter
  std::optional<Date> end_on;       ///< the first day without it, as it was granted
  Position position = 0;            ///< of its DiscountGranted
  std::vector<DiscountEnding> endings;  ///< in the order they were told; the last one counts

  /// Whether it lowers what `meter` measured on `day`, by what was told up to `upto` (nothing: by all).
  [[nodiscard]] bool covers(Date day, std::string_view meter, std::optional<Position> upto) const;

  friend bool operator==(const Discount&, const Discount&) = default;
};
BOOST_DESCRIBE_STRUCT(Discount, (),
                      (discount_id, scope, percent, start_on, meter_id, end_on, position, endings))

void apply(Discount& discount, const DiscountGranted& event, const Occurrence& at);
void apply(Discount& discount, const DiscountEnded& event, const Occurrence& at);

/// The discounts that may hold for a subscription, the most particular first: by scope as prices,
/// on equal scope those of one meter before those of all, then the newest.
[[nodiscard]] std::vector<const Discount*> discounts_for(const StateReader& state,
                                                         const Subscription& subscription);

/// The one that lowers usage of `meter` on `day`, of those posted up to `upto` (nothing: of all);
/// null: none.
[[nodiscard]] const Discount* discount_on(const std::vector<const Discount*>& discounts, Date day,
                                          std::string_view meter, std::optional<Position> upto);

}  // namespace daybook
