#include "ledger/domain/rules/enterprise_refunds.h"

#include <algorithm>

#include "ledger/domain/allocate.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What a lot paid of the period that holds `day`, under that invoice or without one.
std::int64_t paid_by(const CreditLot& lot, const std::optional<InvoiceId>& invoice, Date day) {
  std::int64_t used = 0;
  for (const CreditUse& use : lot.uses) {
    if (use.invoice_id == invoice && use.period.contains(day)) used += use.amount_minor;
  }
  return used;
}

LotId nth_refund_lot(const std::string& name, std::size_t n) {
  return LotId(name + "-refund" + (n == 1 ? "" : "." + std::to_string(n)));
}

}  // namespace

std::vector<LotId> refund_lots(const StateReader& state, const std::string& name) {
  std::vector<LotId> there;
  for (LotId next = nth_refund_lot(name, 1); state.find<CreditLot>(next.text()) != nullptr;
       next = nth_refund_lot(name, there.size() + 1))
    there.push_back(next);
  return there;
}

LotId refund_lot_id(const StateReader& state, const std::string& name) {
  return nth_refund_lot(name, refund_lots(state, name).size() + 1);
}

CreditGranted prepayment_lot(const StateReader& state, const ScopeRef& enrollment, const std::string& name, Money amount, Date day) {
  CreditGranted lot;
  lot.scope_type = enrollment.type;
  lot.scope_id = ScopeId(enrollment.id);
  lot.lot_id = refund_lot_id(state, name);
  lot.source = CreditSource::Prepayment;
  lot.amount = amount;
  lot.start_on = day;
  lot.expires_on = day.plus_days(state.policies().number("reservation.prepaymentDays"));
  return lot;
}

Result<std::vector<std::int64_t>> as_it_was_paid(const InvoiceLine& charge, std::int64_t minor) {
  const std::int64_t covered = charge.credit.minor_units;
  const std::vector<std::int64_t> weights = {covered, charge.amount.minor_units - covered};
  return allocate(minor, weights);
}

void EnterpriseRefunds::add_covered(const EnterpriseRefund& refund, const UsedOf& used) {
  add_prepaid(refund, refund.amount.minor_units, used ? used : [&](const CreditLot& lot) {
    return paid_by(lot, std::nullopt, refund.charged_on);
  });
}

Result<void> EnterpriseRefunds::add(const EnterpriseRefund& refund, const Invoice& invoice, const InvoiceLine& charge) {
  LEDGER_TRY(const std::vector<std::int64_t> parts, as_it_was_paid(charge, refund.amount.minor_units));
  add_prepaid(refund, parts[0], [&](const CreditLot& lot) { return paid_by(lot, invoice.invoice_id, refund.charged_on); });
  LEDGER_TRY(const std::int64_t tax, tax_of(parts[1], state_.invoice_document(invoice.invoice_id)->issued));
  if (parts[1] <= 0) return {};
  Noted& noted = notes_[invoice.invoice_id.text()];
  noted.invoice = &invoice;
  noted.minor.net_minor += parts[1];
  noted.minor.gross_minor += parts[1] + tax;
  noted.reason += (noted.reason.empty() ? "" : ", ") + refund.reason;
  return {};
}

void EnterpriseRefunds::add_prepaid(const EnterpriseRefund& refund, std::int64_t minor, const UsedOf& used) {
  std::int64_t left = minor;
  std::vector<CreditLot> lots = credit_lots(state_, enrollment_);
  std::reverse(lots.begin(), lots.end());
  for (const CreditLot& lot : lots) {
    if (lot.source != CreditSource::Prepayment || (lot.expires_on && *lot.expires_on <= day_)) continue;
    std::int64_t& back = back_[lot.lot_id.text()];
    const std::int64_t part = std::min(left, used(lot) - back);
    if (part <= 0) continue;
    left -= part;
    back += part;
    CreditAdjusted adjusted;
    adjusted.lot_id = lot.lot_id;
    adjusted.amount = {part, refund.amount.currency};
    adjusted.scope_type = enrollment_.type;
    adjusted.scope_id = ScopeId(enrollment_.id);
    prepaid_.emplace_back(std::move(adjusted));
  }
  if (left <= 0) return;
  prepaid_.emplace_back(prepayment_lot(state_, enrollment_, refund.name, {left, refund.amount.currency}, day_));
}

Result<std::vector<EventData>> EnterpriseRefunds::events() const {
  std::vector<EventData> events = prepaid_;
  for (const auto& [id, noted] : notes_) {
    const Invoice& invoice = *noted.invoice;
    LEDGER_TRY(const std::int64_t room, room_for_refunds(state_, invoice));
    const Borne by = borne(noted.minor, {room, invoice.total_minor - invoice.credited_minor});
    if (by.note_minor > 0) {
      LEDGER_TRY(std::vector<EventData> credited,
                 credit_invoice(state_, invoice, {by.note_minor, invoice.currency}, noted.reason + " given back", day_));
      std::move(credited.begin(), credited.end(), std::back_inserter(events));
    }
    if (by.beyond_minor > 0)
      events.emplace_back(lot_beyond(state_, enrollment_, invoice.invoice_id, {by.beyond_minor, invoice.currency}, day_));
  }
  return events;
}

}  // namespace daybook
