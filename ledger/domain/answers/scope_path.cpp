#include "ledger/domain/answers/scope_path.h"

namespace daybook {
namespace {

using Path = std::vector<ScopeRef>;

Path account_path(const StateReader& state, const AccountId& id) {
  return state.account(id) != nullptr ? Path{ScopeRef(id)} : Path{};
}

Path profile_path(const StateReader& state, const ProfileId& id) {
  const Profile* profile = state.profile(id);
  if (profile == nullptr) return {};
  return {ScopeRef(id), ScopeRef(profile->account_id)};
}

Path section_path(const StateReader& state, const SectionId& id) {
  const Section* section = state.section(id);
  // A profile without a section has the section of its own id.
  Path path = profile_path(state, section != nullptr ? section->profile_id : ProfileId(id.text()));
  if (!path.empty()) path.insert(path.begin(), ScopeRef(id));
  return path;
}

Path enrollment_path(const StateReader& state, const EnrollmentId& id) {
  const Enrollment* enrollment = state.enrollment(id);
  if (enrollment == nullptr) return {};
  return {ScopeRef(id), ScopeRef(enrollment->account_id)};
}

Path department_path(const StateReader& state, const DepartmentId& id) {
  const Enrollment* enrollment = state.enrollment_of(id);
  if (enrollment == nullptr) return {};
  Path path = enrollment_path(state, enrollment->enrollment_id);
  path.insert(path.begin(), ScopeRef(ScopeType::Department, id.text()));
  return path;
}

Path enrollment_account_path(const StateReader& state, const EnrollmentAccountId& id) {
  const Enrollment* enrollment = state.enrollment_of(id);
  if (enrollment == nullptr) return {};
  const std::optional<DepartmentId>& department = enrollment->account(id)->department_id;
  Path path = department ? department_path(state, *department)
                         : enrollment_path(state, enrollment->enrollment_id);
  path.insert(path.begin(), ScopeRef(ScopeType::EnrollmentAccount, id.text()));
  return path;
}

Path subscription_path(const StateReader& state, const SubscriptionId& id) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr) return {};
  Path path = {ScopeRef(id)};
  if (subscription->invoice_section_id) path.emplace_back(*subscription->invoice_section_id);
  if (subscription->profile_id) path.emplace_back(*subscription->profile_id);
  if (subscription->enrollment_account_id) {
    for (ScopeRef& above : enrollment_account_path(state, *subscription->enrollment_account_id))
      path.push_back(std::move(above));
    return path;
  }
  path.emplace_back(subscription->account_id);
  return path;
}

Path support_plan_path(const StateReader& state, const PlanId& id) {
  const SupportPlan* plan = state.support_plan(id);
  if (plan == nullptr) return {};
  Path path = subscription_path(state, plan->subscription_id);
  if (!path.empty()) path.insert(path.begin(), ScopeRef(id));
  return path;
}

}  // namespace

std::vector<ScopeRef> scope_path(const StateReader& state, const ScopeRef& scope) {
  switch (scope.type) {
    case ScopeType::Account:
      return account_path(state, AccountId(scope.id));
    case ScopeType::Profile:
      return profile_path(state, ProfileId(scope.id));
    case ScopeType::Section:
      return section_path(state, SectionId(scope.id));
    case ScopeType::Subscription:
      return subscription_path(state, SubscriptionId(scope.id));
    case ScopeType::SupportPlan:
      return support_plan_path(state, PlanId(scope.id));
    case ScopeType::Enrollment:
      return enrollment_path(state, EnrollmentId(scope.id));
    case ScopeType::Department:
      return department_path(state, DepartmentId(scope.id));
    case ScopeType::EnrollmentAccount:
      return enrollment_account_path(state, EnrollmentAccountId(scope.id));
    case ScopeType::Customer:
      return {};
  }
  return {};
}

}  // namespace daybook
