#include "ledger/domain/rules/beyond_invoice.h"

#include <algorithm>

#include "ledger/domain/rules/credit_lot.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/enterprise_refunds.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What notes over corrected usage took of it, without tax.
std::int64_t corrected_net(const StateReader& state, const Invoice& invoice) {
  std::int64_t net = 0;
  for (const CreditNoteId& id : invoice.credit_note_ids) {
    const CreditNote* note = state.credit_note(id);
    if (note != nullptr && !note->issued.corrections.empty()) net += note->issued.totals.sub_total.minor_units;
  }
  return net;
}

}  // namespace

Borne borne(NetAndGross refunds, NetAndGross room) {
  if (refunds.net_minor <= 0) return {};
  // The tax of every note was rounded by itself: the last one has what is left.
  const bool takes_all = refunds.net_minor >= room.net_minor;
  const std::int64_t note = takes_all ? room.gross_minor : std::min(refunds.gross_minor, room.gross_minor);
  return {std::max<std::int64_t>(note, 0), std::max<std::int64_t>(refunds.net_minor - room.net_minor, 0)};
}

Result<std::int64_t> room_for_refunds(const StateReader& state, const Invoice& invoice) {
  LEDGER_TRY(const GivenBack before, given_back_of(state, invoice));
  const std::int64_t asked = state.invoice_document(invoice.invoice_id)->issued.totals.sub_total.minor_units;
  return asked - corrected_net(state, invoice) - (before.overage_minor - came_as_prepayment(state, invoice));
}

std::int64_t came_as_prepayment(const StateReader& state, const Invoice& invoice) {
  std::int64_t sum = 0;
  for (const Invoice* of = &invoice; of != nullptr;
       of = of->previous_invoice_id ? state.invoice(*of->previous_invoice_id) : nullptr) {
    for (const LotId& id : refund_lots(state, of->invoice_id.text())) {
      const auto* lot = state.find<CreditLot>(id.text());
      if (lot->scope == of->scope && lot->source == CreditSource::Prepayment) sum += lot->original.minor_units;
    }
  }
  return sum;
}

CreditGranted lot_beyond(const StateReader& state, const ScopeRef& enrollment, const InvoiceId& invoice, Money amount, Date day) {
  return prepayment_lot(state, enrollment, invoice.text(), amount, day);
}

Result<std::vector<EventData>> refunds_without_invoice(const StateReader& state, const Invoice& invoice, Date day) {
  LEDGER_TRY(const GivenBack given_back, given_back_of(state, invoice));
  const std::int64_t left = given_back.overage_minor - came_as_prepayment(state, invoice);
  std::vector<EventData> events;
  if (left > 0)
    events.emplace_back(lot_beyond(state, invoice.scope, invoice.invoice_id, {left, invoice.currency}, day));
  return events;
}

}  // namespace daybook
