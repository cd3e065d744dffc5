#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Reservations: capacity bought for months ahead. Stream `Reservation`.
namespace daybook {

/// A reservation begins.
struct ReservationPurchased {
  static constexpr EventType kType = EventType::ReservationPurchased;
  static constexpr StreamType kStream = StreamType::Reservation;
  static constexpr std::array kDatesFromTime = {std::string_view("purchased_on")};

  ReservationId reservation_id;
  SubscriptionId subscription_id;
  Money amount;  ///< the whole when `Upfront`, one month's when `Monthly`
  std::int32_t term_months = 0;
  ReservationPayment payment_mode{};
  BillingFrequency billing_frequency{};
  std::optional<Date> purchased_on{};

  [[nodiscard]] std::string stream_id() const { return reservation_id.text(); }
  friend bool operator==(const ReservationPurchased&, const ReservationPurchased&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationPurchased, (),
                      (reservation_id, subscription_id, amount, term_months, payment_mode,
                       billing_frequency, purchased_on))
void fill_defaults(ReservationPurchased& fact, const FactContext& context);

/// Another reservation took its place; `ReservationPurchased` of that one follows.
struct ReservationExchanged {
  static constexpr EventType kType = EventType::ReservationExchanged;
  static constexpr StreamType kStream = StreamType::Reservation;

  ReservationId reservation_id;
  ReservationId new_reservation_id;
  Money refund_amount;  ///< given back
  Money residual;       ///< what was not yet used up or charged
  Date exchanged_on;

  [[nodiscard]] std::string stream_id() const { return reservation_id.text(); }
  friend bool operator==(const ReservationExchanged&, const ReservationExchanged&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationExchanged, (),
                      (reservation_id, new_reservation_id, refund_amount, residual, exchanged_on))

/// A reservation is given back before its term ends.
struct ReservationCancelled {
  static constexpr EventType kType = EventType::ReservationCancelled;
  static constexpr StreamType kStream = StreamType::Reservation;

  ReservationId reservation_id;
  Money refund_amount;  ///< given back
  Money residual;       ///< what was not yet used up or charged: counts against the limit (2.6)
  Date cancelled_on;

  [[nodiscard]] std::string stream_id() const { return reservation_id.text(); }
  friend bool operator==(const ReservationCancelled&, const ReservationCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationCancelled, (),
                      (reservation_id, refund_amount, residual, cancelled_on))

namespace reservation {
using Events = TypeList<ReservationPurchased, ReservationExchanged, ReservationCancelled>;
}  // namespace reservation

}  // namespace daybook
