#include "ledger/domain/answers/enrollment_answer.h"

#include <algorithm>

#include "ledger/domain/answers/balance.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

ScopeRef department_scope(const DepartmentId& id) {
  return ScopeRef(ScopeType::Department, id.text());
}
ScopeRef account_scope(const EnrollmentAccountId& id) {
  return ScopeRef(ScopeType::EnrollmentAccount, id.text());
}

DepartmentView view_of(const StateReader& state, const Enrollment& enrollment,
                       const Department& department) {
  DepartmentView view{department.department_id, enrollment.enrollment_id, department.name, {}};
  const Access* access = state.access(department_scope(department.department_id));
  if (access == nullptr) return view;
  for (const HeldRole& held : access->roles) {
    if (held.role == Role::DepartmentAdministrator) view.administrators.push_back(held.identity_id);
  }
  return view;
}

EnrollmentAccountView view_of(const Enrollment& enrollment, const EnrollmentAccount& account) {
  return {account.enrollment_account_id, enrollment.enrollment_id, account.department_id,
          account.name, account.owner, account.owner_state};
}

Money credit_left(const StateReader& state, const ScopeRef& scope, Currency currency, Date today) {
  Money left{0, currency};
  for (const CreditLot& lot : credit_lots(state, scope)) {
    if (!lot.expires_on || *lot.expires_on > today) left.minor_units += lot.current_minor();
  }
  return left;
}

}  // namespace

Result<EnrollmentView> enrollment_answer(const StateReader& state, const Viewer& viewer,
                                         const EnrollmentId& id, Date today) {
  const Enrollment* enrollment = state.enrollment(id);
  const ScopeRef scope(id);
  if (enrollment == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, scope));
  const Account* account = state.account(enrollment->account_id);
  if (account == nullptr) return nothing_here();

  EnrollmentView view;
  view.enrollment_id = id;
  view.account_id = enrollment->account_id;
  view.start_date = enrollment->start_date;
  view.channel = enrollment->channel;
  view.current_period = enrollment_period(*enrollment, today);
  view.billing_cycle = enrollment->cycle_on(view.current_period.start);
  view.currency = account->currency;
  view.po_number = po_number_of(*enrollment, view.current_period);
  view.policies = {enrollment->account_owner_view_charges,
                   enrollment->department_admin_view_charges, enrollment->marketplace_enabled,
                   enrollment->reserved_instances_enabled};
  for (const Department& department : enrollment->departments) {
    if (is_allowed(state, viewer, Action::See, department_scope(department.department_id))) {
      view.departments.push_back(view_of(state, *enrollment, department));
    }
  }
  for (const EnrollmentAccount& each : enrollment->accounts) {
    if (is_allowed(state, viewer, Action::See, account_scope(each.enrollment_account_id))) {
      view.accounts.push_back(view_of(*enrollment, each));
    }
  }
  view.next_invoice_date = next_invoice_date(state, *enrollment, today);
  if (is_allowed(state, viewer, Action::TrackCredit, scope)) {
    view.prepayment_balance = credit_left(state, scope, account->currency, today);
    LEDGER_TRY(const std::vector<Money> sums,
               balances(state, state.open_invoices_of(scope), account->currency));
    view.balance = sums.front();
  }
  LEDGER_TRY(view.reservation_refunds, reservation_refunds(state, scope, account->currency, today));
  return view;
}

Result<DepartmentView> department_answer(const StateReader& state, const Viewer& viewer,
                                         const DepartmentId& id) {
  const Enrollment* enrollment = state.enrollment_of(id);
  if (enrollment == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, department_scope(id)));
  return view_of(state, *enrollment, *enrollment->department(id));
}

Result<EnrollmentAccountView> enrollment_account_answer(const StateReader& state,
                                                        const Viewer& viewer,
                                                        const EnrollmentAccountId& id) {
  const Enrollment* enrollment = state.enrollment_of(id);
  if (enrollment == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, account_scope(id)));
  return view_of(*enrollment, *enrollment->account(id));
}

}  // namespace daybook
