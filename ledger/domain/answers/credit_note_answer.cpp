#include "ledger/domain/answers/credit_note_answer.h"

namespace daybook {
namespace {

/// A note, and the invoice that it is for.
struct FoundNote {
  const CreditNoteIssued* note = nullptr;
  const InvoiceIssued* invoice = nullptr;
};

FoundNote find_for(const StateReader& state, const Viewer& viewer, const CreditNoteId& id) {
  const CreditNote* note = state.credit_note(id);
  if (note == nullptr) return {};
  const InvoiceId& invoice_id = note->issued.credit_for_invoice_id;
  const Invoice* invoice = state.invoice(invoice_id);
  const InvoiceDocument* document = state.invoice_document(invoice_id);
  if (invoice == nullptr || document == nullptr) return {};
  if (!may(state, viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed) return {};
  return {&note->issued, &document->issued};
}

/// The members that items and whole notes share: where the note says nothing, those of its invoice.
template <class View>
View common_view(const FoundNote& found) {
  const CreditNoteIssued& note = *found.note;
  const InvoiceIssued& invoice = *found.invoice;
  View view;
  view.invoice_id = note.credit_note_id.text();
  view.document_type = DocumentType::CreditNote;
  view.type = invoice.type;
  view.status = InvoiceStatus::Paid;
  view.account_id = invoice.account_id;
  view.scope_id = invoice.scope_id;
  view.subscription_id = invoice.subscription_id;
  view.support_plan_id = invoice.support_plan_id;
  view.profile_id = invoice.profile_id;
  view.enrollment_id = invoice.enrollment_id;
  view.issue_date = note.issue_date;
  view.due_date = note.issue_date;
  view.period = invoice.period;
  view.is_monthly = false;
  view.currency = invoice.currency;
  view.po_number = invoice.po_number;
  view.bill_to = invoice.bill_to;
  view.sold_to = invoice.sold_to;
  view.special_taxation = invoice.special_taxation;
  view.totals = note.totals;
  view.amount_due = {0, invoice.currency};
  view.credit_for_document_id = note.credit_for_invoice_id.text();
  return view;
}

}  // namespace

std::optional<InvoiceView> credit_note_answer(const StateReader& state, const Viewer& viewer,
                                              const CreditNoteId& id) {
  const FoundNote found = find_for(state, viewer, id);
  if (found.note == nullptr) return std::nullopt;
  auto view = common_view<InvoiceView>(found);
  view.sections = found.note->sections;
  view.taxes = found.note->taxes;
  return view;
}

std::optional<InvoiceItemView> credit_note_item(const StateReader& state, const Viewer& viewer,
                                                const CreditNoteId& id) {
  const FoundNote found = find_for(state, viewer, id);
  if (found.note == nullptr) return std::nullopt;
  return common_view<InvoiceItemView>(found);
}

}  // namespace daybook
