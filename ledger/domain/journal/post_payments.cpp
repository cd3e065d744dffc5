#include "ledger/domain/journal/poster.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<void> Poster::post(const InvoicePaymentSucceeded& event) {
  LEDGER_TRY(PostedInvoice * posted, invoice(event.invoice_id));
  // The same payment told again moves nothing.
  if (posted->invoice.payment(event.payment_id) != nullptr) return {};
  apply(posted->invoice, event, at_);
  EntryDraft draft(event.amount.currency);
  draft.debit(chart::bank(), event.amount.minor_units);
  draft.credit(chart::receivable(posted->invoice.account_id), event.amount.minor_units);
  return write(event.received_on.value_or(at_.day()), at_.position, event.payment_id.text(),
               posted->payee, "Payment of " + event.invoice_id.text(), draft);
}

Result<void> Poster::post(const InvoicePaymentReversed& event) {
  LEDGER_TRY(PostedInvoice * posted, invoice(event.invoice_id));
  if (posted->invoice.payment(event.payment_id) == nullptr)
    return missing("payment " + event.payment_id.text());
  const std::int64_t before = posted->written_off_minor();
  apply(posted->invoice, event, at_);
  const std::int64_t written_off = posted->written_off_minor() - before;
  EntryDraft draft(event.amount.currency);
  draft.debit(chart::receivable(posted->invoice.account_id),
              event.amount.minor_units - written_off);
  draft.debit(chart::given_back(), written_off);
  draft.credit(chart::bank(), event.amount.minor_units);
  const bool is_refund = event.reason == ReversalReason::Refund;
  return write(at_.day(), at_.position, event.payment_id.text(), posted->payee,
               (is_refund ? "Refund of " : "Chargeback of ") + event.invoice_id.text(), draft);
}

}  // namespace daybook
