#include "ledger/domain/rules/rebill_credit.h"

#include <algorithm>

#include "ledger/domain/rules/enrollment_credit.h"

namespace daybook {
namespace {

/// What of a lot was used for the period.
std::int64_t used_for(const CreditLot& lot, Period period) {
  std::int64_t used = 0;
  for (const CreditUse& use : lot.uses) {
    if (use.period == period) used += use.amount_minor;
  }
  return used;
}

}  // namespace

std::int64_t credit_for_rebill(const StateReader& state, const InvoiceIssued& issued) {
  std::int64_t available = issued.totals.azure_prepayment_applied.minor_units;
  if (issued.type != InvoiceType::EnrollmentOverage) return available;
  for (const CreditLot& lot :
       credit_lots(state, ScopeRef(issued.scope_type, issued.scope_id.text()))) {
    if (lot.covers(issued.period)) available += lot.left_minor;
  }
  return available;
}

std::vector<EventData> move_credit(const StateReader& state, const InvoiceIssued& issued,
                                   std::int64_t taken_minor,
                                   const std::optional<InvoiceId>& invoice) {
  std::vector<EventData> events;
  std::int64_t change = taken_minor - issued.totals.azure_prepayment_applied.minor_units;
  std::vector<CreditLot> lots =
      credit_lots(state, ScopeRef(issued.scope_type, issued.scope_id.text()));
  // Given back is first what was taken last.
  if (change < 0) std::reverse(lots.begin(), lots.end());
  for (const CreditLot& lot : lots) {
    const std::int64_t part =
        change > 0 ? std::min(change, lot.covers(issued.period) ? lot.left_minor : 0)
                   : -std::min(-change, used_for(lot, issued.period));
    if (part == 0) continue;
    change -= part;
    events.emplace_back(CreditApplied{issued.scope_type, issued.scope_id, lot.lot_id,
                                      {part, issued.currency}, invoice, issued.period});
  }
  return events;
}

}  // namespace daybook
