#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/domain/answers/explain_answer.h"
#include "ledger/domain/rules/document_request.h"

namespace daybook {

/// An invoice that a viewer asks about.
struct AskedInvoice {
  const Invoice* invoice = nullptr;
  const InvoiceIssued* issued = nullptr;
};
/// Errors: NOT_FOUND; NOT_SUPPORTED for a credit note.
[[nodiscard]] Result<AskedInvoice> invoice_asked_for(const StateReader& state, const Viewer& viewer,
                                                     const InvoiceId& id);

/// CORRUPTION: what the log says does not make `part` of the invoice.
[[nodiscard]] tl::unexpected<Error> does_not_lead(const InvoiceId& id, const std::string& part);

/// The lines of usage of a document, made once more from what its manifest names.
class RemadeDocument {
 public:
  /// `sources` and `issued` outlive it.
  RemadeDocument(const ExplainSources& sources, const InvoiceIssued& issued);

  /// Errors: CORRUPTION unless they are the document's, made of the rows that its manifest commits to.
  [[nodiscard]] Result<void> make(const UsageSource& usage);

  /// The document that was rated: another one where the lines are a copy.
  [[nodiscard]] const InvoiceIssued& issued() const { return issued_; }
  /// The lines of usage, with their derivation; they stand first on the document.
  [[nodiscard]] const std::vector<DraftLine>& lines() const { return bill_.lines; }
  /// All lines as they stand on the document.
  [[nodiscard]] const std::vector<InvoiceLine>& told() const { return told_; }

 private:
  [[nodiscard]] bool is_told() const;

  const InvoiceIssued& issued_;
  std::unique_ptr<StateReader> then_;
  DocumentRequest request_;
  std::vector<InvoiceLine> told_;
  Bill bill_;
};

}  // namespace daybook
