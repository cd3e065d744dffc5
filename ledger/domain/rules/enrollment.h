#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/email_preference.h"
#include "ledger/domain/rules/policies.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

struct Department {
  DepartmentId department_id;
  std::string name;

  friend bool operator==(const Department&, const Department&) = default;
};
BOOST_DESCRIBE_STRUCT(Department, (), (department_id, name))

/// Holds subscriptions; its one owner is pending until he first signs in.
struct EnrollmentAccount {
  EnrollmentAccountId enrollment_account_id;
  std::optional<DepartmentId> department_id;
  std::string name;
  IdentityId owner;
  AccountOwnerState owner_state = AccountOwnerState::Pending;

  friend bool operator==(const EnrollmentAccount&, const EnrollmentAccount&) = default;
};
BOOST_DESCRIBE_STRUCT(EnrollmentAccount, (),
                      (enrollment_account_id, department_id, name, owner, owner_state))

/// The rhythm of its documents from a day on.
struct CycleFrom {
  BillingCycle billing_cycle = BillingCycle::Monthly;
  Date effective_on;

  friend bool operator==(const CycleFrom&, const CycleFrom&) = default;
};
BOOST_DESCRIBE_STRUCT(CycleFrom, (), (billing_cycle, effective_on))

/// The purchase order of one period.
struct PeriodPoNumber {
  Date start;  ///< of the period
  std::string po_number;

  friend bool operator==(const PeriodPoNumber&, const PeriodPoNumber&) = default;
};
BOOST_DESCRIBE_STRUCT(PeriodPoNumber, (), (start, po_number))

/// What an EA account gets its documents for: one a billing cycle, where something is owed.
struct Enrollment {
  static constexpr StateKind kState = StateKind::Enrollment;

  EnrollmentId enrollment_id;
  AccountId account_id;
  Date start_date;
  EnrollmentChannel channel = EnrollmentChannel::Direct;
  std::vector<CycleFrom> cycles;  ///< in order of `effective_on`; the first from the start
  std::string po_number;
  std::vector<PeriodPoNumber> po_numbers;  ///< where a period has another one
  std::vector<EmailRecipient> recipients;  ///< get its documents, without opt-in (EML-23)
  std::vector<InvoiceId> unsent;  ///< issued, and no mail of it queued: there was nobody (SC-116)
  bool account_owner_view_charges = false;
  bool department_admin_view_charges = false;
  bool marketplace_enabled = true;
  bool reserved_instances_enabled = true;
  std::vector<Department> departments;
  std::vector<EnrollmentAccount> accounts;
  std::optional<Date> notified_through;  ///< last day of the last period with an overage notice
  std::optional<Date> ends_on;  ///< the account was upgraded: its last day under the agreement

  [[nodiscard]] const Department* department(const DepartmentId& id) const;
  [[nodiscard]] const EnrollmentAccount* account(const EnrollmentAccountId& id) const;
  [[nodiscard]] bool policy(EnrollmentPolicy policy) const;
  [[nodiscard]] BillingCycle cycle_on(Date day) const;

  friend bool operator==(const Enrollment&, const Enrollment&) = default;
};
BOOST_DESCRIBE_STRUCT(Enrollment, (),
                      (enrollment_id, account_id, start_date, channel, cycles, po_number,
                       po_numbers, recipients, unsent, account_owner_view_charges,
                       department_admin_view_charges, marketplace_enabled,
                       reserved_instances_enabled, departments, accounts, notified_through,
                       ends_on))

/// The billing period that holds `day`, which is not before the month of the start: a calendar
/// month, or as many months as the cycle has, counted from the month of the start. A change
/// of cycle ends the period before it; one in mid-month counts from the next month on. An upgrade
/// ends the period that is open; what follows holds what comes late alone.
[[nodiscard]] Period enrollment_period(const Enrollment& enrollment, Date day);

/// The day of the run that bills a period, the last one on which its purchase order may change:
/// `ea.invoiceAfterDays` after its last day (T-EA-4, R-23).
[[nodiscard]] Date enrollment_run(const Policies& policies, Period period);
/// The day of the overage notification: `ea.noticeAfterDays` after its last day.
[[nodiscard]] Date overage_notice(const Policies& policies, Period period);

/// The purchase order on the document of a period.
[[nodiscard]] const std::string& po_number_of(const Enrollment& enrollment, Period period);

void apply(Enrollment& enrollment, const EnrollmentRegistered& event, const Occurrence& at);
void apply(Enrollment& enrollment, const DepartmentCreated& event, const Occurrence& at);
void apply(Enrollment& enrollment, const EnrollmentAccountAdded& event, const Occurrence& at);
void apply(Enrollment& enrollment, const AccountOwnerActivated& event, const Occurrence& at);
void apply(Enrollment& enrollment, const AccountOwnerChanged& event, const Occurrence& at);
void apply(Enrollment& enrollment, const EnrollmentBillingCycleChanged& event,
           const Occurrence& at);
void apply(Enrollment& enrollment, const EnrollmentRecipientAdded& event, const Occurrence& at);
void apply(Enrollment& enrollment, const EnrollmentRecipientRemoved& event, const Occurrence& at);
void apply(Enrollment& enrollment, const PoNumberUpdatedForPeriod& event, const Occurrence& at);
void apply(Enrollment& enrollment, const EnrollmentPolicyChanged& event, const Occurrence& at);
void apply(Enrollment& enrollment, const OverageNotificationSent& event, const Occurrence& at);

}  // namespace daybook
