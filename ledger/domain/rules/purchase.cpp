#include "ledger/domain/rules/purchase.h"

#include <algorithm>

#include "ledger/domain/rules/periods.h"

namespace daybook {

Period Reservation::instalment(std::int32_t number) const {
  if (billing_frequency == BillingFrequency::Monthly) return period_at(purchased_on, number);
  return {purchased_on, period_at(purchased_on, term_months).start};
}

std::int32_t Reservation::instalments() const {
  if (billing_frequency == BillingFrequency::Upfront) return 1;
  std::int32_t count = 0;
  while (count < term_months && (!ended_on || instalment(count).start <= *ended_on)) ++count;
  return count;
}

bool Reservation::is_billed(std::int32_t number) const {
  return std::any_of(billed.begin(), billed.end(),
                     [&](const BilledInstalment& each) { return each.number == number; });
}

void apply(Purchase& purchase, const PurchaseCharged& event, const Occurrence& at) {
  purchase.charge_id = event.charge_id;
  purchase.kind = event.kind;
  purchase.amount = event.amount;
  purchase.subscription_id = event.subscription_id;
  purchase.dated_on = event.purchased_on.value_or(at.day());
  purchase.description = event.description;
  purchase.term_start = event.term_start;
  purchase.term_end = event.term_end;
  purchase.posted_at = at.position;
}

void apply(Purchase& refund, const PurchaseRefunded& event, const Occurrence& at) {
  refund.charge_id = event.charge_id;
  refund.amount = event.amount;
  refund.refund_of = event.original_charge_id;
  refund.dated_on = event.refunded_on.value_or(at.day());
  refund.posted_at = at.position;
}

void apply(Reservation& reservation, const ReservationPurchased& event, const Occurrence& at) {
  reservation.reservation_id = event.reservation_id;
  reservation.subscription_id = event.subscription_id;
  reservation.amount = event.amount;
  reservation.term_months = event.term_months;
  reservation.payment_mode = event.payment_mode;
  reservation.billing_frequency = event.billing_frequency;
  reservation.purchased_on = event.purchased_on.value_or(at.day());
  reservation.posted_at = at.position;
}

}  // namespace daybook
