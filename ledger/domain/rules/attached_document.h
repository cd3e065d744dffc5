#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A tax document that the provider attached to an invoice (DOC-1), and where its bytes lie in the log.
struct AttachedDocument {
  static constexpr StateKind kState = StateKind::AttachedDocument;

  DocumentId document_id;
  InvoiceId invoice_id;
  std::string number;
  std::string country;  ///< ISO 3166-1 alpha-2
  Date date;            ///< the UTC day of its fact
  std::vector<std::byte> content_hash;  ///< SHA-256
  std::int64_t byte_count = 0;
  std::vector<Position> chunks;  ///< of its DocumentContentAdded, in order

  friend bool operator==(const AttachedDocument&, const AttachedDocument&) = default;
};
BOOST_DESCRIBE_STRUCT(AttachedDocument, (),
                      (document_id, invoice_id, number, country, date, content_hash, byte_count,
                       chunks))

/// Which documents are attached to an invoice, in the order in which they came.
struct InvoiceAttachments {
  static constexpr StateKind kState = StateKind::InvoiceAttachments;

  InvoiceId invoice_id;
  std::vector<DocumentId> documents;

  friend bool operator==(const InvoiceAttachments&, const InvoiceAttachments&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceAttachments, (), (invoice_id, documents))

void apply(AttachedDocument& document, const TaxDocumentAdded& event, const Occurrence& at);
void apply(AttachedDocument& document, const DocumentContentAdded& event, const Occurrence& at);
void apply(InvoiceAttachments& attachments, const TaxDocumentAdded& event, const Occurrence& at);

/// Takes the content out of a fact, which is recorded without it; empty where it brought none.
[[nodiscard]] std::vector<std::byte> take_content(EventData& fact);
/// Gives it back: for whoever checks the fact and writes its content.
void put_content(EventData& fact, std::vector<std::byte> content);
/// What is recorded of the content of a fact: `DocumentContentAdded`, each well below the limit of an
/// event.
[[nodiscard]] std::vector<EventData> content_of(const EventData& fact);

}  // namespace daybook
