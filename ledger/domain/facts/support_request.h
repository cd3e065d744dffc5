#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"

/// Requests for help, mailed to the provider. Stream `SupportRequest`.
namespace daybook {

/// Somebody asks for help, perhaps about a scope or an invoice.
struct SupportRequestCreated {
  static constexpr EventType kType = EventType::SupportRequestCreated;
  static constexpr StreamType kStream = StreamType::SupportRequest;

  RequestId request_id;
  IdentityId identity_id;
  std::optional<ScopeType> scope_type{};
  std::optional<ScopeId> scope_id{};
  std::optional<InvoiceId> invoice_id{};
  Personal<std::string> subject;
  Personal<std::string> text;

  [[nodiscard]] std::string stream_id() const { return request_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "identity:" + identity_id.text(); }
  friend bool operator==(const SupportRequestCreated&, const SupportRequestCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportRequestCreated, (),
                      (request_id, identity_id, scope_type, scope_id, invoice_id, subject, text))

namespace support_request {
using Events = TypeList<SupportRequestCreated>;
}  // namespace support_request

}  // namespace daybook
