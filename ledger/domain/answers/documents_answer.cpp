#include "ledger/domain/answers/documents_answer.h"

#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/answers/credit_note_answer.h"
#include "ledger/domain/answers/hex.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/tax_receipt.h"

namespace daybook {
namespace {

bool sees(const StateReader& state, const Viewer& viewer, const Invoice* invoice) {
  return invoice != nullptr &&
         may(state, viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed;
}

DocumentView view_of(const AttachedDocument& document) {
  DocumentView view{document.document_id, DocumentKind::TaxReceipt, document.number, document.country, document.date};
  if (is_without_file(document)) return view;
  view.byte_count = document.byte_count;
  view.sha256 = hex_of(document.content_hash);
  return view;
}

}  // namespace

Result<DocumentListView> invoice_documents_answer(const StateReader& state, const Viewer& viewer,
                                                  const InvoiceId& id) {
  DocumentListView view;
  const Invoice* invoice = state.invoice(id);
  if (invoice == nullptr && credit_note_item(state, viewer, CreditNoteId(id.text()))) return view;
  if (!sees(state, viewer, invoice)) return nothing_here();
  const auto* attached = state.find<InvoiceAttachments>(id.text());
  if (attached == nullptr) return view;
  for (const DocumentId& each : attached->documents) {
    const auto* document = state.find<AttachedDocument>(each.text());
    if (document != nullptr) view.items.push_back(view_of(*document));
  }
  return view;
}

Result<const AttachedDocument*> document_answer(const StateReader& state, const Viewer& viewer,
                                                const DocumentId& id) {
  const auto* document = state.find<AttachedDocument>(id.text());
  if (document == nullptr || !sees(state, viewer, state.invoice(document->invoice_id)))
    return nothing_here();
  if (is_without_file(*document)) {
    return rejected("NOT_SUPPORTED",
                    "Tax receipt " + document->number + " is a record without a file: its number, country and date are in "
                    "/v1/invoices/" + document->invoice_id.text() + "/documents, what was paid in the invoice's payments. "
                    "This version writes no PDF of it; the provider can attach one.");
  }
  return document;
}

Result<void> e_invoice_answer(const StateReader& state, const Viewer& viewer, const InvoiceId& id) {
  const Invoice* invoice = state.invoice(id);
  const InvoiceDocument* document = state.invoice_document(id);
  if (document == nullptr || !sees(state, viewer, invoice)) return nothing_here();
  const InvoiceIssued& issued = document->issued;
  const std::vector<std::string_view> missing =
      missing_details(state.provider().on(issued.issue_date), issued.totals.tax.minor_units != 0);
  if (!missing.empty()) {
    std::string names;
    for (const std::string_view each : missing) names += (names.empty() ? "" : ", ") + std::string(each);
    return rejected("PROVIDER_INCOMPLETE", "On " + issued.issue_date.text() +
                                               ", when this invoice was issued, the provider's details lacked " +
                                               names + "; the operator configures them for invoices to come.");
  }
  return rejected("NOT_SUPPORTED", "This version writes no e-invoices yet; the invoice itself can be read.");
}

}  // namespace daybook
