#include "ledger/domain/rules/attached_document.h"

#include <algorithm>
#include <utility>

namespace daybook {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{512} << 10;

}  // namespace

void apply(AttachedDocument& document, const TaxDocumentAdded& event, const Occurrence& at) {
  document.document_id = event.document_id;
  document.invoice_id = event.invoice_id;
  document.number = event.number;
  document.country = event.country;
  document.date = at.day();
  document.content_hash = event.content_hash;
  document.byte_count = event.byte_count.value_or(0);
}

void apply(AttachedDocument& document, const DocumentContentAdded&, const Occurrence& at) {
  document.chunks.push_back(at.position);
}

void apply(InvoiceAttachments& attachments, const TaxDocumentAdded& event, const Occurrence&) {
  attachments.invoice_id = event.invoice_id;
  attachments.documents.push_back(event.document_id);
}

std::vector<std::byte> take_content(EventData& fact) {
  auto* document = fact.get_if<TaxDocumentAdded>();
  return document != nullptr ? std::exchange(document->content, {}) : std::vector<std::byte>();
}

void put_content(EventData& fact, std::vector<std::byte> content) {
  if (auto* document = fact.get_if<TaxDocumentAdded>()) document->content = std::move(content);
}

std::vector<EventData> content_of(const EventData& fact) {
  std::vector<EventData> events;
  const auto* document = fact.get_if<TaxDocumentAdded>();
  if (document == nullptr) return events;
  const std::vector<std::byte>& content = document->content;
  for (std::size_t from = 0; from < content.size(); from += kChunkBytes) {
    const std::size_t size = std::min(kChunkBytes, content.size() - from);
    const auto begin = content.begin() + static_cast<std::ptrdiff_t>(from);
    DocumentContentAdded added;
    added.invoice_id = document->invoice_id;
    added.document_id = document->document_id;
    added.chunk = static_cast<std::int32_t>(events.size());
    added.content = std::vector<std::byte>(begin, begin + static_cast<std::ptrdiff_t>(size));
    events.emplace_back(std::move(added));
  }
  return events;
}

}  // namespace daybook
