#include <algorithm>

#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/roles.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

bool is_role_of(ScopeType scope, Role role, AccountType account_type) {
  const bool is_plain = role == Role::Owner || role == Role::Contributor || role == Role::Reader;
  switch (scope) {
    case ScopeType::Account:
      return is_plain || (account_type == AccountType::MPA &&
                          (role == Role::GlobalAdministrator || role == Role::AdminAgent));
    case ScopeType::Profile:
      return is_plain || role == Role::InvoiceManager;
    case ScopeType::Section:
      return is_plain || role == Role::SubscriptionCreator;
    case ScopeType::Subscription:
      return is_plain || role == Role::ServiceAdministrator || role == Role::CoAdministrator ||
             role == Role::BillingReader;
    case ScopeType::Enrollment:
      return role == Role::EnterpriseAdministrator ||
             role == Role::EnterpriseAdministratorReadOnly || role == Role::EnterprisePurchaser ||
             role == Role::PartnerAdministrator;
    case ScopeType::Department:
      return role == Role::DepartmentAdministrator || role == Role::DepartmentAdministratorReadOnly;
    case ScopeType::SupportPlan:
    case ScopeType::EnrollmentAccount:
    case ScopeType::Customer:
      return false;
  }
  return false;
}

bool is_last_owner(const StateReader& state, const ScopeRef& scope, Role role,
                   const IdentityId& identity) {
  const bool has_owner = scope.type == ScopeType::Account || scope.type == ScopeType::Profile ||
                         scope.type == ScopeType::Section;
  const bool is_owner = (has_owner && role == Role::Owner) ||
                        (scope.type == ScopeType::Enrollment &&
                         role == Role::EnterpriseAdministrator);
  if (!is_owner) return false;
  const Access* access = state.access(scope);
  if (access == nullptr || !access->holds(identity, role)) return false;
  return std::count_if(access->roles.begin(), access->roles.end(),
                       [role](const HeldRole& held) { return held.role == role; }) == 1;
}

namespace {

template <class Fact>
Result<void> check_role(const FactChecker& checker, const Fact& fact) {
  const Account* account = checker.account_of({fact.scope_type, fact.scope_id.text()});
  if (account == nullptr) {
    return unknown_reference(wire_name(fact.scope_type), fact.scope_id.text(), "/data/scopeId");
  }
  if (!is_role_of(fact.scope_type, fact.role, account->type)) {
    return rejected("INVALID_FIELD",
                    std::string(wire_name(fact.role)) + " is no role of a " +
                        std::string(wire_name(fact.scope_type)),
                    "/data/role");
  }
  return {};
}

Result<void> check_email(const Personal<std::string>& email) {
  if (!email.value || is_email(*email.value)) return {};
  return rejected("INVALID_EMAIL", "this is no e-mail address", "/data/email");
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const IdentityLinked& fact) {
  const Identity* identity = checker.state().identity(fact.identity_id);
  if (identity != nullptr &&
      (identity->issuer != fact.issuer || identity->subject != fact.subject)) {
    return already_exists("identity, of another issuer or subject,", fact.identity_id.text(),
                          "/data/identityId");
  }
  if (checker.is_bound() && !checker.is_bound_to(fact.tenant_id)) {
    return failed(ErrorKind::Forbidden, "FORBIDDEN",
                  "this key links identities of its own tenant alone", "/data/tenantId");
  }
  return check_email(fact.email);
}

Result<void> check_fact(const FactChecker& checker, const EmailChanged& fact) {
  const Identity* identity = checker.state().identity(fact.identity_id);
  const auto is_seen = [&](const Identity& who) {
    return !checker.is_bound() ||
           std::any_of(who.tenants.begin(), who.tenants.end(),
                       [&](const TenantId& tenant) { return checker.is_bound_to(tenant); });
  };
  if (identity == nullptr || !is_seen(*identity)) {
    return unknown_reference("identity", fact.identity_id.text(), "/data/identityId");
  }
  return check_email(fact.email);
}

Result<void> check_fact(const FactChecker& checker, const RoleAssigned& fact) {
  return check_role(checker, fact);
}

Result<void> check_fact(const FactChecker& checker, const RoleRevoked& fact) {
  LEDGER_CHECK(check_role(checker, fact));
  if (is_last_owner(checker.state(), {fact.scope_type, fact.scope_id.text()}, fact.role,
                    fact.identity_id)) {
    return conflict("LAST_SCOPE_OWNER",
                    "assign the role to somebody else before the last owner loses it",
                    "/data/identityId");
  }
  return {};
}

}  // namespace daybook
