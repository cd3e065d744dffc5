#include "server/app/document_routes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <openssl/evp.h>

#include "ledger/codec/event.h"
#include "ledger/domain/answers/documents_answer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/invariant.h"

namespace daybook::server {
namespace {

/// The bytes of one chunk. Errors: NOT_FOUND where its key is gone; those of reading the log.
Result<std::vector<std::byte>> chunk_at(const engine::Ledger& ledger, Position position) {
  const Result<log::StoredRecord> record = ledger.log().read(position);
  if (!record) return tl::unexpected(record.error());
  Result<Event> event = codec::decode_event(record->event, &ledger.sealer());
  if (!event) return tl::unexpected(event.error());
  auto* added = event->data.get_if<DocumentContentAdded>();
  if (added == nullptr) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "Position " + std::to_string(position) + " holds no part of a document.");
  }
  if (!added->content.value) return nothing_here();
  return std::move(*added->content.value);
}

bool has_hash(std::string_view content, const std::vector<std::byte>& hash) {
  std::array<unsigned char, 32> found{};
  unsigned size = 0;
  LEDGER_INVARIANT(EVP_Digest(content.data(), content.size(), found.data(), &size, EVP_sha256(), nullptr) == 1);
  return std::equal(found.begin(), found.end(), hash.begin(), hash.end(),
                    [](unsigned char left, std::byte right) { return std::byte{left} == right; });
}

/// The PDF as it was attached. Of one whose bytes were not copied along with its history, and of one that was erased,
/// nothing is here.
Result<void> document_file(const Question& question, http::Response& response) {
  const Result<DocumentId> id = question.path_id<DocumentId>("documentId");
  if (!id) return tl::unexpected(id.error());
  const Result<const AttachedDocument*> document = document_answer(question.state(), question.viewer(), *id);
  if (!document) return tl::unexpected(document.error());
  std::string content;
  for (const Position position : (*document)->chunks) {
    const Result<std::vector<std::byte>> chunk = chunk_at(question.host.ledger(), position);
    if (!chunk) return tl::unexpected(chunk.error());
    content.append(static_cast<const char*>(static_cast<const void*>(chunk->data())), chunk->size());
  }
  if (content.size() < static_cast<std::size_t>((*document)->byte_count)) return nothing_here();
  if (!has_hash(content, (*document)->content_hash)) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "The bytes of this document are not those that its fact speaks of.");
  }
  response = http::Response(200, "application/pdf", std::move(content));
  response.set_header("Content-Disposition", "attachment; filename=\"" + id->text() + ".pdf\"");
  return {};
}

Result<void> e_invoice(const Question& question, http::Response&) {
  return question.path_id<InvoiceId>("id").and_then(
      [&](const InvoiceId& id) { return e_invoice_answer(question.state(), question.viewer(), id); });
}

}  // namespace

void add_document_routes(Questions& questions) {
  const http::Auth read = http::Auth::any_of({right::kRead});
  questions.add("/v1/invoices/{id}/documents", read,
                question_doc("listInvoiceDocuments", "The documents of an invoice: what the provider attached to it, and the tax receipts of its payments"),
                [](const Question& q) {
                  return q.path_id<InvoiceId>("id").and_then(
                      [&](const InvoiceId& id) { return invoice_documents_answer(q.state(), q.viewer(), id); });
                });
  http::Doc file = question_doc("readDocument", "A document, as a file");
  file.answers = {{200, "The PDF", "application/pdf"}};
  file.problems.push_back("NOT_SUPPORTED");
  questions.add_file("/v1/documents/{documentId}", read, std::move(file), document_file);
  for (const auto& [path, name] : {std::pair("/v1/invoices/{id}/ubl.xml", "readInvoiceUbl"),
                                   std::pair("/v1/invoices/{id}/factur-x.pdf", "readInvoiceFacturX")}) {
    http::Doc e_invoices = question_doc(name, "The invoice as an e-invoice; refused as long as none is written");
    e_invoices.answers = {};
    e_invoices.problems.insert(e_invoices.problems.end(), {"PROVIDER_INCOMPLETE", "NOT_SUPPORTED"});
    questions.add_file(path, read, std::move(e_invoices), e_invoice);
  }
}

}  // namespace daybook::server
