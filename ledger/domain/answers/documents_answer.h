#pragma once

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/document_view.h"

namespace daybook {

/// `GET /v1/invoices/{id}/documents`: what is attached to an invoice, in the order in which it came; of a
/// credit note nothing is. For whoever may see the invoice (DOC-1). Errors: NOT_FOUND.
[[nodiscard]] Result<DocumentListView> invoice_documents_answer(const StateReader& state,
                                                                const Viewer& viewer,
                                                                const InvoiceId& id);

/// `GET /v1/documents/{documentId}`: where the document lies, for whoever may see its invoice. Errors:
/// NOT_FOUND.
[[nodiscard]] Result<const AttachedDocument*> document_answer(const StateReader& state,
                                                              const Viewer& viewer,
                                                              const DocumentId& id);

/// `GET /v1/invoices/{id}/ubl.xml` and `/factur-x.pdf`: e-invoices name who provides what is billed. Never
/// succeeds: they are not written yet. Errors: NOT_FOUND; PROVIDER_INCOMPLETE, naming what the block of
/// the issue day lacks (PROV-1, SC-112); NOT_SUPPORTED.
[[nodiscard]] Result<void> e_invoice_answer(const StateReader& state, const Viewer& viewer,
                                            const InvoiceId& id);

}  // namespace daybook
