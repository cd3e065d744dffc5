#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/enum.hpp>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"

namespace daybook {

/// What somebody may do on a scope.
enum class ScopeAbility : std::uint8_t {
  ViewInvoices = 0,
  DownloadUsage = 1,
  ChangeEmailPreference = 2,
  Pay = 3,
  AssignRoles = 4,
};
BOOST_DESCRIBE_ENUM(ScopeAbility, ViewInvoices, DownloadUsage, ChangeEmailPreference, Pay,
                    AssignRoles)

/// What somebody may have recorded on a scope by the program that posts facts.
enum class ScopeRequest : std::uint8_t {
  CreateProfile = 0,
  CreateSection = 1,
  CreateSubscription = 2,
  ManagePaymentMethods = 3,
};
BOOST_DESCRIBE_ENUM(ScopeRequest, CreateProfile, CreateSection, CreateSubscription, ManagePaymentMethods)

/// A role of the one who asks; `AccountAdministrator` and `AccountOwner` come with the person.
struct OwnRoleView {
  std::string role;
  bool inherited = false;  ///< held above the scope

  friend bool operator==(const OwnRoleView&, const OwnRoleView&) = default;
};
BOOST_DESCRIBE_STRUCT(OwnRoleView, (), (role, inherited))

struct BillingScopeView {
  ScopeType scope_type = ScopeType::Account;
  ScopeId scope_id;
  std::string name;
  AccountId account_id;
  AccountType account_type = AccountType::MOSP;
  std::vector<OwnRoleView> roles;
  std::vector<ScopeAbility> can;
  std::vector<ScopeRequest> may_ask_for;
  bool available = true;  ///< whether its pages are open; the API always is (ACC-8)
  std::optional<std::string> hint;  ///< what opens them

  friend bool operator==(const BillingScopeView&, const BillingScopeView&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingScopeView, (),
                      (scope_type, scope_id, name, account_id, account_type, roles, can,
                       may_ask_for, available, hint))

/// `GET /v1/billing-scopes`: those a person reaches in his directory, with a role on them or above.
struct BillingScopeListView {
  std::vector<BillingScopeView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const BillingScopeListView&, const BillingScopeListView&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingScopeListView, (), (items, next_cursor))

}  // namespace daybook
