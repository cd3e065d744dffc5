#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// Files of an invoice, and notices that it is not paid. Stream `Invoice`.
namespace daybook {

/// The longest document that comes with a fact (api.md 8).
inline constexpr std::size_t kDocumentBytesMax = std::size_t{2} << 20;

/// Bytes of a file, in chunks that each fit an event, of the same group as what names the document. A
/// document may name people, so its bytes are sealed under a key of its own.
struct DocumentContentAdded {
  static constexpr EventType kType = EventType::DocumentContentAdded;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  DocumentId document_id;
  std::int32_t chunk = 0;  ///< from 0
  Personal<std::vector<std::byte>> content;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "document:" + document_id.text(); }
  friend bool operator==(const DocumentContentAdded&, const DocumentContentAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(DocumentContentAdded, (), (invoice_id, document_id, chunk, content))

/// The ledger made a file; the same block and data make the same bytes again.
struct InvoiceDocumentGenerated {
  static constexpr EventType kType = EventType::InvoiceDocumentGenerated;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  DocumentId document_id;
  DocumentKind kind{};
  std::vector<std::byte> content_hash{};  ///< SHA-256
  std::int64_t byte_count = 0;
  std::string number;
  std::optional<std::string> country{};
  Date date;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceDocumentGenerated&,
                         const InvoiceDocumentGenerated&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDocumentGenerated, (),
                      (invoice_id, document_id, kind, content_hash, byte_count, number, country,
                       date))

/// The provider attached a tax document. The PDF comes with the fact and is kept in
/// `DocumentContentAdded`, so what is stored has its hash and length in place of `content`.
struct TaxDocumentAdded {
  static constexpr EventType kType = EventType::TaxDocumentAdded;
  static constexpr StreamType kStream = StreamType::Invoice;
  static constexpr std::array kFilledByLedger = {std::string_view("content_hash"),
                                                 std::string_view("byte_count")};

  InvoiceId invoice_id;
  DocumentId document_id;
  std::string number;
  std::string country;                    ///< ISO 3166-1 alpha-2
  std::vector<std::byte> content{};       ///< at most 2 MiB; empty where stored
  std::vector<std::byte> content_hash{};  ///< SHA-256
  std::optional<std::int64_t> byte_count{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const TaxDocumentAdded&, const TaxDocumentAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxDocumentAdded, (),
                      (invoice_id, document_id, number, country, content, content_hash, byte_count))
/// Hash and length, where the content is there.
void fill_defaults(TaxDocumentAdded& fact, const FactContext& context);

/// A notice to one address; not the invoice itself.
struct NoticeQueued {
  static constexpr EventType kType = EventType::NoticeQueued;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  NoticeKind kind{};
  std::optional<IdentityId> identity_id{};
  std::optional<RecipientId> recipient_id{};
  Personal<std::string> address;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  [[nodiscard]] std::string personal_subject() const {
    if (identity_id) return "identity:" + identity_id->text();
    return recipient_id ? recipient_subject(*recipient_id) : std::string();
  }
  friend bool operator==(const NoticeQueued&, const NoticeQueued&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeQueued, (), (invoice_id, kind, identity_id, recipient_id, address))

/// The mail server took it.
struct NoticeSent {
  static constexpr EventType kType = EventType::NoticeSent;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  NoticeKind kind{};
  std::optional<IdentityId> identity_id{};
  std::optional<RecipientId> recipient_id{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const NoticeSent&, const NoticeSent&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeSent, (), (invoice_id, kind, identity_id, recipient_id))

/// The mail server refused it for good.
struct NoticeFailed {
  static constexpr EventType kType = EventType::NoticeFailed;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  NoticeKind kind{};
  std::optional<IdentityId> identity_id{};
  std::optional<RecipientId> recipient_id{};
  std::optional<std::string> reason{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const NoticeFailed&, const NoticeFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(NoticeFailed, (), (invoice_id, kind, identity_id, recipient_id, reason))

namespace invoice_documents {
using Events = TypeList<DocumentContentAdded, InvoiceDocumentGenerated, TaxDocumentAdded,
                        NoticeQueued, NoticeSent, NoticeFailed>;
}  // namespace invoice_documents

}  // namespace daybook
