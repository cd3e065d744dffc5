#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// Who may see and do what. Stream `AccessPolicy`, one a scope.
namespace daybook {

/// Those with a role on the subscription may see its invoices (ROL-1).
struct InvoiceSharingEnabled {
  static constexpr EventType kType = EventType::InvoiceSharingEnabled;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  SubscriptionId subscription_id;

  [[nodiscard]] std::string stream_id() const {
    return scope_stream_id(ScopeType::Subscription, ScopeId(subscription_id.text()));
  }
  friend bool operator==(const InvoiceSharingEnabled&, const InvoiceSharingEnabled&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceSharingEnabled, (), (subscription_id))

/// The Account Administrator alone sees its invoices.
struct InvoiceSharingDisabled {
  static constexpr EventType kType = EventType::InvoiceSharingDisabled;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  SubscriptionId subscription_id;

  [[nodiscard]] std::string stream_id() const {
    return scope_stream_id(ScopeType::Subscription, ScopeId(subscription_id.text()));
  }
  friend bool operator==(const InvoiceSharingDisabled&, const InvoiceSharingDisabled&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceSharingDisabled, (), (subscription_id))

/// The identity has the role on the scope and what lies below.
struct RoleAssigned {
  static constexpr EventType kType = EventType::RoleAssigned;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  ScopeType scope_type{};
  ScopeId scope_id;
  Role role{};
  IdentityId identity_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const RoleAssigned&, const RoleAssigned&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleAssigned, (), (scope_type, scope_id, role, identity_id))

/// Never the last owner.
struct RoleRevoked {
  static constexpr EventType kType = EventType::RoleRevoked;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  ScopeType scope_type{};
  ScopeId scope_id;
  Role role{};
  IdentityId identity_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const RoleRevoked&, const RoleRevoked&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleRevoked, (), (scope_type, scope_id, role, identity_id))

/// A role for whoever proves to be the address before `expires_on`.
struct RoleInvited {
  static constexpr EventType kType = EventType::RoleInvited;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  InvitationId invitation_id;
  ScopeType scope_type{};
  ScopeId scope_id;
  Role role{};
  Personal<std::string> address;
  std::optional<IdentityId> invited_by{};  ///< absent: the operator
  Date expires_on;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  [[nodiscard]] std::string personal_subject() const { return ""; }
  friend bool operator==(const RoleInvited&, const RoleInvited&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleInvited, (),
                      (invitation_id, scope_type, scope_id, role, address, invited_by, expires_on))

/// The person invited came; `RoleAssigned` follows in the same group.
struct RoleInvitationAccepted {
  static constexpr EventType kType = EventType::RoleInvitationAccepted;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  InvitationId invitation_id;
  ScopeType scope_type{};
  ScopeId scope_id;
  IdentityId identity_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const RoleInvitationAccepted&, const RoleInvitationAccepted&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleInvitationAccepted, (),
                      (invitation_id, scope_type, scope_id, identity_id))

/// Taken back before it was accepted.
struct RoleInvitationWithdrawn {
  static constexpr EventType kType = EventType::RoleInvitationWithdrawn;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  InvitationId invitation_id;
  ScopeType scope_type{};
  ScopeId scope_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const RoleInvitationWithdrawn&, const RoleInvitationWithdrawn&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleInvitationWithdrawn, (), (invitation_id, scope_type, scope_id))

/// Nobody accepted it in time.
struct RoleInvitationExpired {
  static constexpr EventType kType = EventType::RoleInvitationExpired;
  static constexpr StreamType kStream = StreamType::AccessPolicy;

  InvitationId invitation_id;
  ScopeType scope_type{};
  ScopeId scope_id;

  [[nodiscard]] std::string stream_id() const { return scope_stream_id(scope_type, scope_id); }
  friend bool operator==(const RoleInvitationExpired&, const RoleInvitationExpired&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleInvitationExpired, (), (invitation_id, scope_type, scope_id))

namespace access {
using Events =
    TypeList<InvoiceSharingEnabled, InvoiceSharingDisabled, RoleAssigned, RoleRevoked, RoleInvited,
             RoleInvitationAccepted, RoleInvitationWithdrawn, RoleInvitationExpired>;
}  // namespace access

}  // namespace daybook
