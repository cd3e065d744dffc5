#pragma once

#include <optional>
#include <set>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/plan.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// Up to where rows were looked at: prices of a document may have been looked up later.
[[nodiscard]] Position rows_upto(const InvoiceIssued& issued);

/// What was billed before a document: it and what it had of earlier periods are free again.
/// `subscription`: as it stood at the place that a document of a subscription is of.
[[nodiscard]] BillingMark billed_before(const StateReader& state, const InvoiceIssued& issued,
                                        const Subscription& subscription);

/// The charges of an invoice, priced by what is known now, as a document of `run_date`.
struct Rebilled {
  std::optional<Document> document;  ///< nothing: they are worth nothing, and no invoice comes
  std::vector<EventData> closing;    ///< without a document: the credit they take, how it ends
  std::set<StreamKey> relied_on;
};

/// Bills what stood on `invoice`, and on no other document, once more. `with_news`: where it
/// is the newest document of its scope, what was recorded since is on it too. Purchases and terms
/// keep their amounts. `credit` is what its scope has without what the invoice took. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Rebilled> rebill(const StateReader& state, const UsageSource& usage,
                                      const Invoice& invoice, Date run_date, Date issue_date,
                                      bool with_news, CreditPool& credit);

/// VoidInvoice with `rebill`: the void one, its credit note, and the invoice in its place. It holds
/// while nothing that it rests on changes, as any plan. Errors: those of the command, and of
/// `rebill`.
[[nodiscard]] Result<Plan> plan_rebill(const StateReader& state, const UsageSource& usage,
                                       const VoidInvoice& command, const DecisionContext& context);

}  // namespace daybook
