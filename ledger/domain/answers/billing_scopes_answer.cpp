#include "ledger/domain/answers/billing_scopes_answer.h"

#include <algorithm>
#include <set>

#include "ledger/domain/answers/listing.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/scope_path.h"
#include "ledger/domain/rules/offers.h"

namespace daybook {
namespace {

using Scopes = std::set<std::string>;

/// The scopes of `account` that can stand in the list.
Scopes scopes_of(const StateReader& state, const Account& account) {
  Scopes scopes = {ScopeRef(account.account_id).text()};
  const auto take = [&](ScopeType type, const std::vector<std::string>& ids) {
    for (const std::string& id : ids) scopes.insert(ScopeRef(type, id).text());
  };
  if (account.type == AccountType::MOSP) {
    take(ScopeType::Subscription, state.subscriptions_of(account.account_id));
    take(ScopeType::SupportPlan, state.support_plans_of(account.account_id));
    return scopes;
  }
  take(ScopeType::Profile, state.profiles_of(account.account_id));
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    scopes.insert(ScopeRef(ScopeType::Enrollment, id).text());
    const Enrollment* enrollment = state.find<Enrollment>(id);
    if (enrollment == nullptr) continue;
    for (const Department& department : enrollment->departments)
      take(ScopeType::Department, {department.department_id.text()});
    for (const EnrollmentAccount& each : enrollment->accounts)
      take(ScopeType::EnrollmentAccount, {each.enrollment_account_id.text()});
  }
  return scopes;
}

bool owns(const StateReader& state, const IdentityId& identity, const ScopeRef& scope) {
  if (scope.type != ScopeType::EnrollmentAccount) return false;
  const EnrollmentAccountId id(scope.id);
  const Enrollment* enrollment = state.enrollment_of(id);
  return enrollment != nullptr && enrollment->account(id)->owner == identity;
}

/// His own roles on the scope and above it.
std::vector<OwnRoleView> roles_on(const StateReader& state, const IdentityId& identity,
                                  const Account& account, const ScopeRef& scope) {
  std::vector<OwnRoleView> roles;
  if (account.type == AccountType::MOSP && account.administrator == identity)
    roles.push_back({"AccountAdministrator", scope.type != ScopeType::Account});
  if (owns(state, identity, scope)) roles.push_back({"AccountOwner", false});
  for (const ScopeRef& above : scope_path(state, scope)) {
    const Access* access = state.access(above);
    if (access == nullptr) continue;
    for (const HeldRole& held : access->roles) {
      if (held.identity_id == identity)
        roles.push_back({std::string(wire_name(held.role)), above != scope});
    }
  }
  return roles;
}

std::string name_of(const StateReader& state, const ScopeRef& scope) {
  switch (scope.type) {
    case ScopeType::Subscription:
      return state.subscription(SubscriptionId(scope.id))->name.value_or(scope.id);
    case ScopeType::Profile:
      return state.profile(ProfileId(scope.id))->display_name.value_or(scope.id);
    case ScopeType::Department: {
      const DepartmentId id(scope.id);
      return state.enrollment_of(id)->department(id)->name;
    }
    case ScopeType::EnrollmentAccount: {
      const EnrollmentAccountId id(scope.id);
      return state.enrollment_of(id)->account(id)->name;
    }
    default:
      return scope.id;
  }
}

/// ACC-8: the pages of a partner open with his first customer on a plan.
bool is_open(const StateReader& state, const Account& account) {
  if (account.type != AccountType::MPA || !state.policies().is_on("mpa.requirePlanCustomer"))
    return true;
  const std::vector<std::string> ids = state.subscriptions_of(account.account_id);
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    const Subscription* subscription = state.find<Subscription>(id);
    return subscription != nullptr && subscription->customer_id &&
           subscription->status != SubscriptionStatus::Deleted &&
           offer_of(state, subscription->offer_id).kind == OfferKind::Plan;
  });
}

std::vector<ScopeAbility> abilities(const StateReader& state, const Viewer& viewer,
                                    const ScopeRef& scope) {
  constexpr std::pair<ScopeAbility, Action> kAbilities[] = {
      {ScopeAbility::ViewInvoices, Action::ViewInvoices},
      {ScopeAbility::DownloadUsage, Action::DownloadUsage},
      {ScopeAbility::ChangeEmailPreference, Action::ChangeEmailPreference},
      {ScopeAbility::Pay, Action::Pay},
      {ScopeAbility::AssignRoles, Action::AssignRoles}};
  std::vector<ScopeAbility> can;
  for (const auto& [ability, action] : kAbilities) {
    if (action == Action::AssignRoles && scope.type == ScopeType::EnrollmentAccount) continue;  // it has no roles
    if (is_allowed(state, viewer, action, scope)) can.push_back(ability);
  }
  return can;
}

/// Each on the scopes under which such a thing stands.
std::vector<ScopeRequest> requests(const StateReader& state, const Viewer& viewer, const ScopeRef& scope) {
  struct Request {
    ScopeRequest request;
    Action action;
    std::vector<ScopeType> on;
  };
  static const Request kRequests[] = {
      {ScopeRequest::CreateProfile, Action::CreateProfile, {ScopeType::Account}},
      {ScopeRequest::CreateSection, Action::CreateSection, {ScopeType::Profile}},
      {ScopeRequest::CreateSubscription,
       Action::CreateSubscription,
       {ScopeType::Account, ScopeType::Profile, ScopeType::EnrollmentAccount}},
      {ScopeRequest::ManagePaymentMethods,
       Action::ManagePaymentMethods,
       {ScopeType::Account, ScopeType::Profile}}};
  std::vector<ScopeRequest> may_ask_for;
  for (const Request& each : kRequests) {
    const bool stands_there = std::find(each.on.begin(), each.on.end(), scope.type) != each.on.end();
    if (stands_there && is_allowed(state, viewer, each.action, scope)) may_ask_for.push_back(each.request);
  }
  return may_ask_for;
}

}  // namespace

Result<BillingScopeListView> billing_scopes_answer(const StateReader& state, const Viewer& viewer,
                                                   const PageRequest& page) {
  if (viewer.is_operator()) return nothing_here();
  std::vector<std::string> texts;
  for (const std::string& id : accounts_in_reach(state, viewer)) {
    const Account* account = state.find<Account>(id);
    if (account == nullptr) continue;
    for (const std::string& text : scopes_of(state, *account)) texts.push_back(text);
  }
  std::sort(texts.begin(), texts.end());
  const auto is_reached = [&](const std::string& text) {
    const ScopeRef scope = *ScopeRef::parse(text);
    return is_allowed(state, viewer, Action::See, scope) &&
           !roles_on(state, *viewer.identity, *account_of(state, scope), scope).empty();
  };
  const auto view_of = [&](const std::string& text) -> Result<BillingScopeView> {
    const ScopeRef scope = *ScopeRef::parse(text);
    const Account& account = *account_of(state, scope);
    BillingScopeView view;
    view.scope_type = scope.type;
    view.scope_id = ScopeId(scope.id);
    view.name = name_of(state, scope);
    view.account_id = account.account_id;
    view.account_type = account.type;
    view.roles = roles_on(state, *viewer.identity, account, scope);
    view.can = abilities(state, viewer, scope);
    view.may_ask_for = requests(state, viewer, scope);
    view.available = is_open(state, account);
    if (!view.available) view.hint = "Not available yet: add a customer with a plan first";
    return view;
  };
  return fill_page<BillingScopeListView>(texts, page, is_reached, view_of);
}

}  // namespace daybook
