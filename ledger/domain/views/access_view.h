#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

struct RoleView {
  IdentityId identity_id;
  Role role = Role::Reader;
  ScopeType scope_type = ScopeType::Account;  ///< where it was assigned
  ScopeId scope_id;
  bool inherited = false;  ///< assigned above the scope asked for

  friend bool operator==(const RoleView&, const RoleView&) = default;
};
BOOST_DESCRIBE_STRUCT(RoleView, (), (identity_id, role, scope_type, scope_id, inherited))

struct InvitationView {
  InvitationId invitation_id;
  Role role = Role::Reader;
  Personal<std::string> email;
  Date expires_on;

  friend bool operator==(const InvitationView&, const InvitationView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvitationView, (), (invitation_id, role, email, expires_on))

/// `GET /v1/access/{scopeType}/{scopeId}`.
struct AccessView {
  ScopeType scope_type = ScopeType::Account;
  ScopeId scope_id;
  std::vector<RoleView> roles;
  std::vector<InvitationView> invitations;
  bool invoice_sharing = false;
  JsonText policies{"{}"};                          ///< those of an enrollment, by name; empty elsewhere
  std::optional<IdentityId> account_administrator;  ///< MOSP

  friend bool operator==(const AccessView&, const AccessView&) = default;
};
BOOST_DESCRIBE_STRUCT(AccessView, (),
                      (scope_type, scope_id, roles, invitations, invoice_sharing, policies,
                       account_administrator))

}  // namespace daybook
