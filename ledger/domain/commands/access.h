#pragma once

#include <optional>
#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"

/// Wishes about who may see and do what.
namespace daybook {

/// Whether those with a role on the subscription may see its invoices.
struct SetInvoiceSharing {
  static constexpr CommandType kType = CommandType::SetInvoiceSharing;

  SubscriptionId subscription_id;
  bool on = false;

  friend bool operator==(const SetInvoiceSharing&, const SetInvoiceSharing&) = default;
};
BOOST_DESCRIBE_STRUCT(SetInvoiceSharing, (), (subscription_id, on))

/// To an identity, or to whoever has or will have the address.
struct AssignRole {
  static constexpr CommandType kType = CommandType::AssignRole;

  ScopeType scope_type{};
  ScopeId scope_id;
  Role role{};
  std::optional<IdentityId> identity_id{};
  std::optional<std::string> email{};

  friend bool operator==(const AssignRole&, const AssignRole&) = default;
};
BOOST_DESCRIBE_STRUCT(AssignRole, (), (scope_type, scope_id, role, identity_id, email))

/// Takes a role away; never the last owner's.
struct RevokeRole {
  static constexpr CommandType kType = CommandType::RevokeRole;

  ScopeType scope_type{};
  ScopeId scope_id;
  Role role{};
  IdentityId identity_id;

  friend bool operator==(const RevokeRole&, const RevokeRole&) = default;
};
BOOST_DESCRIBE_STRUCT(RevokeRole, (), (scope_type, scope_id, role, identity_id))

/// Takes an invitation back before it is accepted.
struct WithdrawInvitation {
  static constexpr CommandType kType = CommandType::WithdrawInvitation;

  InvitationId invitation_id;

  friend bool operator==(const WithdrawInvitation&, const WithdrawInvitation&) = default;
};
BOOST_DESCRIBE_STRUCT(WithdrawInvitation, (), (invitation_id))

namespace access {
using Commands = TypeList<SetInvoiceSharing, AssignRole, RevokeRole, WithdrawInvitation>;
}  // namespace access

}  // namespace daybook
