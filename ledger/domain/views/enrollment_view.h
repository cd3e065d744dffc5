#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/account_view.h"

namespace daybook {

struct EnrollmentPoliciesView {
  bool account_owner_view_charges = false;
  bool department_admin_view_charges = false;
  bool marketplace_enabled = true;
  bool reserved_instances_enabled = true;

  friend bool operator==(const EnrollmentPoliciesView&, const EnrollmentPoliciesView&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentPoliciesView, (),
                      (account_owner_view_charges, department_admin_view_charges,
                       marketplace_enabled, reserved_instances_enabled))

/// `GET /v1/departments/{id}`.
struct DepartmentView {
  DepartmentId department_id;
  EnrollmentId enrollment_id;
  std::string name;
  std::vector<IdentityId> administrators;

  friend bool operator==(const DepartmentView&, const DepartmentView&) = default;
};
BOOST_DESCRIBE_STRUCT(DepartmentView, (), (department_id, enrollment_id, name, administrators))

/// `GET /v1/enrollment-accounts/{id}`.
struct EnrollmentAccountView {
  EnrollmentAccountId enrollment_account_id;
  EnrollmentId enrollment_id;
  std::optional<DepartmentId> department_id;
  std::string name;
  IdentityId owner_identity_id;
  AccountOwnerState owner_state = AccountOwnerState::Pending;

  friend bool operator==(const EnrollmentAccountView&, const EnrollmentAccountView&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentAccountView, (),
                      (enrollment_account_id, enrollment_id, department_id, name,
                       owner_identity_id, owner_state))

/// `GET /v1/enrollments/{id}`.
struct EnrollmentView {
  EnrollmentId enrollment_id;
  AccountId account_id;
  Date start_date;
  EnrollmentChannel channel = EnrollmentChannel::Direct;
  BillingCycle billing_cycle = BillingCycle::Monthly;
  Currency currency;
  std::optional<Money> prepayment_balance;  ///< absent for who may not track its credit
  std::string po_number;                    ///< of the current period
  EnrollmentPoliciesView policies;
  std::vector<DepartmentView> departments;      ///< those the viewer sees
  std::vector<EnrollmentAccountView> accounts;  ///< likewise
  Period current_period;
  std::optional<Date> next_invoice_date;
  std::optional<Money> balance;  ///< absent for who may not track its credit
  ReservationRefundsView reservation_refunds;

  friend bool operator==(const EnrollmentView&, const EnrollmentView&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentView, (),
                      (enrollment_id, account_id, start_date, channel, billing_cycle, currency,
                       prepayment_balance, po_number, policies, departments, accounts,
                       current_period, next_invoice_date, balance, reservation_refunds))

/// One month of *Usage + charges* (EST-6).
struct EnrollmentMonthView {
  std::string month;  ///< `2024-03`
  bool closed = false;
  std::optional<Money> charges_against_credits;
  std::optional<Money> service_overage;
  std::optional<Money> billed_separately;
  Money marketplace;
  Money total;
  std::optional<Money> refunded_overage_credits;

  friend bool operator==(const EnrollmentMonthView&, const EnrollmentMonthView&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentMonthView, (),
                      (month, closed, charges_against_credits, service_overage, billed_separately,
                       marketplace, total, refunded_overage_credits))

/// `GET /v1/enrollments/{id}/months`, and of departments and enrollment accounts, whose credit
/// columns are null. Newest first.
struct EnrollmentMonthListView {
  std::vector<EnrollmentMonthView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const EnrollmentMonthListView&, const EnrollmentMonthListView&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentMonthListView, (), (items, next_cursor))

}  // namespace daybook
