#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/billing_mark.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

/// Charges without a document: what a period is worth by what is known now.
namespace daybook {

/// Lines rounded as a document would round them, without tax.
struct Charges {
  std::vector<InvoiceLine> lines;
  Money total;
  std::int64_t row_count = 0;  ///< usage rows seen, unmatched ones too
  std::int64_t credit_minor = 0;  ///< of the total, covered by credit
  bool leaves_over = false;  ///< rows below zero, or refunds, do not fit and wait for a later document (R-65)
};

/// Rounds the sum of the lines once and gives each its part; a sum below zero waits for a later
/// document and counts as nothing. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Charges> round_charges(std::vector<DraftLine> lines, Currency currency);

/// What a MOSP subscription owes for a period that has no invoice yet, as its run would bill it on
/// `today`; the oldest one carries what came late for earlier ones. Errors: those of `usage`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Charges> unbilled_charges(const StateReader& state, const UsageSource& usage,
                                               const Account& account,
                                               const Subscription& subscription,
                                               const Period& period, Date today);

/// What a period that ended without an invoice was worth, by the rows and prices it was looked at
/// with. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Charges> closed_charges(const StateReader& state, const UsageSource& usage,
                                             const Account& account,
                                             const Subscription& subscription,
                                             const BilledPeriod& billed);

/// What a profile owes for a calendar month that has no invoice yet: usage and support terms.
/// Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Charges> unbilled_charges(const StateReader& state, const UsageSource& usage,
                                               const Profile& profile, const Period& month,
                                               Date today);

}  // namespace daybook
