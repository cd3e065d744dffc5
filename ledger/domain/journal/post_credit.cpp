#include <charconv>
#include <string_view>

#include "ledger/domain/journal/poster.h"
#include "ledger/domain/rules/closed_month_refunds.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

std::string credit_of(const LotId& id, std::string_view what) {
  return "Credit " + id.text() + " " + std::string(what);
}

}  // namespace

std::int64_t Poster::change(PostedLot& lot, std::int64_t amount_minor, EntryDraft& draft) {
  const std::int64_t before = lot.current_minor();
  lot.left_minor += amount_minor;
  const std::int64_t rise = lot.current_minor() - before;
  if (lot.is_paid_for()) {
    draft.credit(chart::prepayment(), rise);
    draft.credit(chart::expired(), amount_minor - rise);
  } else {
    draft.debit(chart::credits_granted(), rise);
    draft.credit(chart::credits_open(), rise);
  }
  return rise;
}

void Poster::pay_for(const PostedLot& lot, std::int64_t amount_minor, bool by_refund,
                     EntryDraft& draft) {
  if (!lot.is_paid_for()) return;
  draft.debit(by_refund ? chart::income(Revenue::Reservation) : chart::prepayment_bought(),
              amount_minor);
}

Result<void> Poster::open(const LotId& id, PostedLot lot, std::int64_t amount_minor) {
  const std::string suffix = "-refund";
  const std::size_t at = id.text().rfind(suffix);
  // The ledger names a lot after what is given back, or after the invoice that had no room for it (decision 0120).
  const std::string of = by_ledger_ && at != std::string::npos ? id.text().substr(0, at) : std::string();
  const bool by_refund = state_.reservations.contains(ReservationId(of)) || state_.purchases.contains(ChargeId(of));
  EntryDraft draft(lot.currency);
  const auto held = state_.held.find(lot.scope);
  if (by_refund && lot.is_for_reservations && held != state_.held.end() &&
      held->second.amount_minor >= amount_minor) {
    held->second.amount_minor -= amount_minor;
    draft.debit(chart::receivable(held->second.account_id), amount_minor);
  } else if (state_.invoices.contains(InvoiceId(of))) {
    draft.debit(chart::given_back(), amount_minor);
  } else {
    pay_for(lot, amount_minor, by_refund, draft);
  }
  PostedLot& kept = state_.lots[id] = std::move(lot);
  change(kept, amount_minor, draft);
  return write(at_.day(), at_.position, id.text(), kept.scope.substr(kept.scope.find('/') + 1),
               credit_of(id, "granted"),
               draft);
}

Result<void> Poster::post(const CreditGranted& event) {
  PostedLot lot;
  lot.scope = ScopeRef(event.scope_type, event.scope_id.text()).text();
  lot.source = event.source;
  lot.is_for_reservations = event.for_reservations.value_or(false);
  lot.currency = event.amount.currency;
  return open(event.lot_id, std::move(lot), event.amount.minor_units);
}

Result<void> Poster::post(const MonthlyCreditRenewed& event) {
  PostedLot lot;
  lot.scope = ScopeRef(event.scope_type, event.scope_id.text()).text();
  lot.source = CreditSource::MonthlyCredit;
  lot.currency = event.amount.currency;
  return open(event.lot_id, std::move(lot), event.amount.minor_units);
}

Result<void> Poster::post(const CreditAdjusted& event) {
  LEDGER_TRY(PostedLot * of, lot(event.lot_id));
  EntryDraft draft(of->currency);
  // The ledger adjusts a lot by itself only where a reservation is given back.
  pay_for(*of, event.amount.minor_units, by_ledger_, draft);
  change(*of, event.amount.minor_units, draft);
  return write(at_.day(), at_.position, event.lot_id.text(),
               of->scope.substr(of->scope.find('/') + 1), credit_of(event.lot_id, "adjusted"),
               draft);
}

Result<void> Poster::post(const CreditApplied& event) {
  LEDGER_TRY(PostedLot * of, lot(event.lot_id));
  const std::int64_t amount = event.amount.minor_units;
  EntryDraft draft(of->currency);
  Date date = at_.day();
  std::string payee = of->scope.substr(of->scope.find('/') + 1);
  if (event.invoice_id) {
    LEDGER_TRY(const PostedInvoice* posted, invoice(*event.invoice_id));
    date = posted->invoice.issue_date;
    payee = posted->payee;
    // The document has posted the use; what is left here is the lot's own side of it.
    if (of->source == CreditSource::Prepayment) {
      draft.credit(chart::prepayment(), amount);
    } else if (of->is_for_reservations) {
      draft.credit(chart::credits(), amount);
    }
    if (event.period) of->uses[*event.invoice_id] += amount;
  } else {
    draft.credit(chart::income(of->is_for_reservations ? Revenue::Reservation : Revenue::Usage),
                 amount);
    if (!of->is_paid_for()) draft.debit(chart::credits(), amount);
  }
  change(*of, -amount, draft);
  return write(date, at_.position, event.invoice_id ? event.invoice_id->text() : event.lot_id.text(),
               payee, credit_of(event.lot_id, "used"), draft);
}

Result<void> Poster::post(const CreditExpired& event) {
  LEDGER_TRY(PostedLot * of, lot(event.lot_id));
  const std::int64_t before = of->current_minor();
  of->expired_minor += event.amount.minor_units;
  const std::int64_t lost = before - of->current_minor();
  EntryDraft draft(of->currency);
  if (of->is_paid_for()) {
    draft.debit(chart::prepayment(), lost);
    draft.credit(chart::expired(), lost);
  } else {
    draft.debit(chart::credits_open(), lost);
    draft.credit(chart::credits_granted(), lost);
  }
  return write(at_.day(), at_.position, event.lot_id.text(),
               of->scope.substr(of->scope.find('/') + 1), credit_of(event.lot_id, "expired"),
               draft);
}

Money Poster::reservation_in(const std::string& charge) const {
  if (charge.ends_with(kGivenBack)) return {};  // a note or an adjustment says it
  const std::size_t slash = charge.find('/', 2);
  const std::string id = charge.substr(2, slash == std::string::npos ? slash : slash - 2);
  if (charge.starts_with("c/")) {
    const auto bought = state_.purchases.find(ChargeId(id));
    const bool is_reservation = bought != state_.purchases.end() &&
                                bought->second.kind == PurchaseKind::Reservation;
    return is_reservation ? bought->second.amount : Money();
  }
  if (!charge.starts_with("r/")) return {};
  const bool is_refund = charge.ends_with("/refund");
  const auto& amounts = is_refund ? state_.given_back : state_.reservations;
  const auto amount = amounts.find(ReservationId(id));
  if (amount == amounts.end()) return {};
  return {is_refund ? -amount->second.minor_units : amount->second.minor_units,
          amount->second.currency};
}

/// An enrollment's prepayment covers reservations too: which of its purchases a period without
/// a document held, this alone says.
Result<void> Poster::post(const PeriodClosedWithoutInvoice& event) {
  if (!event.enrollment_id || event.reason != NoInvoiceReason::WithinCredit) return {};
  const Currency currency = event.totals.billed.currency;
  std::int64_t of_reservations = 0;
  for (const std::string& key : event.charges) {
    const Money amount = reservation_in(key);
    if (amount.currency == currency) of_reservations += amount.minor_units;
  }
  EntryDraft draft(currency);
  draft.debit(chart::income(Revenue::Usage), of_reservations);
  draft.credit(chart::income(Revenue::Reservation), of_reservations);
  return write(at_.day(), at_.position, event.enrollment_id->text(), event.enrollment_id->text(),
               "Reservations within the prepayment", draft);
}

Result<void> Poster::post(const ReservationPurchased& event) {
  state_.reservations[event.reservation_id] = event.amount;
  return {};
}

Result<void> Poster::post(const ReservationExchanged& event) {
  state_.given_back[event.reservation_id] = event.refund_amount;
  return {};
}

Result<void> Poster::post(const ReservationCancelled& event) {
  state_.given_back[event.reservation_id] = event.refund_amount;
  return {};
}

}  // namespace daybook
