#include "ledger/domain/answers/remade_document.h"

#include "ledger/domain/answers/credit_note_answer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Leaves out what a line gets from its document.
bool says_the_same(const InvoiceLine& told, InvoiceLine made) {
  made.line_id = told.line_id;
  made.section_id = told.section_id;
  made.amount = told.amount;
  made.credit = told.credit;
  made.row_count = told.row_count;  // the manifest knows better
  made.corrected_invoice_id = told.corrected_invoice_id;
  return made == told;
}

}  // namespace

tl::unexpected<Error> does_not_lead(const InvoiceId& id, const std::string& part) {
  return failed(ErrorKind::Corruption, "CORRUPTION",
                "The log does not lead to " + part + " of invoice " + id.text() +
                    ". Check the log with `daybook replay verify`, and report this.");
}

Result<AskedInvoice> invoice_asked_for(const StateReader& state, const Viewer& viewer,
                                       const InvoiceId& id) {
  const Invoice* invoice = state.invoice(id);
  const InvoiceDocument* document = state.invoice_document(id);
  if (invoice == nullptr || document == nullptr) {
    if (!credit_note_answer(state, viewer, CreditNoteId(id.text()))) return nothing_here();
    return rejected("NOT_SUPPORTED",
                    "A credit note has no usage of its own; ask for the invoice that it credits.");
  }
  if (!may(state, viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed)
    return nothing_here();
  return AskedInvoice{invoice, &document->issued};
}

RemadeDocument::RemadeDocument(const ExplainSources& sources, const InvoiceIssued& issued)
    : issued_(first_told(sources.now, issued)),
      then_(sources.at(issued_.manifest.position)),
      request_(*then_, issued_) {
  if (const InvoiceLines* lines = sources.now.invoice_lines(issued.invoice_id))
    told_ = lines->lines;
}

Result<void> RemadeDocument::make(const UsageSource& usage) {
  LEDGER_TRY(bill_, request_.bill(usage, true));
  if (is_told()) return {};
  if (request_.may_take_older()) {
    LEDGER_TRY(bill_, request_.bill(usage, false));
    if (is_told()) return {};
  }
  if (!issued_.manifest.late_positions.empty()) {
    LEDGER_TRY(bill_, request_.bill_after_another(usage));
    if (is_told()) return {};
  }
  return does_not_lead(issued_.invoice_id, "the lines");
}

bool RemadeDocument::is_told() const {
  if (bill_.lines.size() > told_.size()) return false;
  for (std::size_t i = 0; i < told_.size(); ++i) {
    // Behind the lines of usage come those of charges, and of a limit.
    const bool is_of_usage = told_[i].meter_id || told_[i].discount_id;
    if (is_of_usage != (i < bill_.lines.size())) return false;
    if (is_of_usage && !says_the_same(told_[i], bill_.lines[i].line)) return false;
  }
  const Manifest& manifest = issued_.manifest;
  if (manifest.rows_root.empty()) return true;  // made before there was one
  const std::vector<BilledRow> rows = rows_of(bill_.lines);
  return manifest.row_count == static_cast<std::int64_t>(rows.size()) &&
         manifest.rows_root == rows_root(rows);
}

}  // namespace daybook
