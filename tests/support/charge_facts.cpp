#include "tests/support/charge_facts.h"

namespace daybook::testing {

CreditGranted granted(std::string_view lot, std::string_view subscription, CreditSource source, std::string_view amount,
                      std::string_view start_on, std::optional<std::string_view> expires_on) {
  CreditGranted fact;
  fact.scope_type = ScopeType::Subscription;
  fact.scope_id = ScopeId(std::string(subscription));
  fact.lot_id = LotId(std::string(lot));
  fact.source = source;
  fact.amount = money(amount);
  fact.start_on = day(start_on);
  if (expires_on) fact.expires_on = day(*expires_on);
  return fact;
}

CreditGranted monthly_credit(std::string_view lot, std::string_view subscription, std::string_view amount,
                             std::string_view start_on) {
  return granted(lot, subscription, CreditSource::MonthlyCredit, amount, start_on);
}

CreditGranted profile_credit(std::string_view lot, std::string_view profile, std::string_view amount,
                             std::string_view start_on) {
  CreditGranted fact = granted(lot, profile, CreditSource::Promotional, amount, start_on);
  fact.scope_type = ScopeType::Profile;
  return fact;
}

CreditAdjusted adjusted(std::string_view lot, std::string_view amount) {
  CreditAdjusted fact;
  fact.lot_id = LotId(std::string(lot));
  fact.amount = money(amount);
  return fact;
}

PurchaseCharged bought(std::string_view charge, std::string_view subscription, PurchaseKind kind,
                       std::string_view amount, std::string_view purchased_on) {
  PurchaseCharged fact;
  fact.charge_id = ChargeId(std::string(charge));
  fact.kind = kind;
  fact.amount = money(amount);
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.purchased_on = day(purchased_on);
  return fact;
}

PurchaseRefunded refunded(std::string_view charge, std::string_view original, std::string_view amount,
                          std::string_view refunded_on) {
  PurchaseRefunded fact;
  fact.charge_id = ChargeId(std::string(charge));
  fact.original_charge_id = ChargeId(std::string(original));
  fact.amount = money(amount);
  fact.refunded_on = day(refunded_on);
  return fact;
}

ReservationPurchased reserved(std::string_view id, std::string_view subscription, std::string_view amount,
                              ReservationPayment mode) {
  ReservationPurchased fact;
  fact.reservation_id = ReservationId(std::string(id));
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.amount = money(amount);
  fact.term_months = 12;
  fact.payment_mode = mode;
  fact.billing_frequency = BillingFrequency::Upfront;
  return fact;
}

}  // namespace daybook::testing
