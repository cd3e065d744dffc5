#include "ledger/domain/rules/fold_table.h"

#include <string>

namespace daybook {
namespace {

std::string owned_scope(const EnrollmentAccountId& id) {
  return ScopeRef(ScopeType::EnrollmentAccount, id.text()).text();
}

void fold_event(StateStore& store, const EnrollmentRegistered& event, const Occurrence& at) {
  apply(store.edit<Enrollment>(event.enrollment_id.text()), event, at);
  store.link(Relation::EnrollmentsOfAccount, event.account_id.text(), event.enrollment_id.text());
}

void fold_event(StateStore& store, const DepartmentCreated& event, const Occurrence& at) {
  apply(store.edit<Enrollment>(event.enrollment_id.text()), event, at);
  store.link(Relation::EnrollmentOfDepartment, event.department_id.text(),
             event.enrollment_id.text());
}

void fold_event(StateStore& store, const EnrollmentAccountAdded& event, const Occurrence& at) {
  apply(store.edit<Enrollment>(event.enrollment_id.text()), event, at);
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

constexpr auto kFoldAgreements = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_agreements(FoldTable& table) {
  table.add<EnrollmentRegistered, DepartmentCreated, EnrollmentAccountAdded,
            AccountOwnerActivated, AccountOwnerChanged>(kFoldAgreements);
  table.add_rows<Enrollment, EnrollmentBillingCycleChanged, EnrollmentRecipientAdded,
                 EnrollmentRecipientRemoved, PoNumberUpdatedForPeriod, EnrollmentPolicyChanged,
                 OverageNotificationSent>();
}

}  // namespace daybook
