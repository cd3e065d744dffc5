#include "ledger/domain/rules/scope_place.h"

namespace daybook {

std::optional<Place> place_of(const StateReader& state, const ScopeRef& scope) {
  Place place;
  AccountId account;
  switch (scope.type) {
    case ScopeType::Account:
      account = AccountId(scope.id);
      break;
    case ScopeType::Profile: {
      const Profile* profile = state.profile(ProfileId(scope.id));
      if (profile == nullptr) return std::nullopt;
      place.profile = profile->profile_id;
      account = profile->account_id;
      break;
    }
    case ScopeType::Section: {
      const Section* section = state.section(SectionId(scope.id));
      const Profile* profile =
          state.profile(section != nullptr ? section->profile_id : ProfileId(scope.id));
      if (profile == nullptr) return std::nullopt;
      place.section = SectionId(scope.id);
      place.profile = profile->profile_id;
      account = profile->account_id;
      break;
    }
    case ScopeType::SupportPlan: {
      const SupportPlan* plan = state.support_plan(PlanId(scope.id));
      if (plan == nullptr) return std::nullopt;
      place.is_support_plan = true;
      place.subscription = state.subscription(plan->subscription_id);
      account = plan->account_id;
      break;
    }
    case ScopeType::Subscription: {
      place.subscription = state.subscription(SubscriptionId(scope.id));
      if (place.subscription == nullptr) return std::nullopt;
      account = place.subscription->account_id;
      break;
    }
    case ScopeType::Enrollment:
      place.enrollment = state.enrollment(EnrollmentId(scope.id));
      if (place.enrollment == nullptr) return std::nullopt;
      account = place.enrollment->account_id;
      break;
    case ScopeType::Department:
      place.department = DepartmentId(scope.id);
      place.enrollment = state.enrollment_of(*place.department);
      if (place.enrollment == nullptr) return std::nullopt;
      account = place.enrollment->account_id;
      break;
    case ScopeType::EnrollmentAccount:
      place.enrollment_account = EnrollmentAccountId(scope.id);
      place.enrollment = state.enrollment_of(*place.enrollment_account);
      if (place.enrollment == nullptr) return std::nullopt;
      account = place.enrollment->account_id;
      break;
    case ScopeType::Customer:
      return std::nullopt;
  }
  if (place.subscription != nullptr) {
    place.profile = place.subscription->profile_id;
    place.section = place.subscription->invoice_section_id;
    place.enrollment_account = place.subscription->enrollment_account_id;
    if (place.subscription->enrollment_id)
      place.enrollment = state.enrollment(*place.subscription->enrollment_id);
  }
  if (place.enrollment_account && place.enrollment != nullptr) {
    const EnrollmentAccount* of = place.enrollment->account(*place.enrollment_account);
    if (of != nullptr) place.department = of->department_id;
  }
  place.account = state.account(account);
  if (place.account == nullptr) return std::nullopt;
  return place;
}

}  // namespace daybook
