#include "ledger/domain/rules/enrollment_access.h"

namespace daybook {
namespace {

constexpr std::string_view kAllowed;
constexpr std::string_view kViewChargesOff = "VIEW_CHARGES_OFF";
constexpr std::string_view kNotInPortal = "EA_NOT_IN_PORTAL";

/// What an identity is at a place, from its roles there and above.
class Standing {
 public:
  Standing(const StateReader& state, const EnrollmentPlace& place, const IdentityId& identity)
      : state_(state), place_(place), identity_(identity) {}

  [[nodiscard]] bool has(Role role) const {
    return place_.enrollment != nullptr &&
           holds(ScopeRef(place_.enrollment->enrollment_id), role);
  }
  [[nodiscard]] bool is_administrator() const { return has(Role::EnterpriseAdministrator); }
  [[nodiscard]] bool is_partner() const { return has(Role::PartnerAdministrator); }
  [[nodiscard]] bool is_indirect_partner() const {
    return is_partner() && place_.enrollment->channel == EnrollmentChannel::Indirect;
  }
  [[nodiscard]] bool is_reader() const {
    return is_administrator() || has(Role::EnterpriseAdministratorReadOnly) ||
           has(Role::EnterprisePurchaser) || is_partner();
  }
  [[nodiscard]] bool administers_department(bool read_only_too) const {
    if (!place_.department) return false;
    const ScopeRef department(ScopeType::Department, place_.department->text());
    return holds(department, Role::DepartmentAdministrator) ||
           (read_only_too && holds(department, Role::DepartmentAdministratorReadOnly));
  }
  [[nodiscard]] bool owns_account() const {
    return place_.enrollment_account != nullptr && place_.enrollment_account->owner == identity_;
  }
  [[nodiscard]] bool owns_billing_account() const {
    return holds(ScopeRef(place_.account->account_id), Role::Owner);
  }
  [[nodiscard]] bool holds_on_subscription(Role role) const {
    return place_.subscription != nullptr &&
           holds(ScopeRef(place_.subscription->subscription_id), role);
  }
  /// 5.3 "own DAs": of a department its administrator adds administrators, to what lies in it nobody.
  [[nodiscard]] bool assigns_roles() const {
    const bool is_department =
        place_.enrollment_account == nullptr && place_.subscription == nullptr;
    return is_administrator() || owns_billing_account() || holds_on_subscription(Role::Owner) ||
           (is_department && administers_department(false));
  }

 private:
  [[nodiscard]] bool holds(const ScopeRef& scope, Role role) const {
    const Access* access = state_.access(scope);
    return access != nullptr && access->holds(identity_, role);
  }

  const StateReader& state_;
  const EnrollmentPlace& place_;
  const IdentityId& identity_;
};

/// ROL-9: administrators always; those of a department or account by the policy (ROL-11: and whom
/// they made Billing Reader).
std::string_view usage_refused(const EnrollmentPlace& place, const Standing& standing) {
  if (standing.is_reader()) return kAllowed;
  const bool is_department = standing.administers_department(true);
  const bool is_owner =
      standing.owns_account() || standing.holds_on_subscription(Role::BillingReader);
  if (is_department && place.enrollment->department_admin_view_charges) return kAllowed;
  if (is_owner && place.enrollment->account_owner_view_charges) return kAllowed;
  return is_department || is_owner ? kViewChargesOff : kNotInPortal;
}

bool is_allowed(const StateReader& state, const Standing& standing, Action action) {
  switch (action) {
    case Action::ViewInvoices:
      return state.policies().is_on("ea.portalInvoices") && standing.is_administrator();
    case Action::TrackCredit:
    case Action::ViewPrices:
      return standing.is_reader();
    case Action::SetEnrollmentPolicy:
      return standing.is_administrator();
    case Action::UpdatePoNumber:
    case Action::ChangeEmailPreference:
      return standing.is_administrator() || standing.is_indirect_partner();
    case Action::AssignRoles:
      return standing.assigns_roles();
    case Action::AssignBillingReader:
      return standing.assigns_roles() || standing.administers_department(false) ||
             standing.owns_account();
    case Action::CreateSubscription:
      return standing.owns_account();
    case Action::ReactivateSubscription:
      return standing.is_administrator() || standing.holds_on_subscription(Role::Owner);
    default:
      return false;
  }
}

}  // namespace

std::string_view refused_in_enrollment(const StateReader& state, const EnrollmentPlace& place,
                                       const IdentityId& identity, Action action) {
  const Standing standing(state, place, identity);
  if (action == Action::ViewUsage || action == Action::DownloadUsage) {
    return usage_refused(place, standing);
  }
  return is_allowed(state, standing, action) ? kAllowed : kNotInPortal;
}

}  // namespace daybook
