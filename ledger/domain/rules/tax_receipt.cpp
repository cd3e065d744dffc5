#include "ledger/domain/rules/tax_receipt.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace daybook {
namespace {

/// Empty: nobody knows.
std::string country_of(const StateReader& state, const Invoice& invoice) {
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  const bool is_sold_elsewhere =
      document != nullptr && document->issued.sold_to && document->issued.sold_to->value;
  if (is_sold_elsewhere) return document->issued.sold_to->value->country;
  const Account* account = state.account(invoice.account_id);
  return account != nullptr ? account->country : std::string();
}

/// The first free one: who attaches documents names them as he likes. Nothing: the receipt is there.
std::optional<DocumentId> free_id(const StateReader& state, std::string name) {
  for (;; name += "R") {
    const auto* known = state.find<AttachedDocument>(name);
    if (known == nullptr) return DocumentId(name);
    if (is_without_file(*known)) return std::nullopt;
  }
}

}  // namespace

void apply(AttachedDocument& document, const InvoiceDocumentGenerated& event, const Occurrence&) {
  document.document_id = event.document_id;
  document.invoice_id = event.invoice_id;
  document.number = event.number;
  document.country = event.country.value_or("");
  document.date = event.date;
  document.content_hash = event.content_hash;
  document.byte_count = event.byte_count;
}

void apply(InvoiceAttachments& attachments, const InvoiceDocumentGenerated& event, const Occurrence&) {
  attachments.invoice_id = event.invoice_id;
  attachments.documents.push_back(event.document_id);
}

std::optional<EventData> tax_receipt(const StateReader& state, const Invoice& invoice, std::size_t place,
                                     Date received_on) {
  const std::vector<std::string> countries = state.policies().words("tax.receiptCountries");
  if (countries.empty()) return std::nullopt;
  std::string country = country_of(state, invoice);
  if (std::find(countries.begin(), countries.end(), country) == countries.end()) return std::nullopt;
  const std::string number = invoice.invoice_id.text() + "-R" + std::to_string(place);
  const std::optional<DocumentId> id = free_id(state, number);
  if (!id) return std::nullopt;
  InvoiceDocumentGenerated receipt;
  receipt.invoice_id = invoice.invoice_id;
  receipt.document_id = *id;
  receipt.kind = DocumentKind::TaxReceipt;
  receipt.number = number;
  receipt.country = std::move(country);
  receipt.date = received_on;
  return EventData(std::move(receipt));
}

std::optional<EventData> tax_receipt_of_next(const StateReader& state, const Invoice& invoice, Date received_on) {
  return tax_receipt(state, invoice, invoice.payments.size() + 1, received_on);
}

}  // namespace daybook
