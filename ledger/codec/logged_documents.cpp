#include "ledger/codec/logged_documents.h"

#include <utility>

#include "ledger/codec/event.h"

namespace daybook::codec {

Result<LoggedDocuments::Document> LoggedDocuments::read(const Invoice& invoice, Position upto) const {
  Document read;
  Position position = invoice.issued_at;
  Result<void> decoded;
  // An invoice's lines follow its InvoiceIssued, one event after the other.
  const auto take = [&](EventType type, std::span<const std::byte> bytes) {
    const bool is_first = position == invoice.issued_at;
    if (position > upto || type != (is_first ? EventType::InvoiceIssued : EventType::InvoiceLinesAdded)) return false;
    ++position;
    Result<Event> event = decode_event(bytes, sealer_);
    if (!event) {
      decoded = tl::unexpected(event.error());
      return false;
    }
    if (is_first) {
      read.document.issued = event->data.get<InvoiceIssued>();
      return read.document.issued.invoice_id == invoice.invoice_id;
    }
    const auto& added = event->data.get<InvoiceLinesAdded>();
    if (added.invoice_id != invoice.invoice_id) return false;
    if (!read.lines) read.lines = InvoiceLines{added.invoice_id, {}};
    read.lines->lines.insert(read.lines->lines.end(), added.lines.begin(), added.lines.end());
    return true;
  };
  if (Result<void> looked = events_(invoice.issued_at, take); !looked) return tl::unexpected(looked.error());
  if (!decoded) return tl::unexpected(decoded.error());
  if (read.document.issued.invoice_id != invoice.invoice_id) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "Position " + std::to_string(invoice.issued_at) + " does not hold the document of invoice " +
                      invoice.invoice_id.text() + ".");
  }
  return read;
}

Result<const void*> LoggedDocuments::find(StateKind kind, const Invoice* invoice, Position upto) const {
  if (invoice == nullptr) return nullptr;
  auto found = read_.find(invoice->invoice_id.text());
  if (found == read_.end()) {
    Result<Document> document = read(*invoice, upto);
    if (!document) return tl::unexpected(document.error());
    found = read_.emplace(invoice->invoice_id.text(), std::move(*document)).first;
  }
  const Document& document = found->second;
  if (kind == StateKind::InvoiceDocument) return &document.document;
  return document.lines ? &*document.lines : nullptr;
}

}  // namespace daybook::codec
