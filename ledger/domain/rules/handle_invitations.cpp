#include <algorithm>
#include <set>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/invitations.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The directories whose identities may hold roles on the scope.
std::vector<TenantId> tenants_of(const StateReader& state, const ScopeRef& scope) {
  const Account& account = *account_of(state, scope);
  std::vector<TenantId> tenants = account.associated_tenants;
  tenants.push_back(account.tenant_id);
  const Subscription* subscription = scope.type == ScopeType::Subscription
                                         ? state.subscription(SubscriptionId(scope.id))
                                         : nullptr;
  if (subscription != nullptr && subscription->customer_id) {
    if (const Customer* customer = state.customer(*subscription->customer_id))
      tenants.push_back(customer->tenant_id);
  }
  return tenants;
}

/// Those with this sign-in e-mail.
std::vector<const Identity*> identities_with(const StateReader& state, const ScopeRef& scope,
                                             std::string_view email) {
  std::set<std::string> ids;
  for (const TenantId& tenant : tenants_of(state, scope)) {
    for (std::string& id : state.members(Relation::IdentitiesOfTenant, tenant.text()))
      ids.insert(std::move(id));
  }
  std::vector<const Identity*> found;
  for (const std::string& id : ids) {
    const Identity* identity = state.find<Identity>(id);
    if (identity != nullptr && identity->email.value &&
        normalised_email(*identity->email.value) == normalised_email(email)) {
      found.push_back(identity);
    }
  }
  return found;
}

/// Each identity stands on a line of its own, which the answer lists one by one.
tl::unexpected<Error> ambiguous(const std::vector<const Identity*>& identities) {
  std::string detail =
      "several identities have this address; name the one that gets the role by its identityId";
  for (const Identity* identity : identities) {
    detail += "\n" + identity->identity_id.text() + ": issuer " + identity->issuer + ", tenant";
    for (const TenantId& tenant : identity->tenants) detail += " " + tenant.text();
  }
  return rejected("AMBIGUOUS_IDENTITY", std::move(detail), "/email");
}

}  // namespace

Result<Decision> assign_role_by_email(const StateReader& state, const AssignRole& command,
                                      const DecisionContext& context) {
  if (!is_email(*command.email))
    return rejected("INVALID_EMAIL", "this is no e-mail address", "/email");
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  const Access* access = state.access(scope);
  const std::vector<const Identity*> found = identities_with(state, scope, *command.email);
  if (found.size() > 1) return ambiguous(found);
  if (found.size() == 1) {
    const IdentityId& identity = found.front()->identity_id;
    if (access != nullptr && access->holds(identity, command.role)) return Decision();
    return Decision{{RoleAssigned{command.scope_type, command.scope_id, command.role, identity}},
                    {}};
  }
  if (access != nullptr) {
    for (const Invitation& invitation : access->invitations) {
      const bool is_same = is_open(invitation, context.today()) &&
                           invitation.role == command.role && invitation.address.value &&
                           normalised_email(*invitation.address.value) ==
                               normalised_email(*command.email);
      if (!is_same) continue;
      return conflict("DUPLICATE",
                      "this address is invited to the role already; withdraw that invitation first",
                      "/email");
    }
  }
  RoleInvited invited;
  invited.invitation_id = InvitationId(made_id(context, "i-", scope.text()));
  invited.scope_type = command.scope_type;
  invited.scope_id = command.scope_id;
  invited.role = command.role;
  invited.address = Personal<std::string>(*command.email);
  invited.invited_by = context.viewer.identity;
  invited.expires_on = context.today().plus_days(state.policies().number("invitations.days"));
  return Decision{{std::move(invited)}, {}};
}

Result<Decision> handle_command(const StateReader& state, const WithdrawInvitation& command,
                                const DecisionContext& context) {
  const auto scope = scope_of(state, command.invitation_id);
  if (!scope) return not_found();
  const Invitation* invitation = state.access(*scope)->invitation(command.invitation_id);
  if (invitation == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, assigning(invitation->role), AccessObject::of(*scope),
                       ErrorKind::Forbidden, "NO_PERMISSION",
                       "only whoever may assign the role, as an owner of the scope or of one above "
                       "it, withdraws its invitations"));
  if (invitation->state == InvitationState::Accepted) {
    return conflict("ALREADY_ACCEPTED", "the invitation is a role by now; revoke that instead",
                    "/invitationId");
  }
  if (invitation->state != InvitationState::Open) return Decision();
  return Decision{{RoleInvitationWithdrawn{command.invitation_id, scope->type, ScopeId(scope->id)}},
                  {}};
}

}  // namespace daybook
