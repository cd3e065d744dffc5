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

Path subscription_path(const StateReader& state, const SubscriptionId& id) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr) return {};
  Path path = {ScopeRef(id)};
  if (subscription->invoice_section_id) path.emplace_back(*subscription->invoice_section_id);
  if (subscription->profile_id) path.emplace_back(*subscription->profile_id);
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
    case ScopeType::Department:
    case ScopeType::EnrollmentAccount:
    case ScopeType::Customer:
      return {};
  }
  return {};
}

}  // namespace daybook
