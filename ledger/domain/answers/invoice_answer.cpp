#include "ledger/domain/answers/invoice_answer.h"

#include <cstddef>
#include <vector>

#include "ledger/domain/answers/credit_note_answer.h"
#include "ledger/domain/answers/line_order.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/dunning.h"

namespace daybook {
namespace {

/// What an invoice was issued with, and how it stands now.
struct FoundInvoice {
  const Invoice* now = nullptr;
  const InvoiceIssued* issued = nullptr;
};

FoundInvoice find_for(const StateReader& state, const Viewer& viewer, const InvoiceId& id) {
  const Invoice* invoice = state.invoice(id);
  const InvoiceDocument* document = state.invoice_document(id);
  if (invoice == nullptr || document == nullptr) return {};
  if (!may(state, viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed) return {};
  return {invoice, &document->issued};
}

/// The members that items and whole invoices share.
template <class View>
View common_view(const FoundInvoice& found) {
  const InvoiceIssued& issued = *found.issued;
  View view;
  view.invoice_id = issued.invoice_id.text();
  view.type = issued.type;
  view.status = found.now->status;
  view.account_id = issued.account_id;
  view.scope_id = issued.scope_id;
  view.subscription_id = issued.subscription_id;
  view.support_plan_id = issued.support_plan_id;
  view.profile_id = issued.profile_id;
  view.enrollment_id = issued.enrollment_id;
  view.issue_date = issued.issue_date;
  view.due_date = issued.due_date;
  view.period = issued.period;
  view.is_monthly = issued.is_monthly;
  view.currency = issued.currency;
  view.po_number = issued.po_number;
  view.bill_to = issued.bill_to;
  view.sold_to = issued.sold_to;
  view.payment_term_days = issued.payment_term_days;
  view.special_taxation = issued.special_taxation;
  view.totals = issued.totals;
  view.amount_due = found.now->amount_due();
  view.rebill = {found.now->billed_document_id, found.now->credit_note_ids,
                 found.now->previous_invoice_id};
  return view;
}

}  // namespace

Result<InvoiceView> invoice_answer(const StateReader& state, const Viewer& viewer,
                                   const InvoiceId& id) {
  const FoundInvoice found = find_for(state, viewer, id);
  if (found.now == nullptr) {
    std::optional<InvoiceView> note = credit_note_answer(state, viewer, CreditNoteId(id.text()));
    if (!note) return nothing_here();
    return std::move(*note);
  }
  auto view = common_view<InvoiceView>(found);
  if (const InvoiceLines* told = state.invoice_lines(id)) {
    view.lines.reserve(told->lines.size());
    for (const std::size_t i : shown_order(found.now->scope.type, told->lines)) view.lines.push_back(told->lines[i]);
  }
  view.sections = found.issued->sections;
  view.taxes = found.issued->taxes;
  const Currency currency = found.now->currency;
  for (const InvoicePayment& payment : found.now->payments) {
    view.payments.push_back({payment.payment_id,
                             {payment.amount_minor, currency},
                             payment.received_on,
                             payment.method_family,
                             payment.method_id,
                             {payment.reversed_minor, currency}});
  }
  for (const FailedPayment& failed : found.now->failed_payments) {
    view.failed_payments.push_back(
        {failed.payment_id, failed.reason, failed.failed_on, failed.method_id});
  }
  view.retry_on = retry_day(state.policies(), *found.now);
  return view;
}

std::optional<InvoiceItemView> invoice_item(const StateReader& state, const Viewer& viewer,
                                            const InvoiceId& id) {
  const FoundInvoice found = find_for(state, viewer, id);
  if (found.now == nullptr) return credit_note_item(state, viewer, CreditNoteId(id.text()));
  return common_view<InvoiceItemView>(found);
}

Result<NoticeListView> invoice_notices_answer(const StateReader& state, const Viewer& viewer,
                                              const InvoiceId& id) {
  if (find_for(state, viewer, id).now == nullptr) return nothing_here();
  NoticeListView view;
  const auto* notices = state.find<InvoiceNotices>(id.text());
  if (notices == nullptr) return view;
  for (const InvoiceNotice& notice : notices->notices) {
    view.items.push_back({notice.recipient_id, notice.identity_id, notice.address, notice.state,
                          notice.kind, notice.queued_at});
  }
  return view;
}

Result<MailListView> invoice_mails_answer(const StateReader& state, const Viewer& viewer,
                                          const InvoiceId& id) {
  if (find_for(state, viewer, id).now == nullptr) return nothing_here();
  MailListView view;
  const InvoiceMails* mails = state.invoice_mails(id);
  if (mails == nullptr) return view;
  for (const InvoiceMail& mail : mails->mails) {
    view.items.push_back(
        {mail.recipient_id, mail.identity_id, mail.address, mail.because, mail.state, mail.kind});
  }
  return view;
}

}  // namespace daybook
