#include "ledger/domain/rules/closed_month_refunds.h"

#include <algorithm>

#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/enterprise_refunds.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// A refund that counts to a later month than its reservation, which the document charges.
struct LateRefund {
  OpenCharge refund;
  const Reservation* reservation = nullptr;
  const InvoiceLine* charge = nullptr;
};

std::vector<LateRefund> late_refunds(const StateReader& state, const ClosedMonth& month, const Document& made,
                                     const std::set<std::string>& done) {
  std::vector<LateRefund> late;
  for (OpenCharge& refund : open_charges(state, month.enrollment, month.today.plus_days(1))) {
    const auto& id = refund.draft.line.reservation_id;
    if (!refund.is_refund || !id || refund.date < month.period.end_exclusive || done.contains(refund.key)) continue;
    const auto charge = std::find_if(made.lines.begin(), made.lines.end(), [&](const InvoiceLine& line) {
      return line.reservation_id == id && line.charge_type == ChargeType::Purchase && !line.meter_id;
    });
    if (charge == made.lines.end()) continue;
    const auto* reservation = state.find<Reservation>(id->text());
    late.push_back({std::move(refund), reservation, &*charge});
  }
  return late;
}

EnterpriseRefund refund_of(const Reservation& reservation, Money amount) {
  const std::string& name = reservation.reservation_id.text();
  return {name, "reservation " + name, reservation.purchased_on, amount};
}

/// What the document takes of prepayment.
EnterpriseRefunds::UsedOf taken_by(const Document& made) {
  return [&made](const CreditLot& lot) {
    std::int64_t used = 0;
    for (const CreditTaken& taken : made.credit) {
      if (taken.lot_id == lot.lot_id) used += taken.amount.minor_units;
    }
    return used;
  };
}

Money positive(Money amount) { return {-amount.minor_units, amount.currency}; }

/// What was charged, as far as its document or the period without one is known: not while it waits to be billed again.
struct Billed {
  const Invoice* invoice = nullptr;
  const InvoiceLine* charge = nullptr;
  bool is_covered = false;  ///< prepayment paid it, in a period without a document
  std::string name;
  std::string reason;
  Date charged_on;
};

const InvoiceLine* reservation_line(const StateReader& state, const Invoice& invoice, const ReservationId& id) {
  const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id);
  if (lines == nullptr) return nullptr;
  for (const InvoiceLine& line : lines->lines) {
    if (line.reservation_id == id && line.charge_type == ChargeType::Purchase && !line.meter_id) return &line;
  }
  return nullptr;
}

Billed billed_charge(const StateReader& state, const OpenCharge& refund) {
  Billed billed;
  std::optional<InvoiceId> invoice_id;
  const InvoiceLine& line = refund.draft.line;
  const auto* reservation = line.reservation_id ? state.find<Reservation>(line.reservation_id->text()) : nullptr;
  const auto* purchase = line.charge_id ? state.find<Purchase>(line.charge_id->text()) : nullptr;
  const auto* bought =
      purchase != nullptr && purchase->refund_of ? state.find<Purchase>(purchase->refund_of->text()) : nullptr;
  if (reservation != nullptr && !reservation->billed.empty()) {
    invoice_id = reservation->billed.front().invoice_id;
    billed.is_covered = !invoice_id;
    billed.name = reservation->reservation_id.text();
    billed.reason = "reservation " + billed.name;
    billed.charged_on = reservation->purchased_on;
  } else if (bought != nullptr) {
    invoice_id = bought->invoice_id;
    billed.is_covered = !invoice_id && bought->is_closed && bought->kind == PurchaseKind::Reservation;
    billed.name = purchase->charge_id.text();
    billed.reason = "purchase " + bought->charge_id.text();
    billed.charged_on = bought->dated_on;
  }
  const Invoice* invoice = invoice_id ? state.invoice(*invoice_id) : nullptr;
  const bool is_living = invoice != nullptr && invoice->status != InvoiceStatus::Void && invoice->status != InvoiceStatus::Locked;
  if (!is_living) return billed;
  billed.charge = reservation != nullptr ? reservation_line(state, *invoice, reservation->reservation_id)
                                         : line_of(state, *invoice, bought->charge_id);
  if (billed.charge != nullptr) billed.invoice = invoice;
  return billed;
}

/// `r/ID/refund` becomes `r/ID/given-back`, `c/ID` `c/ID/given-back`.
std::string told(const std::string& key) {
  constexpr std::string_view kRefund = "/refund";
  const bool is_reservation = key.front() == 'r' && key.ends_with(kRefund);
  return key.substr(0, key.size() - (is_reservation ? kRefund.size() : 0)) + std::string(kGivenBack);
}

}  // namespace

Result<RefundsApart> refunds_after(const StateReader& state, const ClosedMonth& month, Document& made,
                                   const std::set<std::string>& done) {
  RefundsApart result;
  EnterpriseRefunds prepaid(state, month.enrollment, month.day);
  NetAndGross noted;
  std::string reason;
  for (const LateRefund& late : late_refunds(state, month, made, done)) {
    LEDGER_TRY(const Money amount, on_document(*late.charge, positive(late.refund.amount), true));
    LEDGER_TRY(const std::vector<std::int64_t> parts, as_it_was_paid(*late.charge, amount.minor_units));
    LEDGER_TRY(const std::int64_t tax, tax_of(parts[1], made.issued));
    const EnterpriseRefund refund = refund_of(*late.reservation, amount);
    prepaid.add_prepaid(refund, parts[0], taken_by(made));
    noted.net_minor += parts[1];
    noted.gross_minor += parts[1] + tax;
    reason += (reason.empty() ? "" : ", ") + refund.reason;
    result.keys.insert(late.refund.key);
    made.issued.manifest.charge_positions.push_back(late.refund.position);
  }
  LEDGER_TRY(result.events, prepaid.events());
  Invoice invoice;  // as it will stand: no reader knows it yet
  apply(invoice, made.issued, {});
  const Borne by = borne(noted, {made.issued.totals.sub_total.minor_units, invoice.total_minor});
  if (by.beyond_minor > 0) {
    result.events.emplace_back(
        lot_beyond(state, month.enrollment, invoice.invoice_id, {by.beyond_minor, invoice.currency}, month.day));
  }
  if (by.note_minor <= 0) return result;
  LEDGER_TRY(CreditNoteIssued note,
             credit_note_over(state, invoice, made.issued, by.note_minor, reason + " given back", month.day));
  apply(invoice, note, {});
  result.events.emplace_back(std::move(note));
  if (invoice.credited_minor == invoice.total_minor) result.events.emplace_back(InvoicePaid{invoice.invoice_id, month.day});
  return result;
}

Result<RefundsApart> refunds_without_document(const StateReader& state, const ClosedMonth& month, Document& made,
                                              const std::set<std::string>& done,
                                              const std::vector<OpenCharge>& waiting) {
  RefundsApart result;
  EnterpriseRefunds refunds(state, month.enrollment, month.day);
  const auto currency = document_currency(state, month.enrollment, month.day);
  const auto tell = [&](const OpenCharge& refund) {
    result.keys.insert(refund.key);
    made.charges.push_back(told(refund.key));
  };
  for (const LateRefund& late : late_refunds(state, month, made, done)) {
    LEDGER_TRY(const Money amount, on_document(*late.charge, positive(late.refund.amount), true));
    refunds.add_covered(refund_of(*late.reservation, amount), taken_by(made));
    tell(late.refund);
  }
  for (const OpenCharge& refund : waiting) {
    const Billed billed = billed_charge(state, refund);
    const Money amount = positive(refund.amount);
    EnterpriseRefund given{billed.name, billed.reason, billed.charged_on, amount};
    if (billed.invoice != nullptr) {
      LEDGER_TRY(given.amount, on_document(*billed.charge, amount, true));
      LEDGER_CHECK(refunds.add(given, *billed.invoice, *billed.charge));
      result.invoices.insert(billed.invoice->invoice_id);
    } else if (billed.is_covered && currency == amount.currency) {
      refunds.add_covered(given);
    } else {
      continue;
    }
    tell(refund);
  }
  LEDGER_TRY(result.events, refunds.events());
  return result;
}

}  // namespace daybook
