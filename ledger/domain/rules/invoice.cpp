#include "ledger/domain/rules/invoice.h"

#include <algorithm>

#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

InvoicePayment* find_payment(Invoice& invoice, const PaymentId& id) {
  const auto found =
      std::find_if(invoice.payments.begin(), invoice.payments.end(),
                   [&](const InvoicePayment& payment) { return payment.payment_id == id; });
  return found == invoice.payments.end() ? nullptr : &*found;
}

}  // namespace

std::int64_t Invoice::amount_due_minor() const {
  if (status == InvoiceStatus::Void) return 0;
  std::int64_t due = total_minor - credited_minor - refunded_minor;
  for (const InvoicePayment& payment : payments)
    due += payment.reversed_minor - payment.amount_minor;
  return std::max<std::int64_t>(due, 0);
}

const InvoicePayment* Invoice::payment(const PaymentId& id) const {
  const auto found =
      std::find_if(payments.begin(), payments.end(),
                   [&](const InvoicePayment& paid) { return paid.payment_id == id; });
  return found == payments.end() ? nullptr : &*found;
}

void apply(Invoice& invoice, const InvoiceIssued& event, const Occurrence& at) {
  invoice.invoice_id = event.invoice_id;
  invoice.type = event.type;
  invoice.account_id = event.account_id;
  invoice.account_type = event.account_type;
  invoice.scope = event.support_plan_id ? ScopeRef(*event.support_plan_id)
                                        : ScopeRef(event.scope_type, event.scope_id.text());
  invoice.issue_date = event.issue_date;
  invoice.due_date = event.due_date;
  invoice.period = event.period;
  invoice.pays_by_card = event.payment_term_days == 0;
  invoice.method_id = event.method_id;
  invoice.currency = event.currency;
  invoice.total_minor = event.totals.total.minor_units;
  invoice.previous_invoice_id = event.previous_invoice_id;
  invoice.issued_at = at.position;
  invoice.was_late = event.issue_date > event.run_date;
  // An invoice of nothing needs no payment.
  invoice.status = invoice.total_minor == 0 ? InvoiceStatus::Paid : InvoiceStatus::Due;
}

void apply(Invoice& invoice, const InvoicePaymentSucceeded& event, const Occurrence& at) {
  if (find_payment(invoice, event.payment_id) != nullptr) return;
  invoice.payments.push_back({event.payment_id, event.amount.minor_units, 0,
                              event.received_on.value_or(at.day()), event.method_family,
                              event.method_id});
}

void apply(Invoice& invoice, const InvoicePaymentFailed& event, const Occurrence& at) {
  invoice.failed_payments.push_back({event.payment_id, event.reason, at.day(), event.method_id});
}

void apply(Invoice& invoice, const InvoicePaymentReversed& event, const Occurrence&) {
  InvoicePayment* payment = find_payment(invoice, event.payment_id);
  LEDGER_INVARIANT(payment != nullptr);
  payment->reversed_minor += event.amount.minor_units;
  if (event.reason != ReversalReason::Refund || invoice.is_open()) return;
  // What was paid beyond what is asked goes back first; the rest owes nothing.
  std::int64_t owed = invoice.total_minor - invoice.credited_minor - invoice.refunded_minor;
  for (const InvoicePayment& each : invoice.payments)
    owed += each.reversed_minor - each.amount_minor;
  invoice.refunded_minor += std::clamp<std::int64_t>(owed, 0, event.amount.minor_units);
}

void apply(Invoice& invoice, const InvoiceBecamePastDue& event, const Occurrence&) {
  invoice.status = InvoiceStatus::PastDue;
  if (!invoice.past_due_since) invoice.past_due_since = event.as_of;
}

void apply(Invoice& invoice, const InvoicePaid&, const Occurrence&) {
  invoice.status = InvoiceStatus::Paid;
  invoice.past_due_since.reset();
}

void apply(Invoice& invoice, const InvoiceLocked&, const Occurrence&) {
  if (invoice.status == InvoiceStatus::Locked) return;
  invoice.status_before_lock = invoice.status;
  invoice.status = InvoiceStatus::Locked;
}

void apply(Invoice& invoice, const InvoiceUnlocked&, const Occurrence&) {
  if (invoice.status == InvoiceStatus::Locked) invoice.status = invoice.status_before_lock;
}

void apply(Invoice& invoice, const CreditNoteIssued& event, const Occurrence&) {
  invoice.credited_minor += event.amount.minor_units;
  invoice.credit_note_ids.push_back(event.credit_note_id);
}

void apply(Invoice& invoice, const InvoiceVoided& event, const Occurrence&) {
  invoice.status = InvoiceStatus::Void;
  invoice.past_due_since.reset();
  invoice.billed_document_id = event.billed_document_id;
}

void apply(Invoice& invoice, const InvoiceRebilled& event, const Occurrence&) {
  invoice.billed_document_id = event.new_invoice_id;
  // What was given back stays where it was paid; the rest moved to the new one, or is held.
  for (InvoicePayment& payment : invoice.payments) payment.amount_minor = payment.reversed_minor;
  std::erase_if(invoice.payments,
                [](const InvoicePayment& payment) { return payment.amount_minor == 0; });
}

void apply(InvoiceLines& lines, const InvoiceLinesAdded& event) {
  lines.invoice_id = event.invoice_id;
  lines.lines.insert(lines.lines.end(), event.lines.begin(), event.lines.end());
}

}  // namespace daybook
