#pragma once

#include <cstdint>
#include <optional>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"

/// Wishes about reservations and support plans.
namespace daybook {

/// Gives a reservation back before its term ends.
struct RefundReservation {
  static constexpr CommandType kType = CommandType::RefundReservation;

  ReservationId reservation_id;
  std::optional<Money> amount{};  ///< upfront alone; absent: all that can be given back (R-73)

  friend bool operator==(const RefundReservation&, const RefundReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundReservation, (), (reservation_id, amount))

/// Another reservation takes the place of what is left of this one.
struct ExchangeReservation {
  static constexpr CommandType kType = CommandType::ExchangeReservation;

  ReservationId reservation_id;
  ReservationId new_reservation_id;
  SubscriptionId subscription_id;
  Money amount;
  std::int32_t term_months = 0;
  BillingFrequency billing_frequency{};

  friend bool operator==(const ExchangeReservation&, const ExchangeReservation&) = default;
};
BOOST_DESCRIBE_STRUCT(ExchangeReservation, (),
                      (reservation_id, new_reservation_id, subscription_id, amount, term_months,
                       billing_frequency))

/// No further terms.
struct CancelSupportPlan {
  static constexpr CommandType kType = CommandType::CancelSupportPlan;

  PlanId plan_id;

  friend bool operator==(const CancelSupportPlan&, const CancelSupportPlan&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelSupportPlan, (), (plan_id))

namespace reservation {
using Commands = TypeList<RefundReservation, ExchangeReservation, CancelSupportPlan>;
}  // namespace reservation

}  // namespace daybook
