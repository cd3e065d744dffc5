#pragma once

#include <cstddef>
#include <optional>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/rules/attached_document.h"
#include "ledger/domain/rules/invoice.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A tax receipt stands among the tax documents of its invoice, as a record without a file (decision 0064): without hash,
/// `byte_count` 0.
void apply(AttachedDocument& document, const InvoiceDocumentGenerated& event, const Occurrence& at);
void apply(InvoiceAttachments& attachments, const InvoiceDocumentGenerated& event, const Occurrence& at);
/// What somebody attached has the hash of its bytes.
[[nodiscard]] inline bool is_without_file(const AttachedDocument& document) { return document.content_hash.empty(); }

/// The tax receipt of a payment (DOC-1, policy `tax.receiptCountries`): `place` counts the payments of the invoice from 1,
/// those that came with it from another one too, `received_on` dates it. Its country is that of the invoice's soldTo, else
/// the account's; its number is the invoice's with `-R` and the place, so that the same payment never has two.
/// Nothing: no receipts in that country, or it is there already.
[[nodiscard]] std::optional<EventData> tax_receipt(const StateReader& state, const Invoice& invoice, std::size_t place,
                                                   Date received_on);

/// That of a payment that is still to be recorded.
[[nodiscard]] std::optional<EventData> tax_receipt_of_next(const StateReader& state, const Invoice& invoice,
                                                           Date received_on);

}  // namespace daybook
