#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

/// How much of reservations may still be given back within twelve months (domain.md 2.6).
struct ReservationRefundsView {
  Money limit;
  Money used;
  Money available;

  friend bool operator==(const ReservationRefundsView&, const ReservationRefundsView&) = default;
};
BOOST_DESCRIBE_STRUCT(ReservationRefundsView, (), (limit, used, available))

/// `GET /v1/accounts/{id}`.
struct AccountView {
  AccountId account_id;
  AccountType type = AccountType::MOSP;
  std::optional<std::string> agreement_id;
  std::string country;
  TenantId tenant_id;
  std::vector<TenantId> associated_tenants;
  Currency currency;
  std::optional<Personal<Address>> sold_to;  ///< absent for who has no role on the account
  std::optional<std::string> tax_id;         ///< likewise
  IdentityId signed_up_by;
  std::optional<IdentityId> account_administrator;  ///< MOSP
  SalesChannel channel = SalesChannel::Website;
  Cloud cloud = Cloud::Public;
  Date created_on;
  AccountStatus status = AccountStatus::Active;
  std::optional<Date> next_invoice_date;  ///< the earliest of all it holds
  std::optional<Money> balance;  ///< in its own currency; absent for who may not see its invoices
  std::vector<Money> balances;   ///< the same with those of profiles in other currencies
  ReservationRefundsView reservation_refunds;

  friend bool operator==(const AccountView&, const AccountView&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountView, (),
                      (account_id, type, agreement_id, country, tenant_id, associated_tenants,
                       currency, sold_to, tax_id, signed_up_by, account_administrator, channel,
                       cloud, created_on, status, next_invoice_date, balance, balances,
                       reservation_refunds))

/// `GET /v1/accounts`.
struct AccountListView {
  std::vector<AccountView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const AccountListView&, const AccountListView&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountListView, (), (items, next_cursor))

}  // namespace daybook
