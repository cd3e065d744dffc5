#include "ledger/domain/rules/fold_charges.h"
#include "ledger/domain/rules/fold_purchases.h"
#include "ledger/domain/rules/fold_table.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <vector>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/tax_receipt.h"

namespace daybook {
namespace {

/// What was voided is billed again (by the successor of `invoice_id`), or was found to be worth
/// nothing (the period that starts on `start`): no run waits for it any more.
void close_again(StateStore& store, const ScopeRef& scope, InvoiceType type, std::int32_t place,
                 Date start, const std::optional<InvoiceId>& invoice_id) {
  const BillingMark* mark = store.billing_mark(scope, type, place);
  if (mark == nullptr || mark->reopened.empty()) return;
  std::vector<ReopenedDocument> left;
  for (const ReopenedDocument& reopened : mark->reopened) {
    const Invoice* invoice = store.invoice(reopened.invoice_id);
    const bool is_closed = invoice_id ? reopened.invoice_id == *invoice_id
                                      : invoice != nullptr && invoice->period.start == start;
    if (!is_closed) left.push_back(reopened);
  }
  store.edit<BillingMark>(BillingMark::key(scope, type, place)).reopened = std::move(left);
}

/// The rows left for the next document. One that takes the place of another adds only what that one
/// did not leave, unless it looked at later rows itself.
std::vector<Position> deferred_by(const StateReader& state, const InvoiceIssued& event,
                                  const BilledThrough& billed) {
  const std::vector<Position>& own = event.manifest.deferred_positions;
  const ScopeRef scope(billed.scope_type, billed.scope_id.text());
  const BillingMark* mark = state.billing_mark(scope, billed.invoice_type, billed.place);
  const InvoiceDocument* previous =
      event.previous_invoice_id ? state.invoice_document(*event.previous_invoice_id) : nullptr;
  if (mark == nullptr || previous == nullptr || billed.position > mark->position) return own;
  std::set<Position> deferred(mark->deferred.begin(), mark->deferred.end());
  const std::vector<Position>& known = previous->issued.manifest.deferred_positions;
  std::copy_if(own.begin(), own.end(), std::inserter(deferred, deferred.end()),
               [&](Position row) { return !std::binary_search(known.begin(), known.end(), row); });
  return {deferred.begin(), deferred.end()};
}

void remember(StateStore& store, const BilledThrough& billed,
              const std::vector<Position>& deferred) {
  const ScopeRef scope(billed.scope_type, billed.scope_id.text());
  apply(store.edit<BillingMark>(BillingMark::key(scope, billed.invoice_type, billed.place)), billed,
        deferred);
}

/// Of a last document each of its periods is remembered; of one of late rows alone, that came after
/// the subscription had moved, none: the period may be one of its next place.
std::vector<Period> periods_on(const StateReader& state, const ScopeRef& scope, InvoiceType type,
                               std::int32_t place, Period span) {
  const Subscription* subscription =
      scope.type == ScopeType::Subscription ? state.find<Subscription>(scope.id) : nullptr;
  if (subscription == nullptr || subscription->earlier.empty()) return {span};
  const Subscription then = subscription_at(*subscription, place);
  if (!then.is_placed_on(span.start)) return {};
  if (type != InvoiceType::AzureServices) return {span};
  std::vector<Period> periods = periods_within(then, span);
  return periods.empty() ? std::vector{span} : periods;
}

void remember_period(StateStore& store, const BilledPeriod& billed, std::int32_t place) {
  for (const Period& period :
       periods_on(store, billed.scope, billed.type, place, billed.period)) {
    BilledPeriod& row =
        store.edit<BilledPeriod>(BilledPeriod::key(billed.scope, billed.type, period.start));
    std::vector<Position> corrected_at = std::move(row.corrected_at);
    row = billed;
    row.period = period;
    row.corrected_at = std::move(corrected_at);
  }
}

/// A document of corrections alone leaves the period to the invoice that it names, and billed rows of it all the same.
void remember_correction(StateStore& store, const Invoice& corrected, Position position) {
  for (const Period& period :
       periods_on(store, corrected.scope, corrected.type, place_of(store, corrected), corrected.period)) {
    if (store.billed_period(corrected.scope, corrected.type, period.start) == nullptr) continue;
    auto& at = store.edit<BilledPeriod>(BilledPeriod::key(corrected.scope, corrected.type, period.start)).corrected_at;
    if (at.empty() || at.back() < position) at.push_back(position);
  }
}

/// A void document that no other bills: its charges are free, and the next run bills them.
void reopen(StateStore& store, const InvoiceVoided& event) {
  if (event.billed_document_id) return;
  const Invoice& invoice = *store.invoice(event.invoice_id);
  const std::int32_t place = place_of(store, invoice);
  if (store.billing_mark(invoice.scope, invoice.type, place) == nullptr) return;
  store.edit<BillingMark>(BillingMark::key(invoice.scope, invoice.type, place))
      .reopened.push_back({event.invoice_id, event.as_of});
  for (const Period& period :
       periods_on(store, invoice.scope, invoice.type, place, invoice.period)) {
    const BilledPeriod* billed = store.billed_period(invoice.scope, invoice.type, period.start);
    if (billed == nullptr || billed->invoice_id != event.invoice_id) continue;
    BilledPeriod& reopened = store.edit<BilledPeriod>(
        BilledPeriod::key(invoice.scope, invoice.type, period.start));
    reopened.invoice_id.reset();
    reopened.reason = NoInvoiceReason::NotYetInvoiced;
  }
}

/// The rows and corrections on a void document of corrections alone wait for the next one.
void wait_again(StateStore& store, const InvoiceIssued& issued) {
  for (const BilledThrough& billed : issued.manifest.marks) {
    const ScopeRef scope(billed.scope_type, billed.scope_id.text());
    auto& deferred =
        store.edit<BillingMark>(BillingMark::key(scope, billed.invoice_type, billed.place)).deferred;
    deferred.insert(deferred.end(), issued.manifest.late_positions.begin(),
                    issued.manifest.late_positions.end());
    std::sort(deferred.begin(), deferred.end());
    deferred.erase(std::unique(deferred.begin(), deferred.end()), deferred.end());
  }
}

void set_open(StateStore& store, const Invoice& invoice) {
  const std::string& id = invoice.invoice_id.text();
  if (invoice.is_open()) {
    store.link(Relation::OpenInvoicesOfAccount, invoice.account_id.text(), id);
    store.link(Relation::OpenInvoicesOfScope, invoice.scope.text(), id);
  } else {
    store.unlink(Relation::OpenInvoicesOfAccount, invoice.account_id.text(), id);
    store.unlink(Relation::OpenInvoicesOfScope, invoice.scope.text(), id);
  }
}

template <class Event>
void fold_invoice(StateStore& store, const InvoiceId& id, const Event& event,
                  const Occurrence& at) {
  Invoice& invoice = store.edit<Invoice>(id.text());
  const bool was_open = invoice.is_open();
  apply(invoice, event, at);
  if (invoice.is_open() != was_open) set_open(store, invoice);
}

void fold_event(StateStore& store, const PeriodClosedWithoutInvoice& event, const Occurrence& at) {
  // Of an enrollment or a profile it is said of every subscription, and closes the whole's period.
  const Subscription* subscription = store.subscription(event.subscription_id);
  std::optional<EnrollmentId> enrollment = event.enrollment_id;
  // Of days under MOSP it is the subscription's own, though it may lie in an enrollment by now.
  if (!enrollment && subscription != nullptr && event.invoice_type == InvoiceType::EnrollmentOverage)
    enrollment = subscription->enrollment_id;
  const ScopeRef scope = event.profile_id ? ScopeRef(*event.profile_id)
                         : enrollment     ? ScopeRef(*enrollment)
                                          : ScopeRef(event.subscription_id);
  close_again(store, scope, event.invoice_type, event.place, event.period.start, std::nullopt);
  remember(store,
           {scope.type, ScopeId(scope.id), event.invoice_type, event.period.last_day(),
            event.position, event.place},
           event.deferred_positions);
  remember_period(store,
                  {scope, event.invoice_type, event.period, event.position, std::nullopt,
                   event.reason, event.closed_on, event.totals.credit_applied.minor_units},
                  event.place);
  note_closed_charges(store, event.charges, at.position);
}

void fold_event(StateStore& store, const InvoiceIssued& event, const Occurrence& at) {
  Invoice& invoice = store.edit<Invoice>(event.invoice_id.text());
  apply(invoice, event, at);
  if (invoice.is_open()) set_open(store, invoice);
  store.keep(event);
  const std::int32_t place = place_of(event);
  for (const BilledThrough& billed : event.manifest.marks) {
    remember(store, billed, deferred_by(store, event, billed));
  }
  if (event.previous_invoice_id)
    close_again(store, invoice.scope, event.type, place, event.period.start,
                event.previous_invoice_id);
  // The document of a single charge says nothing about its period.
  if (!event.is_monthly && event.manifest.marks.empty()) return;
  const Invoice* corrected = event.corrected_invoice_id ? store.invoice(*event.corrected_invoice_id) : nullptr;
  if (corrected != nullptr) remember_correction(store, *corrected, event.manifest.position);
  if (!event.corrected_invoice_id) {
    remember_period(store,
                    {invoice.scope, event.type, event.period, event.manifest.position,
                     event.invoice_id, std::nullopt, event.issue_date, 0},
                    place);
  }
  // The mail that follows in the same group takes it off: whether the list has an address left is not asked
  // here, where an erasure since would answer otherwise than at the time.
  if (event.enrollment_id && store.enrollment(*event.enrollment_id) != nullptr) {
    store.edit<Enrollment>(event.enrollment_id->text()).unsent.push_back(event.invoice_id);
  }
}

void fold_event(StateStore& store, const InvoiceLinesAdded& event, const Occurrence&) {
  store.keep(event);
  note_billed_charges(store, event);
}

void fold_event(StateStore& store, const CreditNoteIssued& event, const Occurrence& at) {
  store.edit<CreditNote>(event.credit_note_id.text()).issued = event;
  fold_invoice(store, event.credit_for_invoice_id, event, at);
  for (const InvoiceCorrection& correction : event.corrections) {
    for (const BilledThrough& billed : correction.manifest.marks)
      remember(store, billed, correction.manifest.deferred_positions);
    if (!correction.manifest.marks.empty())
      remember_correction(store, *store.invoice(event.credit_for_invoice_id), correction.manifest.position);
  }
}

void fold_event(StateStore& store, const InvoiceVoided& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
  give_back_credit(store, *store.invoice(event.invoice_id));
  // What stands on the document of a period is billed again with it, else by itself.
  const InvoiceDocument* document = store.invoice_document(event.invoice_id);
  if (document != nullptr && document->issued.corrected_invoice_id) {
    if (!event.billed_document_id) wait_again(store, document->issued);
  } else if (document != nullptr && document->issued.manifest.marks.empty()) {
    free_charges(store, event.invoice_id);
  } else {
    reopen(store, event);
  }
}

void fold_event(StateStore& store, const InvoiceRebilled& event, const Occurrence& at) {
  fold_invoice(store, event.invoice_id, event, at);
  Invoice& rebill = store.edit<Invoice>(event.new_invoice_id.text());
  for (const MovedPayment& moved : event.moved_payments) {
    rebill.payments.push_back({moved.payment_id, moved.amount.minor_units, 0, moved.received_on,
                               moved.method_family, moved.method_id});
  }
}

void fold_event(StateStore& store, const TaxDocumentAdded& event, const Occurrence& at) {
  apply(store.edit<AttachedDocument>(event.document_id.text()), event, at);
  apply(store.edit<InvoiceAttachments>(event.invoice_id.text()), event, at);
}

/// Of what the ledger makes, tax receipts alone are kept apart from what they are made of.
void fold_event(StateStore& store, const InvoiceDocumentGenerated& event, const Occurrence& at) {
  if (event.kind != DocumentKind::TaxReceipt) return;
  apply(store.edit<AttachedDocument>(event.document_id.text()), event, at);
  apply(store.edit<InvoiceAttachments>(event.invoice_id.text()), event, at);
}

void fold_event(StateStore& store, const DocumentContentAdded& event, const Occurrence& at) {
  const std::string& id = event.document_id.text();
  if (store.find<AttachedDocument>(id) != nullptr) apply(store.edit<AttachedDocument>(id), event, at);
}

constexpr auto kFoldDocuments = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_documents(FoldTable& table) {
  table.add<PeriodClosedWithoutInvoice, InvoiceIssued, InvoiceLinesAdded, CreditNoteIssued,
            InvoiceVoided, InvoiceRebilled, TaxDocumentAdded, DocumentContentAdded,
            InvoiceDocumentGenerated>(kFoldDocuments);
  table.add<InvoicePaymentSucceeded, InvoicePaymentFailed, InvoicePaymentReversed,
            InvoiceBecamePastDue, InvoicePaid, InvoiceLocked, InvoiceUnlocked>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        fold_invoice(store, event.invoice_id, event, at);
      });
}

}  // namespace daybook
