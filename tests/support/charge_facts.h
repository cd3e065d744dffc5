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

CreditGranted granted(std::string_view lot, std::string_view subscription, CreditSource source, std::string_view amount,
                      std::string_view start_on, std::optional<std::string_view> expires_on = std::nullopt);

CreditGranted monthly_credit(std::string_view lot, std::string_view subscription, std::string_view amount,
                             std::string_view start_on);

CreditGranted profile_credit(std::string_view lot, std::string_view profile, std::string_view amount,
                             std::string_view start_on);

CreditAdjusted adjusted(std::string_view lot, std::string_view amount);

PurchaseCharged bought(std::string_view charge, std::string_view subscription, PurchaseKind kind,
                       std::string_view amount, std::string_view purchased_on);

PurchaseRefunded refunded(std::string_view charge, std::string_view original, std::string_view amount,
                          std::string_view refunded_on);

/// Twelve months, paid upfront, from the ledger's day on.
ReservationPurchased reserved(std::string_view id, std::string_view subscription, std::string_view amount,
                              ReservationPayment mode);

}  // namespace daybook::testing
