#pragma once

#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"

/// Persons as an identity provider knows them: (issuer, subject), never the e-mail address. Stream
/// `Identity`.
namespace daybook {

/// A person is known from here on. Again with another tenant: a member of that one too.
struct IdentityLinked {
  static constexpr EventType kType = EventType::IdentityLinked;
  static constexpr StreamType kStream = StreamType::Identity;

  IdentityId identity_id;
  std::string issuer;
  std::string subject;
  Personal<std::string> email;
  TenantId tenant_id;

  [[nodiscard]] std::string stream_id() const { return identity_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "identity:" + identity_id.text(); }
  friend bool operator==(const IdentityLinked&, const IdentityLinked&) = default;
};
BOOST_DESCRIBE_STRUCT(IdentityLinked, (), (identity_id, issuer, subject, email, tenant_id))

/// The sign-in e-mail is another one.
struct EmailChanged {
  static constexpr EventType kType = EventType::EmailChanged;
  static constexpr StreamType kStream = StreamType::Identity;

  IdentityId identity_id;
  Personal<std::string> email;

  [[nodiscard]] std::string stream_id() const { return identity_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "identity:" + identity_id.text(); }
  friend bool operator==(const EmailChanged&, const EmailChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(EmailChanged, (), (identity_id, email))

namespace identity {
using Events = TypeList<IdentityLinked, EmailChanged>;
}  // namespace identity

}  // namespace daybook
