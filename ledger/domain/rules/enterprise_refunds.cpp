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

}  // namespace

LotId refund_lot_id(const StateReader& state, const std::string& name) {
  LotId lot(name + "-refund");
  for (int n = 2; state.find<CreditLot>(lot.text()) != nullptr; ++n)
    lot = LotId(name + "-refund." + std::to_string(n));
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
  if (parts[1] + tax <= 0) return {};
  Noted& noted = notes_[invoice.invoice_id.text()];
  noted.invoice = &invoice;
  noted.minor += parts[1] + tax;
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
  CreditGranted lot;
  lot.scope_type = enrollment_.type;
  lot.scope_id = ScopeId(enrollment_.id);
  lot.lot_id = refund_lot_id(state_, refund.name);
  lot.source = CreditSource::Prepayment;
  lot.amount = {left, refund.amount.currency};
  lot.start_on = day_;
  lot.expires_on = day_.plus_days(state_.policies().number("reservation.prepaymentDays"));
  prepaid_.emplace_back(std::move(lot));
}

Result<std::vector<EventData>> EnterpriseRefunds::events() const {
  std::vector<EventData> events = prepaid_;
  for (const auto& [id, noted] : notes_) {
    const Invoice& invoice = *noted.invoice;
    const std::int64_t note = std::min(noted.minor, invoice.total_minor - invoice.credited_minor);
    if (note <= 0) continue;
    LEDGER_TRY(std::vector<EventData> credited,
               credit_invoice(state_, invoice, {note, invoice.currency}, noted.reason + " given back", day_));
    std::move(credited.begin(), credited.end(), std::back_inserter(events));
  }
  return events;
}

}  // namespace daybook
