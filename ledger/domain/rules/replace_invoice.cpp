#include "ledger/domain/rules/replace_invoice.h"

#include <algorithm>

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

void append(std::vector<EventData>& events, std::vector<EventData> more) {
  std::move(more.begin(), more.end(), std::back_inserter(events));
}

/// What of the old invoice's payments stands on the new one.
std::vector<MovedPayment> moved_payments(const Invoice& invoice) {
  std::vector<MovedPayment> moved;
  for (const InvoicePayment& payment : invoice.payments) {
    const std::int64_t left = payment.amount_minor - payment.reversed_minor;
    if (left <= 0) continue;
    moved.push_back({payment.payment_id,
                     {left, invoice.currency},
                     payment.received_on,
                     payment.method_family,
                     payment.method_id});
  }
  return moved;
}

/// Leaves of `moved`, in order, as much as `asked`; what that is less.
std::int64_t hold_excess(std::vector<MovedPayment>& moved, std::int64_t asked) {
  std::int64_t held = 0;
  for (MovedPayment& payment : moved) {
    const std::int64_t kept = std::min(payment.amount.minor_units, asked);
    held += payment.amount.minor_units - kept;
    payment.amount.minor_units = kept;
    asked -= kept;
  }
  std::erase_if(moved, [](const MovedPayment& payment) { return payment.amount.minor_units == 0; });
  return held;
}

/// By what pays its scope now. The document of one charge is paid as that was to be, an enrollment's by wire.
void pay_as_now(const StateReader& state, const Invoice& invoice, InvoiceIssued& issued) {
  const Account* opened = state.account(issued.account_id);
  if (opened == nullptr || issued.enrollment_id || issued.manifest.marks.empty()) return;
  const Account account = as_of_type(*opened, issued.account_type);
  const Profile* profile = issued.profile_id ? state.profile(*issued.profile_id) : nullptr;
  const Subscription* subscription = issued.subscription_id ? state.subscription(*issued.subscription_id) : nullptr;
  PayingMethod method;
  if (profile != nullptr) {
    method = paying_method(state, account, *profile);
  } else if (subscription != nullptr) {
    method = paying_method(state, account, subscription_at(*subscription, place_of(state, invoice)));
  } else {
    return;
  }
  issued.method_id = method.method_id;
  issued.method_family = method.family;
  issued.payment_term_days = payment_term_days(state.policies(), method, profile);
}

}  // namespace

Result<std::vector<EventData>> void_invoice(const StateReader& state, const Invoice& invoice,
                                            Date day, const std::string& reason,
                                            std::optional<InvoiceId> billed) {
  std::vector<EventData> events;
  InvoiceVoided voided{invoice.invoice_id, day, reason, std::move(billed), std::nullopt};
  const std::int64_t left = invoice.total_minor - invoice.credited_minor;
  if (left <= 0) {
    events.emplace_back(std::move(voided));
    return events;
  }
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  LEDGER_INVARIANT(document != nullptr);
  LEDGER_TRY(CreditNoteIssued note,
             credit_note_over(state, invoice, document->issued, left, reason, day));
  voided.credit_note_id = note.credit_note_id;
  events.emplace_back(std::move(voided));
  events.emplace_back(std::move(note));
  return events;
}

Document same_document(const StateReader& state, const Invoice& invoice, Date day) {
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  LEDGER_INVARIANT(document != nullptr);
  Document made;
  made.issued = document->issued;
  made.issued.invoice_id =
      invoice_id_for(state, invoice.scope, invoice.type, made.issued.period.start);
  made.issued.issue_date = day;
  pay_as_now(state, invoice, made.issued);
  made.issued.due_date = day.plus_days(made.issued.payment_term_days);
  if (const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id))
    made.lines = lines->lines;
  for (const CreditLot& lot : credit_lots(state, invoice.scope)) {
    for (const CreditUse& use : lot.uses) {
      if (use.invoice_id != invoice.invoice_id) continue;
      made.credit.push_back({lot.lot_id, lot.source, {use.amount_minor, invoice.currency}});
    }
  }
  return made;
}

Result<std::vector<EventData>> replace_invoice(const StateReader& state, const Invoice& invoice,
                                               Document document, RebillReason why, Date day,
                                               const std::string& reason,
                                               std::int64_t carried_minor, std::int64_t* held,
                                               std::vector<InvoiceCorrection> corrections,
                                               NetAndGross refunded) {
  if (corrections.empty()) corrections = corrections_of(state, invoice);
  for (InvoiceCorrection& correction : corrections) correction.manifest.marks.clear();
  InvoiceIssued& issued = document.issued;
  issued.previous_invoice_id = invoice.invoice_id;
  LEDGER_TRY(std::vector<EventData> events,
             void_invoice(state, invoice, day, reason, issued.invoice_id));
  append(events, document.events());
  Invoice rebill;  // as it will stand: no reader knows it yet
  apply(rebill, issued, {});
  const std::int64_t credited = std::min(carried_minor, rebill.total_minor);
  NetAndGross room{issued.totals.sub_total.minor_units, rebill.total_minor - credited};
  std::vector<EventData> notes;
  if (credited > 0) {
    LEDGER_TRY(CreditNoteIssued note,
               credit_note_over(state, rebill, issued, credited, reason, day));
    note.corrections = std::move(corrections);
    room.net_minor -= note.totals.sub_total.minor_units;
    apply(rebill, note, {});
    notes.emplace_back(std::move(note));
  }
  const Borne by = borne(refunded, room);
  if (by.note_minor > 0) {
    LEDGER_TRY(CreditNoteIssued note, credit_note_over(state, rebill, issued, by.note_minor,
                                                       given_back_reason(invoice.invoice_id), day));
    notes.emplace_back(std::move(note));
  }
  if (by.beyond_minor > 0)
    notes.emplace_back(lot_beyond(state, invoice.scope, issued.invoice_id, {by.beyond_minor, invoice.currency}, day));
  std::vector<MovedPayment> moved = moved_payments(invoice);
  if (held != nullptr) *held = hold_excess(moved, rebill.total_minor - credited - by.note_minor);
  events.emplace_back(InvoiceRebilled{invoice.invoice_id, issued.invoice_id, why, moved});
  append(events, std::move(notes));
  for (const MovedPayment& payment : moved) {
    rebill.payments.push_back({payment.payment_id, payment.amount.minor_units, 0,
                               payment.received_on, payment.method_family, payment.method_id});
  }
  const std::int64_t excess = paid_net_minor(rebill) + credited + by.note_minor - rebill.total_minor;
  append(events, give_back(issued.invoice_id, rebill.payments, excess, rebill.currency));
  if (rebill.is_open() && excess >= 0)
    events.emplace_back(InvoicePaid{issued.invoice_id, day});
  append(events, invoice_mails(state, {issued.invoice_id, issued.type, issued.account_id,
                                       invoice.scope}));
  PaymentChanges changes;
  changes.paid.insert(invoice.invoice_id.text());
  append(events, reenable(state, invoice, day, changes));
  return events;
}

std::string given_back_reason(const InvoiceId& old) {
  return "Reservations of " + old.text() + " given back";
}

Result<std::vector<EventData>> credit_invoice(const StateReader& state, const Invoice& invoice,
                                              Money amount, const std::string& reason, Date day) {
  std::vector<EventData> events;
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  LEDGER_INVARIANT(document != nullptr);
  LEDGER_TRY(CreditNoteIssued note, credit_note_over(state, invoice, document->issued,
                                                     amount.minor_units, reason, day));
  events.emplace_back(std::move(note));
  const std::int64_t left = invoice.total_minor - invoice.credited_minor;
  const std::int64_t excess =
      paid_net_minor(invoice) + invoice.refunded_minor + amount.minor_units - left;
  append(events, give_back(invoice.invoice_id, invoice.payments, excess, invoice.currency));
  if (!invoice.is_open() || excess < 0) return events;
  events.emplace_back(InvoicePaid{invoice.invoice_id, day});
  PaymentChanges changes;
  changes.paid.insert(invoice.invoice_id.text());
  append(events, reenable(state, invoice, day, changes));
  return events;
}

}  // namespace daybook
