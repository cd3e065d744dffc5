#pragma once

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_reader.h"

/// Folding of offers, credit and spending limits: parts of fold.h.
namespace daybook {

/// The billing period of a subscription or profile that holds `day`.
[[nodiscard]] Period billing_period_of(const StateReader& state, const ScopeRef& scope, Date day);

void fold_event(StateStore& store, const OfferDefined& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditGranted& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditApplied& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditExpired& event, const Occurrence& at);
void fold_event(StateStore& store, const CreditAdjusted& event, const Occurrence& at);
void fold_event(StateStore& store, const MonthlyCreditRenewed& event, const Occurrence& at);
void fold_event(StateStore& store, const SpendingLimitRemoved& event, const Occurrence& at);
void fold_event(StateStore& store, const SpendingLimitRestored& event, const Occurrence& at);
void fold_event(StateStore& store, const OfferUpgraded& event, const Occurrence& at);

/// A void document gives back the credit that it took.
void give_back_credit(StateStore& store, const Invoice& invoice);

}  // namespace daybook
