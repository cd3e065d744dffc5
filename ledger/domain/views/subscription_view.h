#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Whom to ask about a MOSP subscription (NAV-11).
struct AccountAdministratorView {
  IdentityId identity_id;
  std::optional<std::string> name;
  std::optional<Personal<std::string>> email;  ///< absent for an identity that was never linked

  friend bool operator==(const AccountAdministratorView&,
                         const AccountAdministratorView&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountAdministratorView, (), (identity_id, name, email))

/// `GET /v1/subscriptions/{id}`.
struct SubscriptionView {
  SubscriptionId subscription_id;
  AccountId account_id;
  std::optional<std::string> name;
  OfferId offer_id;
  SubscriptionStatus status = SubscriptionStatus::Active;
  std::optional<SuspensionReason> status_reason;  ///< absent while it is none
  Date created_on;
  std::optional<ProfileId> profile_id;
  std::optional<SectionId> invoice_section_id;
  std::optional<EnrollmentAccountId> enrollment_account_id;
  std::optional<CustomerId> customer_id;
  std::optional<ResellerId> reseller_id;
  std::optional<PlanId> support_plan_id;  ///< where it is a support plan's own
  std::optional<MethodId> payment_method_id;
  SpendingLimit spending_limit = SpendingLimit::Off;
  Period current_period;
  std::optional<Date>
      next_invoice_date;         ///< the run that carries the oldest unbilled period (R-29)
  std::optional<Money> balance;  ///< absent for who may not see its invoices
  std::optional<AccountAdministratorView> account_administrator;  ///< MOSP

  friend bool operator==(const SubscriptionView&, const SubscriptionView&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionView, (),
                      (subscription_id, account_id, name, offer_id, status, status_reason,
                       created_on, profile_id, invoice_section_id, enrollment_account_id,
                       customer_id, reseller_id, support_plan_id, payment_method_id, spending_limit,
                       current_period, next_invoice_date, balance, account_administrator))

/// `GET /v1/subscriptions`. Of every list, `next_cursor` is the place behind the last item; the
/// front makes an opaque cursor of it.
struct SubscriptionListView {
  std::vector<SubscriptionView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const SubscriptionListView&, const SubscriptionListView&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionListView, (), (items, next_cursor))

}  // namespace daybook
