#include "ledger/domain/rules/credit_note.h"

#include <algorithm>

#include "ledger/domain/allocate.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/rule_versions.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

CreditNoteId note_id_for(const StateReader& state, const Invoice& invoice) {
  for (int attempt = static_cast<int>(invoice.credit_note_ids.size());; ++attempt) {
    const std::string seed =
        "CreditNote/" + invoice.invoice_id.text() + "#" + std::to_string(attempt);
    CreditNoteId id("D" + letters_and_digits(seed, 9));
    if (state.credit_note(id) == nullptr) return id;
  }
}

/// The parts that a note of `amount` after notes of `before` has of what is made up of `weights`.
Result<std::vector<std::int64_t>> parts_of(std::int64_t before, std::int64_t amount,
                                           const std::vector<std::int64_t>& weights) {
  LEDGER_TRY(std::vector<std::int64_t> parts, allocate(before + amount, weights));
  LEDGER_TRY(const std::vector<std::int64_t> earlier, allocate(before, weights));
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] -= earlier[i];
  return parts;
}

}  // namespace

Result<CreditNoteIssued> credit_note_over(const StateReader& state, const Invoice& invoice,
                                          const InvoiceIssued& issued, std::int64_t amount_minor,
                                          std::string reason, Date day) {
  LEDGER_INVARIANT(amount_minor > 0);
  const Currency currency = invoice.currency;
  const std::int64_t before = invoice.credited_minor;
  LEDGER_TRY(const std::vector<std::int64_t> parts,
             parts_of(before, amount_minor,
                      {issued.totals.sub_total.minor_units, issued.totals.tax.minor_units}));
  const Money zero{0, currency};
  const Money sub_total{parts[0], currency};
  const Money tax{parts[1], currency};
  CreditNoteIssued note;
  note.credit_for_invoice_id = invoice.invoice_id;
  note.credit_note_id = note_id_for(state, invoice);
  note.issue_date = day;
  note.amount = {amount_minor, currency};
  note.reason = std::move(reason);
  note.totals = {sub_total, zero, zero, zero, zero, sub_total, tax, note.amount};
  for (const TaxLine& of_invoice : issued.taxes) {
    TaxLine line = of_invoice;
    line.base = sub_total;
    line.amount = tax;
    note.taxes.push_back(std::move(line));
  }
  if (issued.sections.empty()) return note;
  std::vector<std::int64_t> totals;
  std::vector<std::int64_t> taxes;
  for (const InvoiceSectionTotals& section : issued.sections) {
    totals.push_back(section.total.minor_units);
    taxes.push_back(section.tax.minor_units);
  }
  LEDGER_TRY(const std::vector<std::int64_t> of_sections, parts_of(before, amount_minor, totals));
  LEDGER_TRY(const std::vector<std::int64_t> tax_before,
             allocate(before, std::vector<std::int64_t>{issued.totals.sub_total.minor_units,
                                                        issued.totals.tax.minor_units}));
  LEDGER_TRY(const std::vector<std::int64_t> of_taxes, parts_of(tax_before[1], parts[1], taxes));
  for (std::size_t i = 0; i < issued.sections.size(); ++i) {
    note.sections.push_back({issued.sections[i].section_id,
                             issued.sections[i].name,
                             {of_sections[i] - of_taxes[i], currency},
                             zero,
                             {of_taxes[i], currency},
                             {of_sections[i], currency}});
  }
  return note;
}

Result<std::int64_t> tax_of(std::int64_t net_minor, const InvoiceIssued& issued) {
  LEDGER_TRY(const RuleVersion* rules, known_rules(issued.manifest.rule_version));
  const int digits = issued.currency.minor_digits();
  const bool is_enterprise = issued.account_type == AccountType::EA;
  std::int64_t sum = 0;
  for (const TaxLine& tax : issued.taxes) {
    LEDGER_TRY(const Exact percent, Exact::from_minor(net_minor, digits)
                                        .times(tax.rate_percent, Rounding::HalfAwayFromZero));
    LEDGER_TRY(const Exact exact, percent.divided_by(Decimal(100), Rounding::HalfAwayFromZero));
    LEDGER_TRY(const std::int64_t minor, exact.to_minor(digits, rules->tax.mode(is_enterprise)));
    sum += minor;
  }
  return sum;
}

std::vector<InvoiceCorrection> corrections_of(const StateReader& state, const Invoice& invoice) {
  std::vector<InvoiceCorrection> result;
  for (const CreditNoteId& id : invoice.credit_note_ids) {
    const CreditNote* note = state.credit_note(id);
    if (note == nullptr) continue;
    result.insert(result.end(), note->issued.corrections.begin(), note->issued.corrections.end());
  }
  return result;
}

std::vector<EventData> give_back(const InvoiceId& invoice_id,
                                 const std::vector<InvoicePayment>& payments,
                                 std::int64_t amount_minor, Currency currency) {
  std::vector<EventData> events;
  for (auto payment = payments.rbegin(); payment != payments.rend() && amount_minor > 0;
       ++payment) {
    const std::int64_t part =
        std::min(payment->amount_minor - payment->reversed_minor, amount_minor);
    if (part <= 0) continue;
    events.emplace_back(InvoicePaymentReversed{
        invoice_id, payment->payment_id, {part, currency}, ReversalReason::Refund});
    amount_minor -= part;
  }
  return events;
}

std::int64_t paid_net_minor(const Invoice& invoice) {
  std::int64_t paid = 0;
  for (const InvoicePayment& payment : invoice.payments)
    paid += payment.amount_minor - payment.reversed_minor;
  return paid;
}

}  // namespace daybook
