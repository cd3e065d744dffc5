#pragma once

#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/rules/fact_checker.h"

/// Checks of facts about offers, credit, spending limits and purchases: parts of fact_checker.h.
namespace daybook {

[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const OfferDefined& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const CreditGranted& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const CreditAdjusted& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const SpendingLimitRemoved& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker,
                                      const SpendingLimitRestored& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const OfferUpgraded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PurchaseCharged& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const PurchaseRefunded& fact);
[[nodiscard]] Result<void> check_fact(const FactChecker& checker, const ReservationPurchased& fact);

}  // namespace daybook
