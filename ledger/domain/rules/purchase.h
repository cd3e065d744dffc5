#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A purchase, or a refund of one, and the document it stands on.
struct Purchase {
  static constexpr StateKind kState = StateKind::Purchase;

  ChargeId charge_id;
  PurchaseKind kind = PurchaseKind::Marketplace;
  Money amount;  ///< positive, of a refund too
  AccountId account_id;
  std::optional<SubscriptionId> subscription_id;
  ScopeRef billed_with;  ///< the MOSP subscription, the profile or the enrollment
  Date dated_on;
  std::optional<std::string> description;
  std::optional<Date> term_start;
  std::optional<Date> term_end;  ///< the last day
  std::optional<ChargeId> refund_of;
  std::int64_t refunded_minor = 0;  ///< of a purchase, by all its refunds
  std::optional<InvoiceId> invoice_id;
  Position posted_at = 0;
  bool is_closed = false;  ///< a period that ended without a document held it
  Position given_back_at = 0;  ///< of a refund on no document: when it was given back apart (T-EA-6)

  friend bool operator==(const Purchase&, const Purchase&) = default;
};
BOOST_DESCRIBE_STRUCT(Purchase, (),
                      (charge_id, kind, amount, account_id, subscription_id, billed_with, dated_on,
                       description, term_start, term_end, refund_of, refunded_minor, invoice_id,
                       posted_at, is_closed, given_back_at))

/// An instalment that stands on a document.
struct BilledInstalment {
  std::int32_t number = 0;              ///< from 0
  std::optional<InvoiceId> invoice_id;  ///< absent: a period that ended without one held it

  friend bool operator==(const BilledInstalment&, const BilledInstalment&) = default;
};
BOOST_DESCRIBE_STRUCT(BilledInstalment, (), (number, invoice_id))

/// A reservation: one instalment when it is paid upfront, else one a month.
struct Reservation {
  static constexpr StateKind kState = StateKind::Reservation;

  ReservationId reservation_id;
  SubscriptionId subscription_id;
  AccountId account_id;
  ScopeRef billed_with;
  Money amount;  ///< the whole when `Upfront`, one month's when `Monthly`
  std::int32_t term_months = 0;
  ReservationPayment payment_mode = ReservationPayment::invoice;
  BillingFrequency billing_frequency = BillingFrequency::Upfront;
  Date purchased_on;
  std::vector<BilledInstalment> billed;
  Position posted_at = 0;
  std::optional<Date> ended_on;   ///< given back or exchanged: no instalment starts later
  bool is_exchanged = false;      ///< another took its place: outside the limit of refunds
  std::int64_t residual_minor = 0;  ///< then: what was not yet used up or charged
  std::int64_t refund_minor = 0;    ///< of it, what a document of its scope gives back as a line
  std::optional<InvoiceId> refund_invoice_id;  ///< that document, once it is there
  Position ended_at = 0;
  bool is_refund_closed = false;  ///< a period that ended without a document held the refund
  std::int64_t given_back_minor = 0;  ///< of its price, when it ended

  [[nodiscard]] bool gives_back() const {
    return refund_minor > 0 && !refund_invoice_id && !is_refund_closed;
  }

  /// How many instalments are billed in all.
  [[nodiscard]] std::int32_t instalments() const;
  /// What an instalment is for: its month, or the whole term.
  [[nodiscard]] Period instalment(std::int32_t number) const;
  [[nodiscard]] bool is_billed(std::int32_t number) const;

  friend bool operator==(const Reservation&, const Reservation&) = default;
};
BOOST_DESCRIBE_STRUCT(Reservation, (),
                      (reservation_id, subscription_id, account_id, billed_with, amount,
                       term_months, payment_mode, billing_frequency, purchased_on, billed,
                       posted_at, ended_on, is_exchanged, residual_minor, refund_minor,
                       refund_invoice_id, ended_at, is_refund_closed, given_back_minor))

void apply(Purchase& purchase, const PurchaseCharged& event, const Occurrence& at);
void apply(Purchase& refund, const PurchaseRefunded& event, const Occurrence& at);
void apply(Reservation& reservation, const ReservationPurchased& event, const Occurrence& at);

}  // namespace daybook
