#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/customer.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The party that is billed.
struct Account {
  static constexpr StateKind kState = StateKind::Account;

  AccountId account_id;
  AccountType type = AccountType::MOSP;
  AccountStatus status = AccountStatus::Active;
  std::string country;  ///< ISO 3166-1 alpha-2
  TenantId tenant_id;
  std::vector<TenantId> associated_tenants;
  Currency currency;
  IdentityId signed_up_by;
  IdentityId administrator;  ///< MOSP: the Account Administrator
  Date created_on;           ///< its day of month is the invoice day of MOSP
  std::optional<std::string> agreement_id;
  std::optional<Personal<Address>> sold_to;
  std::optional<std::string> tax_id;
  SalesChannel channel = SalesChannel::Website;
  Cloud cloud = Cloud::Public;
  std::optional<MethodId> default_method;

  /// Its own tenant or an associated one.
  [[nodiscard]] bool allows(const TenantId& tenant) const;
  /// Whether billing goes by profile: MCA and MPA.
  [[nodiscard]] bool has_profiles() const {
    return type == AccountType::MCA || type == AccountType::MPA;
  }

  friend bool operator==(const Account&, const Account&) = default;
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (account_id, type, status, country, tenant_id, associated_tenants, currency,
                       signed_up_by, administrator, created_on, agreement_id, sold_to, tax_id,
                       channel, cloud, default_method))

/// A customer of a partner (MPA).
struct Customer {
  static constexpr StateKind kState = StateKind::Customer;

  CustomerId customer_id;
  AccountId account_id;
  TenantId tenant_id;
  std::string name;
  bool cost_visibility = false;  ///< his identities see usage at pay-as-you-go prices (R-41)

  friend bool operator==(const Customer&, const Customer&) = default;
};
BOOST_DESCRIBE_STRUCT(Customer, (), (customer_id, account_id, tenant_id, name, cost_visibility))

void apply(Account& account, const BillingAccountOpened& event, const Occurrence& at);
void apply(Account& account, const AssociatedTenantAdded& event, const Occurrence& at);
void apply(Account& account, const AssociatedTenantRemoved& event, const Occurrence& at);
void apply(Account& account, const SoldToChanged& event, const Occurrence& at);
void apply(Account& account, const TaxIdChanged& event, const Occurrence& at);
void apply(Account& account, const BillingAccountUpgraded& event, const Occurrence& at);
void apply(Account& account, const BillingAccountClosed& event, const Occurrence& at);
void apply(Account& account, const AccountAdministratorChanged& event, const Occurrence& at);
void apply(Customer& customer, const CustomerRegistered& event, const Occurrence& at);
void apply(Customer& customer, const CustomerCostVisibilityChanged& event, const Occurrence& at);

}  // namespace daybook
