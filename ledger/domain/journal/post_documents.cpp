#include "ledger/domain/allocate.h"
#include "ledger/domain/journal/poster.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

std::string name_on(const std::optional<Personal<Address>>& address) {
  return address && address->value ? address->value->company_name : std::string();
}

/// Whom the document names; after its subject is erased, the account alone.
std::string payee_of(const InvoiceIssued& issued) {
  std::string name = name_on(issued.sold_to);
  if (name.empty()) name = name_on(issued.bill_to);
  return name.empty() ? issued.account_id.text() : name;
}

/// What a note of `net` after notes of `before` takes back of each kind: in proportion to what of
/// it is owed, so that all notes together take back what was earned.
Result<std::vector<std::int64_t>> parts_of(const PostedInvoice& posted, std::int64_t before,
                                           std::int64_t net) {
  std::vector<std::int64_t> owed;
  for (const auto& [revenue, earned] : posted.earned)
    owed.push_back(earned.amount_minor - earned.credit_minor);
  LEDGER_TRY(std::vector<std::int64_t> parts, allocate(before + net, owed));
  LEDGER_TRY(const std::vector<std::int64_t> earlier, allocate(before, owed));
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] -= earlier[i];
  return parts;
}

/// What of each kind was covered by credit that goes back: it is neither earned nor covered any more.
Result<std::vector<std::int64_t>> take_back_credit(PostedInvoice& posted, std::int64_t credit) {
  std::vector<std::int64_t> covered;
  for (const auto& [revenue, earned] : posted.earned) covered.push_back(earned.credit_minor);
  LEDGER_TRY(std::vector<std::int64_t> parts, allocate(credit, covered));
  std::size_t part = 0;
  for (auto& [revenue, earned] : posted.earned) {
    earned.amount_minor -= parts[part];
    earned.credit_minor -= parts[part++];
  }
  return parts;
}

}  // namespace

Revenue Poster::revenue_of(const InvoiceLine& line) const {
  if (line.charge_type == ChargeType::Discount) return Revenue::Discount;
  if (line.support_plan_id) return Revenue::Support;
  if (line.reservation_id) return Revenue::Reservation;
  const auto purchase =
      line.charge_id ? state_.purchases.find(*line.charge_id) : state_.purchases.end();
  if (purchase != state_.purchases.end()) {
    switch (purchase->second.kind) {
      case PurchaseKind::Marketplace:
        return Revenue::Marketplace;
      case PurchaseKind::Reservation:
        return Revenue::Reservation;
      case PurchaseKind::Support:
        return Revenue::Support;
      case PurchaseKind::Licence:
        return Revenue::Licence;
    }
  }
  if (line.publisher_type == PublisherType::Marketplace) return Revenue::Marketplace;
  const bool is_bought =
      line.charge_type == ChargeType::Purchase || line.charge_type == ChargeType::Refund;
  if (is_bought && line.pricing_model == PricingModel::Reservation) return Revenue::Reservation;
  return Revenue::Usage;
}

Result<void> Poster::post(const PurchaseCharged& event) {
  state_.purchases[event.charge_id] = {event.kind, event.amount};
  return {};
}

Result<void> Poster::post(const PurchaseRefunded& event) {
  const auto original = state_.purchases.find(event.original_charge_id);
  if (original == state_.purchases.end())
    return missing("purchase " + event.original_charge_id.text());
  state_.purchases[event.charge_id] = {
      original->second.kind, {-event.amount.minor_units, event.amount.currency}};
  return {};
}

Result<void> Poster::post(const InvoiceIssued& event) {
  PostedInvoice& posted = state_.invoices[event.invoice_id];
  apply(posted.invoice, event, at_);
  posted.payee = payee_of(event);
  posted.taxes = event.taxes;
  posted.totals = event.totals;
  posted.lines_missing = event.line_count;
  return posted.lines_missing == 0 ? post_invoice(posted) : Result<void>();
}

Result<void> Poster::post(const InvoiceLinesAdded& event) {
  const auto found = state_.invoices.find(event.invoice_id);
  if (found == state_.invoices.end()) return missing("invoice " + event.invoice_id.text());
  PostedInvoice& posted = found->second;
  for (const InvoiceLine& line : event.lines) {
    PostedInvoice::Earned& earned = posted.earned[revenue_of(line)];
    earned.amount_minor += line.amount.minor_units;
    earned.credit_minor += line.credit.minor_units;
  }
  posted.lines_missing -= static_cast<std::int32_t>(event.lines.size());
  return posted.lines_missing == 0 ? post_invoice(posted) : Result<void>();
}

Result<void> Poster::post_invoice(const PostedInvoice& posted) {
  const Invoice& issued = posted.invoice;
  EntryDraft draft(issued.currency);
  draft.debit(chart::receivable(issued.account_id), posted.totals.total.minor_units);
  draft.debit(chart::credits(), posted.totals.free_azure_credit_applied.minor_units);
  draft.debit(chart::prepayment(), posted.totals.azure_prepayment_applied.minor_units);
  for (const auto& [revenue, earned] : posted.earned)
    draft.credit(chart::income(revenue), earned.amount_minor);
  for (const TaxLine& line : posted.taxes) draft.credit(chart::tax(line), line.amount.minor_units);
  return write(issued.issue_date, issued.issued_at, issued.invoice_id.text(), posted.payee,
               issued.previous_invoice_id
                   ? "Invoice in place of " + issued.previous_invoice_id->text()
                   : "Invoice",
               draft);
}

Result<void> Poster::post(const CreditNoteIssued& event) {
  LEDGER_TRY(PostedInvoice * posted, invoice(event.credit_for_invoice_id));
  const std::int64_t net = event.totals.sub_total.minor_units;
  LEDGER_TRY(const std::vector<std::int64_t> parts,
             parts_of(*posted, posted->credited_net_minor, net));
  const InvoiceTotals& totals = event.totals;
  std::vector<std::int64_t> covered_parts(parts.size(), 0);
  if (totals.credit_applied.minor_units != 0) {
    LEDGER_TRY(covered_parts, take_back_credit(*posted, totals.credit_applied.minor_units));
  }
  const std::int64_t written_off = posted->written_off_minor();
  apply(posted->invoice, event, at_);
  posted->credited_net_minor += net;

  EntryDraft draft(event.amount.currency);
  std::size_t part = 0;
  for (const auto& [revenue, earned] : posted->earned) {
    draft.debit(chart::income(revenue), parts[part] + covered_parts[part]);
    ++part;
  }
  for (const TaxLine& line : event.taxes) draft.debit(chart::tax(line), line.amount.minor_units);
  draft.credit(chart::credits(), totals.free_azure_credit_applied.minor_units);
  draft.credit(chart::prepayment(), totals.azure_prepayment_applied.minor_units);
  draft.credit(chart::receivable(posted->invoice.account_id), event.amount.minor_units);
  // What was paid back before, and is now not owed at all.
  const std::int64_t covered = written_off - posted->written_off_minor();
  draft.debit(chart::receivable(posted->invoice.account_id), covered);
  draft.credit(chart::given_back(), covered);
  return write(event.issue_date, at_.position, event.credit_note_id.text(), posted->payee,
               "Credit note for " + event.credit_for_invoice_id.text(), draft);
}

Result<void> Poster::post(const InvoiceVoided& event) {
  LEDGER_TRY(PostedInvoice * posted, invoice(event.invoice_id));
  apply(posted->invoice, event, at_);
  EntryDraft draft(posted->invoice.currency);
  for (const auto& [revenue, earned] : posted->earned)
    draft.debit(chart::income(revenue), earned.credit_minor);
  for (auto& [id, lot] : state_.lots) {
    const auto use = lot.uses.find(event.invoice_id);
    if (use == lot.uses.end()) continue;
    if (!lot.is_paid_for()) draft.credit(chart::credits(), use->second);
    change(lot, use->second, draft);
    lot.uses.erase(use);
  }
  return write(event.as_of, at_.position, event.invoice_id.text(), posted->payee,
               "Credit given back of " + event.invoice_id.text(), draft);
}

Result<void> Poster::post(const InvoiceRebilled& event) {
  LEDGER_TRY(PostedInvoice * old, invoice(event.invoice_id));
  LEDGER_TRY(PostedInvoice * rebill, invoice(event.new_invoice_id));
  std::int64_t held = 0;
  for (const InvoicePayment& payment : old->invoice.payments)
    held += payment.amount_minor - payment.reversed_minor;
  apply(old->invoice, event, at_);
  for (const MovedPayment& moved : event.moved_payments) {
    held -= moved.amount.minor_units;
    rebill->invoice.payments.push_back({moved.payment_id, moved.amount.minor_units, 0,
                                        moved.received_on, moved.method_family, moved.method_id});
  }
  if (held != 0) {
    PostingState::Held& of_scope = state_.held[old->invoice.scope.text()];
    of_scope.account_id = old->invoice.account_id;
    of_scope.amount_minor += held;
  }
  return {};
}

}  // namespace daybook
