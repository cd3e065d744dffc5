#include "ledger/domain/rules/access.h"

#include <algorithm>

namespace daybook {
namespace {

void end(Access& access, const InvitationId& id, InvitationState state) {
  for (Invitation& invitation : access.invitations) {
    if (invitation.invitation_id == id) invitation.state = state;
  }
}

}  // namespace

const Invitation* Access::invitation(const InvitationId& id) const {
  const auto found = std::find_if(invitations.begin(), invitations.end(),
                                  [&](const Invitation& each) { return each.invitation_id == id; });
  return found == invitations.end() ? nullptr : &*found;
}

bool Access::has_open_invitation() const {
  return std::any_of(invitations.begin(), invitations.end(), [](const Invitation& each) {
    return each.state == InvitationState::Open;
  });
}

bool Access::holds(const IdentityId& identity, Role role) const {
  return std::find(roles.begin(), roles.end(), HeldRole{identity, role}) != roles.end();
}

bool Access::holds_any(const IdentityId& identity) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const HeldRole& held) { return held.identity_id == identity; });
}

bool Identity::is_member_of(const TenantId& tenant) const {
  return std::find(tenants.begin(), tenants.end(), tenant) != tenants.end();
}

void apply(Access& access, const InvoiceSharingEnabled& event, const Occurrence&) {
  access.scope = ScopeRef(event.subscription_id);
  access.invoice_sharing = true;
}

void apply(Access& access, const InvoiceSharingDisabled& event, const Occurrence&) {
  access.scope = ScopeRef(event.subscription_id);
  access.invoice_sharing = false;
}

void apply(Access& access, const RoleAssigned& event, const Occurrence&) {
  access.scope = ScopeRef(event.scope_type, event.scope_id.text());
  if (!access.holds(event.identity_id, event.role))
    access.roles.push_back({event.identity_id, event.role});
}

void apply(Access& access, const RoleRevoked& event, const Occurrence&) {
  std::erase(access.roles, HeldRole{event.identity_id, event.role});
}

void apply(Access& access, const RoleInvited& event, const Occurrence&) {
  access.scope = ScopeRef(event.scope_type, event.scope_id.text());
  access.invitations.push_back({event.invitation_id, event.role, event.address, event.expires_on,
                                InvitationState::Open});
}

void apply(Access& access, const RoleInvitationAccepted& event, const Occurrence&) {
  end(access, event.invitation_id, InvitationState::Accepted);
}

void apply(Access& access, const RoleInvitationWithdrawn& event, const Occurrence&) {
  end(access, event.invitation_id, InvitationState::Withdrawn);
}

void apply(Access& access, const RoleInvitationExpired& event, const Occurrence&) {
  end(access, event.invitation_id, InvitationState::Expired);
}

void apply(Identity& identity, const CommunicationEmailChanged& event, const Occurrence&) {
  identity.communication_email = event.address;
}

void apply(Identity& identity, const LanguageChanged& event, const Occurrence&) {
  identity.language = event.language;
}

void apply(Identity& identity, const IdentityLinked& event, const Occurrence&) {
  identity.identity_id = event.identity_id;
  identity.issuer = event.issuer;
  identity.subject = event.subject;
  identity.email = event.email;
  if (!identity.is_member_of(event.tenant_id)) identity.tenants.push_back(event.tenant_id);
}

void apply(Identity& identity, const EmailChanged& event, const Occurrence&) {
  identity.email = event.email;
}

}  // namespace daybook
