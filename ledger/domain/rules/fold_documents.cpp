#include "ledger/domain/rules/fold_documents.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace daybook {

void close_again(StateStore& store, const ScopeRef& scope, InvoiceType type, Date start,
                 const std::optional<InvoiceId>& invoice_id) {
  const BillingMark* mark = store.billing_mark(scope, type);
  if (mark == nullptr || mark->reopened.empty()) return;
  std::vector<ReopenedDocument> left;
  for (const ReopenedDocument& reopened : mark->reopened) {
    const Invoice* invoice = store.invoice(reopened.invoice_id);
    const bool is_closed = invoice_id ? reopened.invoice_id == *invoice_id
                                      : invoice != nullptr && invoice->period.start == start;
    if (!is_closed) left.push_back(reopened);
  }
  store.edit<BillingMark>(BillingMark::key(scope, type)).reopened = std::move(left);
}

std::vector<Position> deferred_by(const StateReader& state, const InvoiceIssued& event,
                                  const BilledThrough& billed) {
  const std::vector<Position>& own = event.manifest.deferred_positions;
  const ScopeRef scope(billed.scope_type, billed.scope_id.text());
  const BillingMark* mark = state.billing_mark(scope, billed.invoice_type);
  const InvoiceDocument* previous =
      event.previous_invoice_id ? state.invoice_document(*event.previous_invoice_id) : nullptr;
  if (mark == nullptr || previous == nullptr || billed.position > mark->position) return own;
  std::set<Position> deferred(mark->deferred.begin(), mark->deferred.end());
  const std::vector<Position>& known = previous->issued.manifest.deferred_positions;
  std::copy_if(own.begin(), own.end(), std::inserter(deferred, deferred.end()),
               [&](Position row) { return !std::binary_search(known.begin(), known.end(), row); });
  return {deferred.begin(), deferred.end()};
}

void reopen(StateStore& store, const InvoiceVoided& event) {
  if (event.billed_document_id) return;
  // Its charges are free: the next run bills them.
  const Invoice& invoice = *store.invoice(event.invoice_id);
  if (store.billing_mark(invoice.scope, invoice.type) == nullptr) return;
  store.edit<BillingMark>(BillingMark::key(invoice.scope, invoice.type))
      .reopened.push_back({event.invoice_id, event.as_of});
  const BilledPeriod* billed =
      store.billed_period(invoice.scope, invoice.type, invoice.period.start);
  if (billed == nullptr || billed->invoice_id != event.invoice_id) return;
  BilledPeriod& reopened = store.edit<BilledPeriod>(
      BilledPeriod::key(invoice.scope, invoice.type, invoice.period.start));
  reopened.invoice_id.reset();
  reopened.reason = NoInvoiceReason::NotYetInvoiced;
}

}  // namespace daybook
