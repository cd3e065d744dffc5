#include "ledger/domain/answers/preference_answer.h"

#include <algorithm>
#include <vector>

#include "ledger/domain/answers/reasons.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/scope_path.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

bool can_be_mailed(const ScopeRef& scope) {
  return scope.type == ScopeType::Subscription || scope.type == ScopeType::SupportPlan ||
         scope.type == ScopeType::Profile;
}

/// MOSP: the administrator alone; else who sees the invoices, though he may not change it (CF-18).
Action viewing_preference_of(const Account& account) {
  return account.type == AccountType::MOSP ? Action::ChangeEmailPreference : Action::ViewInvoices;
}

/// Who gets the documents of an enrollment: for those who track its credit (5.3: others view).
Result<EmailPreferenceView> recipients_of_enrollment(const StateReader& state,
                                                     const Viewer& viewer, const ScopeRef& scope) {
  LEDGER_CHECK(require_view(state, viewer, Action::TrackCredit, scope));
  EmailPreferenceView view;
  view.scope_type = scope.type;
  view.scope_id = ScopeId(scope.id);
  view.state = std::nullopt;
  for (const EmailRecipient& recipient : state.enrollment(EnrollmentId(scope.id))->recipients) {
    view.recipients.push_back({recipient.recipient_id, recipient.address});
  }
  return view;
}

JsonText policies_of(const Enrollment& enrollment) {
  std::string policies;
  for (const EnrollmentPolicy policy :
       {EnrollmentPolicy::accountOwnerViewCharges, EnrollmentPolicy::departmentAdminViewCharges,
        EnrollmentPolicy::marketplaceEnabled, EnrollmentPolicy::reservedInstancesEnabled}) {
    policies.append(policies.empty() ? "{\"" : ",\"").append(wire_name(policy));
    policies.append(enrollment.policy(policy) ? "\":true" : "\":false");
  }
  return {policies + "}"};
}

/// A role on the scope or above it, or being its administrator; not one that lies below it alone.
bool stands_over(const StateReader& state, const Viewer& viewer, const Account& account,
                 const ScopeRef& scope) {
  if (viewer.is_operator() || is_administrator(account, viewer)) return true;
  const std::vector<ScopeRef> path = scope_path(state, scope);
  return std::any_of(path.begin(), path.end(), [&](const ScopeRef& above) {
    const Access* access = state.access(above);
    return access != nullptr && access->holds_any(*viewer.identity);
  });
}

}  // namespace

Result<EmailPreferenceView> email_preference_answer(const StateReader& state, const Viewer& viewer,
                                                    const ScopeRef& scope) {
  const Account* account = account_of(state, scope);
  if (account != nullptr && scope.type == ScopeType::Enrollment)
    return recipients_of_enrollment(state, viewer, scope);
  if (account == nullptr || !can_be_mailed(scope)) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, viewing_preference_of(*account), scope));

  EmailPreferenceView view;
  view.scope_type = scope.type;
  view.scope_id = ScopeId(scope.id);
  const EmailPreference* preference = state.email_preference(scope);
  if (preference == nullptr) return view;
  view.state = preference->state;
  if (!preference->accepted_terms.empty()) view.terms_version = preference->accepted_terms.back();
  view.include_marketplace = preference->include_marketplace;
  view.preferred_email = preference->preferred_email;
  for (const EmailRecipient& recipient : preference->recipients) {
    view.recipients.push_back({recipient.recipient_id, recipient.address});
  }
  return view;
}

Result<AccessView> access_answer(const StateReader& state, const Viewer& viewer,
                                 const ScopeRef& scope) {
  const Account* account = account_of(state, scope);
  if (account == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, scope));
  if (!stands_over(state, viewer, *account, scope)) {
    return no_permission(wire_name(no_permission_reason(account->type)));
  }

  AccessView view;
  view.scope_type = scope.type;
  view.scope_id = ScopeId(scope.id);
  if (account->type == AccountType::MOSP) view.account_administrator = account->administrator;
  if (scope.type == ScopeType::Enrollment)
    view.policies = policies_of(*state.enrollment(EnrollmentId(scope.id)));
  for (const ScopeRef& above : scope_path(state, scope)) {
    const Access* access = state.access(above);
    if (access == nullptr) continue;
    if (above == scope) {
      view.invoice_sharing = access->invoice_sharing;
      for (const Invitation& invitation : access->invitations) {
        if (invitation.state != InvitationState::Open) continue;
        view.invitations.push_back({invitation.invitation_id, invitation.role, invitation.address,
                                    invitation.expires_on});
      }
    }
    for (const HeldRole& held : access->roles) {
      view.roles.push_back(
          {held.identity_id, held.role, above.type, ScopeId(above.id), above != scope});
    }
  }
  return view;
}

}  // namespace daybook
