#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"

namespace daybook {

/// The rows of the tables of domain.md 5.1 to 5.3.
enum class Action {
  See,                 ///< its state: a role on it or above it, not one below it (domain.md 9.4.14)
  ViewInvoices,        ///< list, read and download; of one document: with its age and kind
  DownloadUsage,       ///< the usage file of an invoice or period
  ViewUsage,           ///< the usage view, month-to-date usage and estimates
  ViewBillingHistory,  ///< MOSP: history and statement
  Pay,
  ChangeEmailPreference,
  UpdateProperties,  ///< purchase order, bill-to, sold-to
  ManagePaymentMethods,
  TrackCredit,
  ViewPrices,
  AssignRoles,
  AssignBillingReader,  ///< on a subscription: a department's head or account owner, too (ROL-11)
  SetInvoiceSharing,
  CreateProfile,
  CreateSection,
  CreateSubscription,
  ReactivateSubscription,
  SetCostVisibility,  ///< what customers of a partner see (MPA)
  SetEnrollmentPolicy,
  UpdatePoNumber,  ///< of a period of an enrollment
};

/// What is asked about: the scope, and a document of it where it is about one.
struct AccessObject {
  ScopeRef scope;
  const Invoice* invoice = nullptr;

  [[nodiscard]] static AccessObject of(const ScopeRef& scope) { return {scope, nullptr}; }
  [[nodiscard]] static AccessObject of(const Invoice& invoice) { return {invoice.scope, &invoice}; }
};

/// The answer. `seen` is the one relation that decides between 403 and 404 (5.5): for it a role below
/// the scope is enough. `reason` is the code of domain.md 7 for the first step that failed (5.4), or
/// that of 5.5; empty where it is allowed.
struct Permission {
  bool allowed = false;
  bool seen = false;
  std::string_view reason;

  friend bool operator==(const Permission&, const Permission&) = default;
};

/// Whether `viewer` may do `action`: tenant, role at the scope, sharing toggle, age and kind of the
/// document, in this order. The operator may do all; a tenant-bound one, in accounts of his tenant.
[[nodiscard]] Permission may(const StateReader& state, const Viewer& viewer, Action action,
                             const AccessObject& object);

/// What handing on, or taking back, a role is.
[[nodiscard]] constexpr Action assigning(Role role) {
  return role == Role::BillingReader ? Action::AssignBillingReader : Action::AssignRoles;
}

/// The same for a person whatever directory his session is in: whether it would be allowed in the
/// account's own (W8).
[[nodiscard]] bool may_in_own_tenant(const StateReader& state, const IdentityId& identity,
                                     Action action, const AccessObject& object);

/// The account of a scope, or null where there is no such scope.
[[nodiscard]] const Account* account_of(const StateReader& state, const ScopeRef& scope);

/// Whether the account's directories admit the viewer's: its own, an associated one, or for a
/// subscription of a CSP customer the customer's.
[[nodiscard]] bool is_in_allowed_tenant(const StateReader& state, const Viewer& viewer,
                                        const ScopeRef& scope);

/// Whether the viewer's directory is that of a customer of the account (W4c), and not the
/// account's.
[[nodiscard]] bool is_csp_customer(const StateReader& state, const Viewer& viewer,
                                   const Account& account);

/// Whether a directory may hold identities with a role on the scope: one of the account's, or for a
/// subscription of a CSP customer the customer's.
[[nodiscard]] bool allows_tenant(const StateReader& state, const ScopeRef& scope,
                                 const TenantId& tenant);

/// Whether the identity is the Account Administrator of a MOSP account.
[[nodiscard]] bool is_administrator(const Account& account, const Viewer& viewer);

}  // namespace daybook
