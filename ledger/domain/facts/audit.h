#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"

/// Who looked at what. One stream: `Audit:audit`.
namespace daybook {

/// Somebody saw an invoice.
struct InvoiceViewed {
  static constexpr EventType kType = EventType::InvoiceViewed;
  static constexpr StreamType kStream = StreamType::Audit;

  InvoiceId invoice_id;
  IdentityId viewer;

  [[nodiscard]] std::string stream_id() const { return "audit"; }
  friend bool operator==(const InvoiceViewed&, const InvoiceViewed&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceViewed, (), (invoice_id, viewer))

/// Somebody fetched a document of an invoice.
struct InvoiceDownloaded {
  static constexpr EventType kType = EventType::InvoiceDownloaded;
  static constexpr StreamType kStream = StreamType::Audit;

  InvoiceId invoice_id;
  std::optional<DocumentId> document_id{};
  IdentityId viewer;

  [[nodiscard]] std::string stream_id() const { return "audit"; }
  friend bool operator==(const InvoiceDownloaded&, const InvoiceDownloaded&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDownloaded, (), (invoice_id, document_id, viewer))

/// Somebody fetched a file of usage.
struct UsageDownloaded {
  static constexpr EventType kType = EventType::UsageDownloaded;
  static constexpr StreamType kStream = StreamType::Audit;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<InvoiceId> invoice_id{};
  IdentityId viewer;

  [[nodiscard]] std::string stream_id() const { return "audit"; }
  friend bool operator==(const UsageDownloaded&, const UsageDownloaded&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageDownloaded, (), (scope_type, scope_id, invoice_id, viewer))

/// Somebody was refused.
struct AccessDenied {
  static constexpr EventType kType = EventType::AccessDenied;
  static constexpr StreamType kStream = StreamType::Audit;

  ScopeType scope_type{};
  ScopeId scope_id;
  std::optional<InvoiceId> invoice_id{};
  IdentityId viewer;
  std::string reason;  ///< the code of the refusal

  [[nodiscard]] std::string stream_id() const { return "audit"; }
  friend bool operator==(const AccessDenied&, const AccessDenied&) = default;
};
BOOST_DESCRIBE_STRUCT(AccessDenied, (), (scope_type, scope_id, invoice_id, viewer, reason))

namespace audit {
using Events = TypeList<InvoiceViewed, InvoiceDownloaded, UsageDownloaded, AccessDenied>;
}  // namespace audit

}  // namespace daybook
