#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/reservation.h"
#include "tests/support/in_memory_ledger.h"

/// Facts about credit and purchases, as billing_facts.h has those of everything else.
namespace daybook::testing {

inline CreditGranted granted(std::string_view lot, std::string_view subscription,
                             CreditSource source, std::string_view amount, std::string_view start_on,
                             std::optional<std::string_view> expires_on = std::nullopt) {
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

inline CreditGranted monthly_credit(std::string_view lot, std::string_view subscription,
                                    std::string_view amount, std::string_view start_on) {
  return granted(lot, subscription, CreditSource::MonthlyCredit, amount, start_on);
}

inline CreditGranted profile_credit(std::string_view lot, std::string_view profile,
                                    std::string_view amount, std::string_view start_on) {
  CreditGranted fact = granted(lot, profile, CreditSource::Promotional, amount, start_on);
  fact.scope_type = ScopeType::Profile;
  return fact;
}

inline CreditAdjusted adjusted(std::string_view lot, std::string_view amount) {
  CreditAdjusted fact;
  fact.lot_id = LotId(std::string(lot));
  fact.amount = money(amount);
  return fact;
}

inline PurchaseCharged bought(std::string_view charge, std::string_view subscription,
                              PurchaseKind kind, std::string_view amount,
                              std::string_view purchased_on) {
  PurchaseCharged fact;
  fact.charge_id = ChargeId(std::string(charge));
  fact.kind = kind;
  fact.amount = money(amount);
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.purchased_on = day(purchased_on);
  return fact;
}

inline PurchaseRefunded refunded(std::string_view charge, std::string_view original,
                                 std::string_view amount, std::string_view refunded_on) {
  PurchaseRefunded fact;
  fact.charge_id = ChargeId(std::string(charge));
  fact.original_charge_id = ChargeId(std::string(original));
  fact.amount = money(amount);
  fact.refunded_on = day(refunded_on);
  return fact;
}

/// Twelve months, paid upfront, from the ledger's day on.
inline ReservationPurchased reserved(std::string_view id, std::string_view subscription,
                                     std::string_view amount, ReservationPayment mode) {
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
