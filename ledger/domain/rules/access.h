#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/access.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/rules/invitation.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook {

/// Who holds which role on the scope itself.
struct HeldRole {
  IdentityId identity_id;
  Role role = Role::Reader;

  friend bool operator==(const HeldRole&, const HeldRole&) = default;
};
BOOST_DESCRIBE_STRUCT(HeldRole, (), (identity_id, role))

/// The roles on one scope, and for a subscription whether others may download its invoices (ROL-1).
struct Access {
  static constexpr StateKind kState = StateKind::Access;

  ScopeRef scope;
  std::vector<HeldRole>
      roles;  ///< in the order of assignment; an MCA or MPA account starts with its Owner
  bool invoice_sharing = false;
  std::vector<Invitation> invitations;  ///< in the order in which they were made

  [[nodiscard]] const Invitation* invitation(const InvitationId& id) const;
  [[nodiscard]] bool has_open_invitation() const;
  [[nodiscard]] bool holds(const IdentityId& identity, Role role) const;
  [[nodiscard]] bool holds_any(const IdentityId& identity) const;

  friend bool operator==(const Access&, const Access&) = default;
};
BOOST_DESCRIBE_STRUCT(Access, (), (scope, roles, invoice_sharing, invitations))

/// A person as an identity provider names him. Never linked: no roles, though they may be assigned
/// before.
struct Identity {
  static constexpr StateKind kState = StateKind::Identity;

  IdentityId identity_id;
  std::string issuer;
  std::string subject;
  Personal<std::string> email;  ///< the sign-in e-mail: W7 compares this one alone
  std::vector<TenantId> tenants;
  std::optional<Personal<std::string>>
      communication_email;  ///< where his mail goes; absent: to the sign-in e-mail (EML-20)
  std::optional<Language> language;

  [[nodiscard]] bool is_member_of(const TenantId& tenant) const;

  friend bool operator==(const Identity&, const Identity&) = default;
};
BOOST_DESCRIBE_STRUCT(Identity, (),
                      (identity_id, issuer, subject, email, tenants, communication_email, language))

void apply(Access& access, const InvoiceSharingEnabled& event, const Occurrence& at);
void apply(Access& access, const InvoiceSharingDisabled& event, const Occurrence& at);
void apply(Access& access, const RoleAssigned& event, const Occurrence& at);
void apply(Access& access, const RoleRevoked& event, const Occurrence& at);
void apply(Access& access, const RoleInvited& event, const Occurrence& at);
void apply(Access& access, const RoleInvitationAccepted& event, const Occurrence& at);
void apply(Access& access, const RoleInvitationWithdrawn& event, const Occurrence& at);
void apply(Access& access, const RoleInvitationExpired& event, const Occurrence& at);
void apply(Identity& identity, const CommunicationEmailChanged& event, const Occurrence& at);
void apply(Identity& identity, const LanguageChanged& event, const Occurrence& at);
void apply(Identity& identity, const IdentityLinked& event, const Occurrence& at);
void apply(Identity& identity, const EmailChanged& event, const Occurrence& at);

}  // namespace daybook
