#include "ledger/domain/rules/fold_agreements.h"

#include <string>

#include "ledger/domain/rules/access_rules.h"

namespace daybook {
namespace {

template <class Event>
void fold_enrollment(StateStore& store, const Event& event, const Occurrence& at) {
  apply(store.edit<Enrollment>(event.enrollment_id.text()), event, at);
}

std::string owned_scope(const EnrollmentAccountId& id) {
  return ScopeRef(ScopeType::EnrollmentAccount, id.text()).text();
}

template <class Event>
void fold_invitation(StateStore& store, const Event& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  Access& access = store.edit<Access>(scope.text());
  apply(access, event, at);
  const Account* account = account_of(store, scope);
  const std::string of_account = account != nullptr ? account->account_id.text() : std::string();
  for (const std::string& parent : {std::string(), of_account}) {
    if (access.has_open_invitation()) {
      store.link(Relation::ScopesWithInvitations, parent, scope.text());
    } else {
      store.unlink(Relation::ScopesWithInvitations, parent, scope.text());
    }
  }
}

}  // namespace

void fold_event(StateStore& store, const CustomerCostVisibilityChanged& event,
                const Occurrence& at) {
  apply(store.edit<Customer>(event.customer_id.text()), event, at);
}

void fold_event(StateStore& store, const EnrollmentRegistered& event, const Occurrence& at) {
  apply(store.edit<Enrollment>(event.enrollment_id.text()), event, at);
  store.link(Relation::EnrollmentsOfAccount, event.account_id.text(), event.enrollment_id.text());
}

void fold_event(StateStore& store, const DepartmentCreated& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
  store.link(Relation::EnrollmentOfDepartment, event.department_id.text(),
             event.enrollment_id.text());
}

void fold_event(StateStore& store, const EnrollmentBillingCycleChanged& event,
                const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const EnrollmentRecipientAdded& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const EnrollmentRecipientRemoved& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const PoNumberUpdatedForPeriod& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const EnrollmentPolicyChanged& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const OverageNotificationSent& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
}

void fold_event(StateStore& store, const EnrollmentAccountAdded& event, const Occurrence& at) {
  fold_enrollment(store, event, at);
  store.link(Relation::EnrollmentOfEnrollmentAccount, event.enrollment_account_id.text(),
             event.enrollment_id.text());
  store.link(Relation::ScopesOfIdentity, event.owner_identity_id.text(),
             owned_scope(event.enrollment_account_id));
}

void fold_event(StateStore& store, const AccountOwnerActivated& event, const Occurrence& at) {
  const Enrollment* enrollment = store.enrollment_of(event.enrollment_account_id);
  if (enrollment == nullptr) return;
  apply(store.edit<Enrollment>(enrollment->enrollment_id.text()), event, at);
}

void fold_event(StateStore& store, const AccountOwnerChanged& event, const Occurrence& at) {
  const Enrollment* enrollment = store.enrollment_of(event.enrollment_account_id);
  if (enrollment == nullptr) return;
  const std::string scope = owned_scope(event.enrollment_account_id);
  store.unlink(Relation::ScopesOfIdentity,
               enrollment->account(event.enrollment_account_id)->owner.text(), scope);
  apply(store.edit<Enrollment>(enrollment->enrollment_id.text()), event, at);
  store.link(Relation::ScopesOfIdentity, event.owner_identity_id.text(), scope);
}

void fold_event(StateStore& store, const CreditGranted& event, const Occurrence& at) {
  apply(store.edit<CreditLot>(event.lot_id.text()), event, at);
  store.link(Relation::LotsOfScope, ScopeRef(event.scope_type, event.scope_id.text()).text(),
             event.lot_id.text());
}

void fold_event(StateStore& store, const CreditApplied& event, const Occurrence& at) {
  apply(store.edit<CreditLot>(event.lot_id.text()), event, at);
}

void fold_event(StateStore& store, const RoleInvited& event, const Occurrence& at) {
  fold_invitation(store, event, at);
  store.link(Relation::ScopeOfInvitation, event.invitation_id.text(),
             ScopeRef(event.scope_type, event.scope_id.text()).text());
}

void fold_event(StateStore& store, const RoleInvitationAccepted& event, const Occurrence& at) {
  fold_invitation(store, event, at);
}

void fold_event(StateStore& store, const RoleInvitationWithdrawn& event, const Occurrence& at) {
  fold_invitation(store, event, at);
}

void fold_event(StateStore& store, const RoleInvitationExpired& event, const Occurrence& at) {
  fold_invitation(store, event, at);
}

void fold_event(StateStore& store, const CommunicationEmailChanged& event, const Occurrence& at) {
  apply(store.edit<Identity>(event.identity_id.text()), event, at);
}

void fold_event(StateStore& store, const LanguageChanged& event, const Occurrence& at) {
  apply(store.edit<Identity>(event.identity_id.text()), event, at);
}

}  // namespace daybook
