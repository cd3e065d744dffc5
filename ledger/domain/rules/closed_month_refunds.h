#pragma once

#include <set>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// Refunds of an enrollment that are told after their month is closed for them, or that no document has a line for
/// (T-EA-6, CLS-3, R-69; decision 0101).
namespace daybook {

/// What the end of PeriodClosedWithoutInvoice.charges says of a refund that was given back on no document.
inline constexpr std::string_view kGivenBack = "/given-back";

/// Of what period's document they are asked, and when.
struct ClosedMonth {
  ScopeRef enrollment;
  Period period;
  Date day;    ///< of issue
  Date today;  ///< refunds through then are told
};

struct RefundsApart {
  std::vector<EventData> events;     ///< to follow the document, or the end of the period
  std::set<std::string> keys;        ///< of the charges
  std::set<InvoiceId> invoices;      ///< that notes are of
};

/// Of reservations that the document `made` charges, and which count to a later month: from the invoice that it will be. The manifest
/// tells of them. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RefundsApart> refunds_after(const StateReader& state, const ClosedMonth& month, Document& made,
                                                 const std::set<std::string>& done);

/// The same where the period ends without a document, and of all `waiting` refunds of what was billed before: `made.charges`
/// tells of them. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RefundsApart> refunds_without_document(const StateReader& state, const ClosedMonth& month, Document& made,
                                                            const std::set<std::string>& done,
                                                            const std::vector<OpenCharge>& waiting);

}  // namespace daybook
