#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/billing_scope.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/planner.h"

/// Policy `corrections` = `note`: what came late, was amended or voided after its invoice has
/// a document of its own at the run of the scope, in place of lines on the next invoice.
namespace daybook {

/// Which late rows and corrections the scope's next document leaves out.
struct CorrectionsApart {
  std::vector<Position> positions;  ///< sorted
  std::vector<Position> held;  ///< of them: those that wait until their invoice is unlocked; sorted
};

/// Plans, for each invoice whose usage was corrected since the last run, a credit note or an invoice
/// with `isMonthly` false that names it. Nothing unless the account's policy says so. What has no
/// invoice that could bear a note, is less than half a minor unit, or is covered by credit alone
/// stands on the scope's next document. `request`: that of the document, with late usage;
/// `draft`: whom it is for, and its dates. `is_last`: no further document of a period comes, so what is
/// less than billed has its note whatever the policy says; more is on the document that `draft` is of.
/// Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<CorrectionsApart> plan_corrections(Planner& planner, const UsageSource& usage,
                                                        const BillRequest& request,
                                                        const DraftDocument& draft, bool is_last = false);

/// The same at once, without a run and whatever the policy says, for all that `account` is billed:
/// dated the planner's day. What has no such document waits for the next one of its scope; so does
/// all of a scope of which a void invoice waits to be billed again. Errors: those of `usage`;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> plan_correction_notes(Planner& planner, const UsageSource& usage,
                                                 const Account& account);

/// What is late or corrected of the scope, as its next document would say it; nothing where it has no
/// mark. `rate_date`: exchange rates are those of that day.
[[nodiscard]] Result<Bill> late_bill(const StateReader& state, const UsageSource& usage,
                                     const BillingScope& scope, Date rate_date);
/// The living invoice that billed the period of such a line; null: none did.
[[nodiscard]] const Invoice* corrected_invoice(const StateReader& state, const ScopeRef& scope,
                                               InvoiceType type, const DraftLine& line);

/// What notes took back of a void invoice, on the one that bills the same rows once more.
struct CarriedCorrections {
  std::int64_t amount_minor = 0;  ///< with tax
  std::vector<InvoiceCorrection> corrections;
  std::vector<EventData> credit;  ///< CreditApplied below 0
};
[[nodiscard]] Result<CarriedCorrections> carried_corrections(const StateReader& state,
                                                             const Invoice& invoice,
                                                             const Document& made);

}  // namespace daybook
