#include "ledger/domain/answers/explain_answer.h"

#include <algorithm>

#include "ledger/domain/answers/explain_note.h"
#include "ledger/domain/answers/explained_line.h"
#include "ledger/domain/answers/line_order.h"
#include "ledger/domain/answers/remade_document.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/rule_versions.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/sha256.h"

namespace daybook {
namespace {

/// Sums that the document rounded, and whether it rounded them so.
class Roundings {
 public:
  Roundings(const InvoiceIssued& issued, const RuleVersion& rules) : issued_(issued), rules_(rules) {}

  Result<void> take(const InvoiceLine& line, const Exact& value) {
    if (is_of_limit(line)) {
      limit_minor_ += line.amount.minor_units;
      return {};
    }
    Exact& sum = line.charge_type == ChargeType::Refund ? refunds_ : billed_;
    LEDGER_TRY(sum, add(sum, value));
    has_refunds_ = has_refunds_ || line.charge_type == ChargeType::Refund;
    return {};
  }

  Result<std::vector<ExplainedRoundingView>> finish() {
    const InvoiceTotals& totals = issued_.totals;
    LEDGER_CHECK(add_point(rules_.billed, billed_, totals.billed.minor_units - limit_minor_));
    if (has_refunds_ || totals.credits.minor_units != 0)
      LEDGER_CHECK(add_point(rules_.credits, refunds_.negated(), totals.credits.minor_units));
    const int digits = issued_.currency.minor_digits();
    for (const TaxLine& tax : issued_.taxes) {
      LEDGER_TRY(const Exact percent, Exact::from_minor(tax.base.minor_units, digits)
                                          .times(tax.rate_percent, Rounding::HalfAwayFromZero));
      LEDGER_TRY(const Exact exact,
                 percent.divided_by(Decimal(100), Rounding::HalfAwayFromZero));
      LEDGER_CHECK(add_point(rules_.tax, exact, tax.amount.minor_units));
    }
    LEDGER_TRY(const std::int64_t tax, tax_of(totals.sub_total.minor_units, issued_));
    if (tax != totals.tax.minor_units) return does_not_lead(issued_.invoice_id, "the tax");
    return std::move(points_);
  }

 private:
  Result<void> add_point(const RoundingPoint& point, const Exact& exact, std::int64_t told) {
    const Rounding mode = point.mode(issued_.account_type == AccountType::EA);
    LEDGER_TRY(const std::int64_t minor, exact.to_minor(issued_.currency.minor_digits(), mode));
    if (minor != told) return does_not_lead(issued_.invoice_id, "the totals");
    points_.push_back({std::string(point.name), std::string(wire_name(mode)), exact.to_string(),
                       {minor, issued_.currency}});
    return {};
  }

  const InvoiceIssued& issued_;
  const RuleVersion& rules_;
  Exact billed_;
  Exact refunds_;
  bool has_refunds_ = false;
  std::int64_t limit_minor_ = 0;
  std::vector<ExplainedRoundingView> points_;
};

/// The parts of a document's lines make its sums.
bool sums_are_told(const InvoiceIssued& issued, const std::vector<InvoiceLine>& lines) {
  std::int64_t billed = 0;
  std::int64_t credits = 0;
  std::int64_t credit = 0;
  for (const InvoiceLine& line : lines) {
    (line.charge_type == ChargeType::Refund ? credits : billed) += line.amount.minor_units;
    credit += line.credit.minor_units;
  }
  const InvoiceTotals& totals = issued.totals;
  return billed == totals.billed.minor_units && -credits == totals.credits.minor_units &&
         credit == totals.credit_applied.minor_units &&
         billed + credits - credit == totals.sub_total.minor_units &&
         totals.sub_total.minor_units + totals.tax.minor_units == totals.total.minor_units;
}

}  // namespace

Result<ExplainView> explain_answer(const ExplainSources& sources, const Viewer& viewer,
                                   const InvoiceId& id, const std::optional<std::string>& line) {
  if (sources.now.invoice(id) == nullptr && sources.now.credit_note(CreditNoteId(id.text())) != nullptr)
    return explain_note(sources, viewer, CreditNoteId(id.text()), line);
  LEDGER_TRY(const AskedInvoice asked, invoice_asked_for(sources.now, viewer, id));
  const InvoiceIssued& issued = *asked.issued;
  LEDGER_TRY(const RuleVersion* rules, known_rules(issued.manifest.rule_version));
  RemadeDocument remade(sources, issued);
  LEDGER_CHECK(remade.make(sources.usage));
  const std::vector<InvoiceLine>& told = remade.told();
  if (!sums_are_told(issued, told)) return does_not_lead(id, "the totals");
  ExplainView view;
  view.invoice_id = id;
  if (remade.issued().invoice_id != id) view.derived_from = remade.issued().invoice_id;
  view.currency = issued.currency;
  view.manifest = explained_manifest(issued.manifest);
  view.taxes = issued.taxes;
  view.totals = issued.totals;
  Roundings roundings(issued, *rules);
  bool is_found = !line;
  for (const std::size_t i : shown_order(asked.invoice->scope.type, told)) {
    const bool is_of_usage = i < remade.lines().size();
    Exact value;
    if (is_of_usage) {
      value = remade.lines()[i].value;
    } else {
      LEDGER_TRY(value, Exact::from(told[i].value));
    }
    LEDGER_CHECK(roundings.take(told[i], value));
    if (line && told[i].line_id != *line) continue;
    is_found = true;
    LEDGER_TRY(ExplainedLineView explained,
               is_of_usage ? explained_usage(told[i], remade.lines()[i], sources.records)
                           : explained_charge(sources.now, told[i], issued.manifest));
    LEDGER_TRY(const bool is_whole, parts_make_the_whole(explained));
    if (!is_whole) return does_not_lead(id, "line " + explained.line_id);
    view.lines.push_back(std::move(explained));
  }
  if (!is_found) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  "Invoice " + id.text() + " has no line " + *line +
                      (told.empty() ? "; it has no lines." : "; its lines are 1 to " + std::to_string(told.size()) + "."));
  }
  LEDGER_TRY(view.rounding, roundings.finish());
  return view;
}

Result<BilledEvents> billed_events(const ExplainSources& sources, const Viewer& viewer,
                                   const InvoiceId& id) {
  LEDGER_TRY(const AskedInvoice asked, invoice_asked_for(sources.now, viewer, id));
  LEDGER_CHECK(known_rules(asked.issued->manifest.rule_version));
  RemadeDocument remade(sources, *asked.issued);
  LEDGER_CHECK(remade.make(sources.usage));
  BilledEvents events{asked.invoice->issued_at, asked.issued->manifest, rows_of(remade.lines())};
  std::sort(events.rows.begin(), events.rows.end());
  return events;
}

}  // namespace daybook
