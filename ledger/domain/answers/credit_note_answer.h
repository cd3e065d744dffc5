#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/views/invoice_view.h"

namespace daybook {

/// A credit note as a document: whole, and as it stands in lists. It is seen by who may see the
/// invoice that it is for; nothing: there is none for this viewer.
[[nodiscard]] std::optional<InvoiceView> credit_note_answer(const StateReader& state,
                                                            const Viewer& viewer,
                                                            const CreditNoteId& id);
[[nodiscard]] std::optional<InvoiceItemView> credit_note_item(const StateReader& state,
                                                              const Viewer& viewer,
                                                              const CreditNoteId& id);

}  // namespace daybook
