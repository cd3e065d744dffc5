#include "ledger/domain/answers/explain_note.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ledger/domain/allocate.h"
#include "ledger/domain/answers/credit_note_answer.h"
#include "ledger/domain/answers/explained_line.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/remade_document.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/rule_versions.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

tl::unexpected<Error> does_not_lead(const CreditNoteId& id, const std::string& part) {
  return does_not_lead(InvoiceId(id.text()), part);
}

/// A note with the invoice as it stood before it.
struct AskedNote {
  const CreditNoteIssued* note = nullptr;
  const InvoiceIssued* issued = nullptr;
  Invoice invoice;  ///< with what earlier notes took back
  std::int64_t tax_before_minor = 0;
};

Result<AskedNote> note_asked_for(const StateReader& state, const Viewer& viewer, const CreditNoteId& id) {
  if (!credit_note_answer(state, viewer, id)) return nothing_here();
  AskedNote asked;
  asked.note = &state.credit_note(id)->issued;
  asked.invoice = *state.invoice(asked.note->credit_for_invoice_id);
  asked.issued = &state.invoice_document(asked.note->credit_for_invoice_id)->issued;
  asked.invoice.credited_minor = 0;
  for (const CreditNoteId& earlier : asked.invoice.credit_note_ids) {
    if (earlier == id) return asked;
    const CreditNote* note = state.credit_note(earlier);
    if (note == nullptr) break;
    asked.invoice.credited_minor += note->issued.amount.minor_units;
    asked.tax_before_minor += note->issued.totals.tax.minor_units;
  }
  return does_not_lead(id, "its place among the notes of its invoice");
}

/// The figures once more, in the invoice's proportion.
Result<void> check_proportion(const StateReader& state, const AskedNote& asked) {
  const CreditNoteIssued& note = *asked.note;
  LEDGER_TRY(const CreditNoteIssued again, credit_note_over(state, asked.invoice, *asked.issued, note.amount.minor_units,
                                                            note.reason, note.issue_date));
  const bool is_same = again.totals.sub_total == note.totals.sub_total && again.totals.tax == note.totals.tax &&
                       again.totals.total == note.totals.total && again.taxes == note.taxes && again.sections == note.sections;
  if (!is_same) return does_not_lead(note.credit_note_id, "its share of the invoice");
  return {};
}

/// What corrected usage is worth less, rated as when the note was made.
class RemadeCorrection {
 public:
  RemadeCorrection(const ExplainSources& sources, const AskedNote& asked, const InvoiceCorrection& correction)
      : sources_(sources), asked_(asked), correction_(correction), then_(sources.at(correction.manifest.position)) {}

  Result<void> make() {
    const Account* account = then_->account(asked_.issued->account_id);
    if (account == nullptr) return failure("the account");
    LEDGER_CHECK(each_billing_scope(*then_, *account, [&](const BillingScope& scope) -> Result<void> {
      if (scope.scope != asked_.invoice.scope || scope.type != asked_.issued->type ||
          scope.place != correction_.manifest.marks.front().place) {
        return {};
      }
      BillRequest request = scope.request(then_->position());
      request.rate_date = asked_.note->issue_date;
      request.with_rows = true;
      LEDGER_TRY(Bill bill, bill_late(*then_, sources_.usage, request));
      for (DraftLine& line : bill.lines) {
        const Invoice* invoice = corrected_invoice(*then_, scope.scope, scope.type, line);
        if (invoice != nullptr && invoice->invoice_id == asked_.invoice.invoice_id) lines_.push_back(std::move(line));
      }
      return {};
    }));
    return check_rows();
  }

  Result<void> tell(ExplainView& view) const {
    LEDGER_TRY(const RuleVersion* rules, known_rules(correction_.manifest.rule_version));
    const Currency currency = asked_.issued->currency;
    const int digits = currency.minor_digits();
    Exact sum;
    std::vector<Exact> values;
    for (const DraftLine& line : lines_) {
      LEDGER_TRY(sum, add(sum, line.value));
      values.push_back(line.value);
    }
    const Rounding mode = rules->billed.mode(asked_.issued->account_type == AccountType::EA);
    LEDGER_TRY(const std::int64_t minor, sum.to_minor(digits, mode));
    if (-minor != correction_.charges.minor_units) return failure("the charges");
    LEDGER_TRY(const std::vector<std::int64_t> amounts, amounts_of_lines(minor, values, digits));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      InvoiceLine told = lines_[i].line;
      told.line_id = std::to_string(view.lines.size() + 1);
      told.amount = {amounts[i], currency};
      told.credit = {0, currency};
      told.corrected_invoice_id = asked_.invoice.invoice_id;
      LEDGER_TRY(ExplainedLineView line, explained_usage(told, lines_[i], sources_.records));
      LEDGER_TRY(const bool is_whole, parts_make_the_whole(line));
      if (!is_whole) return failure("line " + told.line_id);
      view.lines.push_back(std::move(line));
    }
    view.rounding.push_back({std::string(rules->billed.name), std::string(wire_name(mode)), sum.to_string(), {minor, currency}});
    return {};
  }

 private:
  Result<void> check_rows() {
    std::vector<Position> positions;
    for (const DraftLine& line : lines_) positions.insert(positions.end(), line.rows.begin(), line.rows.end());
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    const Manifest& manifest = correction_.manifest;
    if (positions != manifest.late_positions) return failure("the rows");
    if (manifest.rows_root.empty()) return {};
    const std::vector<BilledRow> rows = rows_of(lines_);
    if (static_cast<std::int64_t>(rows.size()) != manifest.row_count || rows_root(rows) != manifest.rows_root)
      return failure("the rows");
    return {};
  }

  [[nodiscard]] tl::unexpected<Error> failure(const std::string& part) const {
    return does_not_lead(asked_.note->credit_note_id, part);
  }

  const ExplainSources& sources_;
  const AskedNote& asked_;
  const InvoiceCorrection& correction_;
  std::unique_ptr<StateReader> then_;
  std::vector<DraftLine> lines_;
};

/// What a note that followed from corrections comes to: net of credit, with the tax on that, at most what is left of the invoice.
Result<void> check_amount(const AskedNote& asked, const InvoiceCorrection& correction) {
  const std::int64_t net = correction.charges.minor_units - correction.credit.minor_units;
  LEDGER_TRY(const std::int64_t tax, tax_of(net, *asked.issued));
  const std::int64_t left = asked.invoice.total_minor - asked.invoice.credited_minor;
  if (std::min(net + tax, left) != asked.note->amount.minor_units) return does_not_lead(asked.note->credit_note_id, "the amount");
  return {};
}

}  // namespace

Result<ExplainView> explain_note(const ExplainSources& sources, const Viewer& viewer, const CreditNoteId& id,
                                 const std::optional<std::string>& line) {
  LEDGER_TRY(const AskedNote asked, note_asked_for(sources.now, viewer, id));
  LEDGER_CHECK(known_rules(asked.issued->manifest.rule_version));
  LEDGER_CHECK(check_proportion(sources.now, asked));
  const CreditNoteIssued& note = *asked.note;
  const Currency currency = asked.issued->currency;
  ExplainView view;
  view.invoice_id = InvoiceId(id.text());
  view.currency = currency;
  view.manifest = explained_manifest(asked.issued->manifest);
  view.taxes = note.taxes;
  view.totals = note.totals;
  view.note = ExplainedNoteView{note.credit_for_invoice_id,
                                note.reason,
                                note.amount,
                                asked.issued->totals.total,
                                asked.issued->totals.tax,
                                {asked.invoice.credited_minor, currency},
                                {asked.tax_before_minor, currency},
                                note.totals.tax,
                                {}};
  for (const InvoiceCorrection& correction : note.corrections) {
    view.note->corrections.push_back({correction.charges, correction.credit, explained_manifest(correction.manifest)});
    // Marks are dropped where a note was carried over to the invoice that replaced its own: its lines are the first one's.
    if (correction.manifest.marks.empty()) continue;
    LEDGER_CHECK(check_amount(asked, correction));
    RemadeCorrection remade(sources, asked, correction);
    LEDGER_CHECK(remade.make());
    LEDGER_CHECK(remade.tell(view));
    view.manifest = explained_manifest(correction.manifest);
  }
  if (!line) return view;
  const std::size_t lines = view.lines.size();
  std::erase_if(view.lines, [&](const ExplainedLineView& each) { return each.line_id != *line; });
  if (view.lines.empty()) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  "Credit note " + id.text() + " has no line " + *line + "; it has " + std::to_string(lines) + ".");
  }
  return view;
}

}  // namespace daybook
