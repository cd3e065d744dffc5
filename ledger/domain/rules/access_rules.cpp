#include "ledger/domain/rules/access_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "ledger/domain/rules/enrollment_access.h"
#include "ledger/domain/rules/scope_place.h"

namespace daybook {
namespace {

// Roles of MCA and MPA as columns of the table of 5.2.
using Columns = std::uint16_t;
constexpr Columns kAccountOwner = 1 << 0;
constexpr Columns kAccountContributor = 1 << 1;
constexpr Columns kAccountReader = 1 << 2;
constexpr Columns kProfileOwner = 1 << 3;
constexpr Columns kProfileContributor = 1 << 4;
constexpr Columns kProfileReader = 1 << 5;
constexpr Columns kInvoiceManager = 1 << 6;
constexpr Columns kSectionOwner = 1 << 7;
constexpr Columns kSectionContributor = 1 << 8;
constexpr Columns kSectionReader = 1 << 9;
constexpr Columns kSubscriptionCreator = 1 << 10;
constexpr Columns kSubscriptionOwner = 1 << 11;  // not of 5.2: for roles and reactivation (5.5)

constexpr Columns kAccountAll = kAccountOwner | kAccountContributor | kAccountReader;
constexpr Columns kProfileAll =
    kProfileOwner | kProfileContributor | kProfileReader | kInvoiceManager;
constexpr Columns kWriters =
    kAccountOwner | kAccountContributor | kProfileOwner | kProfileContributor;

struct Row {
  Action action;
  Columns columns;
};
constexpr auto kTable = std::to_array<Row>({
    {Action::ViewInvoices, kAccountAll | kProfileAll},
    {Action::DownloadUsage, kAccountAll | kProfileAll},
    {Action::ViewUsage, kAccountAll | kProfileAll},
    {Action::ViewBillingHistory, 0},
    {Action::Pay,
     kAccountOwner | kProfileOwner | kProfileContributor | kInvoiceManager},  // and CF-13
    {Action::ChangeEmailPreference, kWriters},
    {Action::UpdateProperties, kWriters},
    {Action::ManagePaymentMethods, kWriters},
    {Action::TrackCredit, kAccountAll | kProfileAll},
    {Action::ViewPrices, kAccountAll | kProfileAll},
    {Action::AssignRoles, kAccountOwner | kProfileOwner | kSubscriptionOwner},
    {Action::AssignBillingReader, kAccountOwner | kProfileOwner | kSubscriptionOwner},
    {Action::SetInvoiceSharing, 0},
    {Action::CreateProfile, kAccountOwner | kAccountContributor},
    {Action::CreateSection, kWriters},
    {Action::CreateSubscription,
     kWriters | kSectionOwner | kSectionContributor | kSubscriptionCreator},  // and CF-14
    {Action::ReactivateSubscription, kProfileOwner | kProfileContributor | kSubscriptionOwner},
    {Action::SetCostVisibility, kAccountOwner},
});

constexpr Columns columns_of(Action action) {
  for (const Row& row : kTable) {
    if (row.action == action) return row.columns;
  }
  return 0;
}

bool holds(const StateReader& state, const ScopeRef& scope, const IdentityId& identity, Role role) {
  const Access* access = state.access(scope);
  return access != nullptr && access->holds(identity, role);
}

Columns plain(const StateReader& state, const ScopeRef& scope, const IdentityId& identity,
              Columns owner, Columns contributor, Columns reader) {
  return static_cast<Columns>((holds(state, scope, identity, Role::Owner) ? owner : 0) |
                              (holds(state, scope, identity, Role::Contributor) ? contributor : 0) |
                              (holds(state, scope, identity, Role::Reader) ? reader : 0));
}

/// A document is the account's that it was issued to, wherever its subscription lies now. Roles on
/// the subscription count while it is still there.
std::optional<Place> place_of(const StateReader& state, const AccessObject& object) {
  auto place = place_of(state, object.scope);
  if (object.invoice == nullptr) return place;
  const Account* account = state.account(object.invoice->account_id);
  if (account == nullptr) return std::nullopt;
  if (place && place->account->account_id == account->account_id) return place;
  Place left;
  left.account = account;
  return left;
}

/// The roles that count at `place`: of it and of what lies above it (ROL-5).
Columns columns_at(const StateReader& state, const Place& place, const IdentityId& identity) {
  const Account& account = *place.account;
  const ScopeRef account_scope(account.account_id);
  Columns columns = 0;
  const std::string_view mpa =
      account.type == AccountType::MPA ? state.policies().word("mpa.access") : "profileRoles";
  if (mpa != "profileRoles" && (holds(state, account_scope, identity, Role::GlobalAdministrator) ||
                                holds(state, account_scope, identity, Role::AdminAgent))) {
    columns |= kAccountOwner;
  }
  if (mpa == "partnerRoles") return columns;
  columns |=
      plain(state, account_scope, identity, kAccountOwner, kAccountContributor, kAccountReader);
  if (place.profile) {
    const ScopeRef profile(*place.profile);
    columns |= plain(state, profile, identity, kProfileOwner, kProfileContributor, kProfileReader);
    if (holds(state, profile, identity, Role::InvoiceManager)) columns |= kInvoiceManager;
  }
  if (place.section) {
    const ScopeRef section(*place.section);
    columns |= plain(state, section, identity, kSectionOwner, kSectionContributor, kSectionReader);
    if (holds(state, section, identity, Role::SubscriptionCreator)) columns |= kSubscriptionCreator;
  }
  if (place.subscription != nullptr &&
      holds(state, ScopeRef(place.subscription->subscription_id), identity, Role::Owner)) {
    columns |= kSubscriptionOwner;
  }
  return columns;
}

bool has_subscription_role(const StateReader& state, const Place& place,
                           const IdentityId& identity) {
  if (place.subscription == nullptr) return false;
  const Access* access = state.access(ScopeRef(place.subscription->subscription_id));
  return access != nullptr && access->holds_any(identity);
}

bool is_shared(const StateReader& state, const Place& place) {
  if (place.subscription == nullptr) return false;
  const Access* access = state.access(ScopeRef(place.subscription->subscription_id));
  return access != nullptr && access->invoice_sharing;
}

/// The first day whose documents others than the administrator see (ROL-3a); none: all.
std::optional<Date> delegated_from(const Policies& policies) {
  const auto day = Date::parse(policies.word("mosp.delegatedFrom"));
  return day ? std::optional(*day) : std::nullopt;
}

bool may_in_mosp(const StateReader& state, const Place& place, const IdentityId& identity,
                 Action action, const Invoice* invoice) {
  if (place.account->administrator == identity) {
    return action != Action::CreateProfile && action != Action::CreateSection;
  }
  switch (action) {
    case Action::ViewUsage:
      return has_subscription_role(state, place, identity);
    case Action::DownloadUsage:
      if (state.policies().word("mosp.usageDownload") == "accountAdministrator") return false;
      break;
    case Action::ViewInvoices:
      break;
    case Action::AssignRoles:
    case Action::AssignBillingReader:
    case Action::ReactivateSubscription:
      return place.subscription != nullptr &&
             holds(state, ScopeRef(place.subscription->subscription_id), identity, Role::Owner);
    default:
      return false;
  }
  if (!has_subscription_role(state, place, identity) || !is_shared(state, place)) return false;
  const bool is_support =
      place.is_support_plan || (invoice != nullptr && invoice->type == InvoiceType::AzureSupport);
  if (is_support) return false;
  const auto from = delegated_from(state.policies());
  return invoice == nullptr || !from || invoice->issue_date >= *from;
}

bool may_in_profiles(const StateReader& state, const Place& place, const IdentityId& identity,
                     Action action) {
  const Columns columns = columns_at(state, place, identity);
  if ((columns & columns_of(action)) != 0) return true;
  const Policies& policies = state.policies();
  if (action == Action::Pay && policies.is_on("mca.accountContributorPays")) {
    return (columns & kAccountContributor) != 0;
  }
  if (action == Action::CreateSubscription && (columns & kInvoiceManager) != 0) {
    const std::string_view where = policies.word("mca.invoiceManagerCreates");
    return where == "always" || (where == "profile" && !place.section);
  }
  // An owner of a section assigns roles there.
  const bool assigns = action == Action::AssignRoles || action == Action::AssignBillingReader;
  if (assigns && place.section) return (columns & kSectionOwner) != 0;
  return false;
}

/// a customer with a role on his own subscription sees its usage where the partner lets him.
bool may_as_customer(const StateReader& state, const Place& place, const IdentityId& identity,
                     Action action) {
  if (action != Action::ViewUsage || place.subscription == nullptr ||
      !place.subscription->customer_id) {
    return false;
  }
  const Customer* customer = state.customer(*place.subscription->customer_id);
  return customer != nullptr && customer->cost_visibility &&
         has_subscription_role(state, place, identity);
}

AccountType rules_of(const Place& place, const Invoice* invoice) {
  // A document keeps the rules of the type it was issued under, and an agreement its own.
  if (invoice != nullptr) return invoice->account_type;
  return place.enrollment != nullptr ? AccountType::EA : place.account->type;
}

/// whoever has a role on an upgraded account sees what it was billed before, too.
bool may_as_heir(const StateReader& state, const Place& place, const IdentityId& identity,
                 Action action, const Invoice* invoice) {
  if (invoice == nullptr || !place.account->has_profiles() ||
      invoice->account_type == place.account->type) {
    return false;
  }
  Place above;
  above.account = place.account;
  return (columns_at(state, above, identity) & columns_of(action)) != 0;
}

std::string_view enrollment_refusal(const StateReader& state, const Place& place,
                                    const IdentityId& identity, Action action) {
  const EnrollmentAccount* account =
      place.enrollment != nullptr && place.enrollment_account
          ? place.enrollment->account(*place.enrollment_account)
          : nullptr;
  return refused_in_enrollment(
      state, {place.account, place.enrollment, place.department, account, place.subscription},
      identity, action);
}

bool may_as(const StateReader& state, const Place& place, const IdentityId& identity, Action action,
            const Invoice* invoice) {
  if (may_as_heir(state, place, identity, action, invoice)) return true;
  switch (rules_of(place, invoice)) {
    case AccountType::MOSP:
      return may_in_mosp(state, place, identity, action, invoice);
    case AccountType::EA:
      return enrollment_refusal(state, place, identity, action).empty();
    case AccountType::MCA:
    case AccountType::MPA:
      break;
  }
  return may_in_profiles(state, place, identity, action);
}

/// How somebody stands to a scope: a role below it makes it seen, one on it or above it opens it.
enum class Kinship { None, Below, OnOrAbove };

Kinship kinship_of(const StateReader& state, const Place& place, const ScopeRef& scope,
                   const IdentityId& identity) {
  const Account& account = *place.account;
  Kinship kinship = Kinship::None;
  if (account.type == AccountType::MOSP && account.administrator == identity)
    return Kinship::OnOrAbove;
  for (const std::string& text : state.members(Relation::ScopesOfIdentity, identity.text())) {
    const auto held = ScopeRef::parse(text);
    if (!held) continue;
    const auto other = place_of(state, *held);
    if (!other || other->account->account_id != account.account_id) continue;
    const bool held_is_above =
        held->type == ScopeType::Account ||
        (held->type == ScopeType::Profile && other->profile == place.profile) ||
        (held->type == ScopeType::Section && other->section == place.section && place.section) ||
        (held->type == ScopeType::Enrollment && other->enrollment == place.enrollment) ||
        (held->type == ScopeType::Department && other->department == place.department) ||
        (held->type == ScopeType::EnrollmentAccount &&
         other->enrollment_account == place.enrollment_account) ||
        (held->type == ScopeType::Subscription && other->subscription == place.subscription);
    const bool held_is_below =
        scope.type == ScopeType::Account ||
        (scope.type == ScopeType::Profile && other->profile == place.profile) ||
        (scope.type == ScopeType::Section && other->section == place.section) ||
        (scope.type == ScopeType::Enrollment && other->enrollment == place.enrollment) ||
        (scope.type == ScopeType::Department && other->department == place.department) ||
        (scope.type == ScopeType::EnrollmentAccount &&
         other->enrollment_account == place.enrollment_account);
    if (held_is_above) return Kinship::OnOrAbove;
    if (held_is_below) kinship = Kinship::Below;
  }
  return kinship;
}

/// Whether the place is of a directory: one of the account's, or of the customer whose subscription
/// it is.
bool admits(const StateReader& state, const Place& place, const TenantId& tenant) {
  if (place.account->allows(tenant)) return true;
  if (place.subscription == nullptr || !place.subscription->customer_id) return false;
  const Customer* customer = state.customer(*place.subscription->customer_id);
  return customer != nullptr && customer->tenant_id == tenant;
}

std::string_view no_permission(const Place& place, const Invoice* invoice) {
  switch (rules_of(place, invoice)) {
    case AccountType::MOSP:
      return "NO_PERMISSION_NOT_AA";
    case AccountType::EA:
      return "EA_NOT_IN_PORTAL";
    case AccountType::MCA:
    case AccountType::MPA:
      break;
  }
  return "NO_PERMISSION_MCA";
}

}  // namespace

const Account* account_of(const StateReader& state, const ScopeRef& scope) {
  const auto place = place_of(state, scope);
  return place ? place->account : nullptr;
}

bool is_csp_customer(const StateReader& state, const Viewer& viewer, const Account& account) {
  if (!viewer.tenant || account.allows(*viewer.tenant)) return false;
  for (const std::string& id :
       state.members(Relation::CustomersOfAccount, account.account_id.text())) {
    const Customer* customer = state.find<Customer>(id);
    if (customer != nullptr && customer->tenant_id == *viewer.tenant) return true;
  }
  return false;
}

bool allows_tenant(const StateReader& state, const ScopeRef& scope, const TenantId& tenant) {
  const auto place = place_of(state, scope);
  return place && admits(state, *place, tenant);
}

bool is_in_allowed_tenant(const StateReader& state, const Viewer& viewer, const ScopeRef& scope) {
  return viewer.tenant && allows_tenant(state, scope, *viewer.tenant);
}

bool is_administrator(const Account& account, const Viewer& viewer) {
  return account.type == AccountType::MOSP && viewer.identity == account.administrator &&
         viewer.tenant && account.allows(*viewer.tenant);
}

bool may_in_own_tenant(const StateReader& state, const IdentityId& identity, Action action,
                       const AccessObject& object) {
  const auto place = place_of(state, object);
  return place && may_as(state, *place, identity, action, object.invoice);
}

Permission may(const StateReader& state, const Viewer& viewer, Action action,
               const AccessObject& object) {
  const auto place = place_of(state, object);
  if (!place) return {};
  if (viewer.is_operator()) {
    const bool sees = !viewer.tenant || place->account->tenant_id == *viewer.tenant;
    return {sees, sees, {}};
  }
  if (!viewer.tenant || !admits(state, *place, *viewer.tenant))
    return {false, false, "WRONG_TENANT"};
  const Kinship kinship = kinship_of(state, *place, object.scope, *viewer.identity);
  if (kinship == Kinship::None) return {false, false, no_permission(*place, object.invoice)};
  if (action == Action::See) {
    if (kinship == Kinship::OnOrAbove) return {true, true, {}};
    return {false, true, no_permission(*place, object.invoice)};
  }
  if (is_csp_customer(state, viewer, *place->account)) {
    if (may_as_customer(state, *place, *viewer.identity, action)) return {true, true, {}};
    return {false, true, "CSP_CUSTOMER"};
  }
  if (may_as(state, *place, *viewer.identity, action, object.invoice)) return {true, true, {}};
  if (rules_of(*place, object.invoice) == AccountType::EA)
    return {false, true, enrollment_refusal(state, *place, *viewer.identity, action)};
  return {false, true, no_permission(*place, object.invoice)};
}

}  // namespace daybook
