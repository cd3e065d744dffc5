#include "ledger/domain/rules/invitations.h"

#include "ledger/domain/facts/access.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/runs.h"

namespace daybook {
namespace {

std::vector<ScopeRef> scopes_with_invitations(const StateReader& state, std::string_view parent) {
  std::vector<ScopeRef> scopes;
  for (const std::string& text : state.members(Relation::ScopesWithInvitations, parent)) {
    if (const auto scope = ScopeRef::parse(text)) scopes.push_back(*scope);
  }
  return scopes;
}

}  // namespace

std::optional<ScopeRef> scope_of(const StateReader& state, const InvitationId& id) {
  const std::vector<std::string> found = state.members(Relation::ScopeOfInvitation, id.text());
  return found.empty() ? std::nullopt : ScopeRef::parse(found.front());
}

std::vector<EventData> accepted_by(const StateReader& state, const IdentityLinked& linked,
                                   Date day) {
  std::vector<EventData> events;
  if (!linked.email.value) return events;
  const std::string address = normalised_email(*linked.email.value);
  for (const ScopeRef& scope : scopes_with_invitations(state, {})) {
    if (!allows_tenant(state, scope, linked.tenant_id)) continue;
    const Access* access = state.access(scope);
    if (access == nullptr) continue;
    for (const Invitation& invitation : access->invitations) {
      if (!is_open(invitation, day) || !invitation.address.value ||
          normalised_email(*invitation.address.value) != address) {
        continue;
      }
      const ScopeId id(scope.id);
      events.emplace_back(RoleInvitationAccepted{invitation.invitation_id, scope.type, id,
                                                 linked.identity_id});
      if (!access->holds(linked.identity_id, invitation.role))
        events.emplace_back(RoleAssigned{scope.type, id, invitation.role, linked.identity_id});
    }
  }
  return events;
}

void invitation_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  for (const ScopeRef& scope : scopes_with_invitations(state, account.account_id.text())) {
    const Access* access = state.access(scope);
    if (access == nullptr) continue;
    for (const Invitation& invitation : access->invitations) {
      if (invitation.state == InvitationState::Open) dates.add(invitation.expires_on);
    }
  }
}

void plan_invitations(Planner& planner, const Account& account) {
  const StateReader& state = planner.state();
  for (const ScopeRef& scope : scopes_with_invitations(state, account.account_id.text())) {
    const Access* access = state.access(scope);
    if (access == nullptr) continue;
    planner.rely_on(StreamType::AccessPolicy, scope_stream_id(scope.type, ScopeId(scope.id)));
    for (const Invitation& invitation : access->invitations) {
      if (invitation.state != InvitationState::Open || planner.date() < invitation.expires_on)
        continue;
      planner.add(RoleInvitationExpired{invitation.invitation_id, scope.type, ScopeId(scope.id)});
    }
  }
}

}  // namespace daybook
