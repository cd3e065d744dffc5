#include "ledger/domain/rules/enrollment.h"

#include <algorithm>

#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/invoice_id.h"

namespace daybook {
namespace {

int months_of(BillingCycle cycle) {
  switch (cycle) {
    case BillingCycle::Monthly:
      return 1;
    case BillingCycle::Quarterly:
      return 3;
    case BillingCycle::Annual:
      return 12;
  }
  return 1;
}

/// The first day of a month from which a change counts.
Date counts_from(const CycleFrom& change) {
  const Date first = change.effective_on.first_of_month();
  return first == change.effective_on ? first : change.effective_on.first_of_next_month();
}

EnrollmentAccount& edit_account(Enrollment& enrollment, const EnrollmentAccountId& id) {
  const auto found = std::find_if(
      enrollment.accounts.begin(), enrollment.accounts.end(),
      [&](const EnrollmentAccount& account) { return account.enrollment_account_id == id; });
  LEDGER_INVARIANT(found != enrollment.accounts.end());
  return *found;
}

}  // namespace

const Department* Enrollment::department(const DepartmentId& id) const {
  const auto found = std::find_if(departments.begin(), departments.end(),
                                  [&](const Department& each) { return each.department_id == id; });
  return found == departments.end() ? nullptr : &*found;
}

const EnrollmentAccount* Enrollment::account(const EnrollmentAccountId& id) const {
  const auto found = std::find_if(
      accounts.begin(), accounts.end(),
      [&](const EnrollmentAccount& each) { return each.enrollment_account_id == id; });
  return found == accounts.end() ? nullptr : &*found;
}

bool Enrollment::policy(EnrollmentPolicy policy) const {
  switch (policy) {
    case EnrollmentPolicy::accountOwnerViewCharges:
      return account_owner_view_charges;
    case EnrollmentPolicy::departmentAdminViewCharges:
      return department_admin_view_charges;
    case EnrollmentPolicy::marketplaceEnabled:
      return marketplace_enabled;
    case EnrollmentPolicy::reservedInstancesEnabled:
      return reserved_instances_enabled;
  }
  return false;
}

BillingCycle Enrollment::cycle_on(Date day) const {
  LEDGER_INVARIANT(!cycles.empty());
  BillingCycle cycle = cycles.front().billing_cycle;
  for (std::size_t i = 1; i < cycles.size(); ++i) {
    if (counts_from(cycles[i]) <= day) cycle = cycles[i].billing_cycle;
  }
  return cycle;
}

Period enrollment_period(const Enrollment& enrollment, Date day) {
  const Date first = enrollment.start_date.first_of_month();
  const Date counted = std::max(day, first);
  const int length = months_of(enrollment.cycle_on(counted));
  const int number = months_between(first, counted) / length;
  Period period{add_months_clamped(first, number * length),
                add_months_clamped(first, (number + 1) * length)};
  for (std::size_t i = 1; i < enrollment.cycles.size(); ++i) {
    const Date change = counts_from(enrollment.cycles[i]);
    if (change <= counted) period.start = std::max(period.start, change);
    if (change > counted) period.end_exclusive = std::min(period.end_exclusive, change);
  }
  if (enrollment.ends_on) {
    const Date cut = enrollment.ends_on->plus_days(1);
    if (cut <= counted) period.start = std::max(period.start, cut);
    if (cut > counted) period.end_exclusive = std::min(period.end_exclusive, cut);
  }
  return period;
}

Date enrollment_run(const Policies& policies, Period period) {
  return period.last_day().plus_days(policies.number("ea.invoiceAfterDays"));
}

Date overage_notice(const Policies& policies, Period period) {
  return period.last_day().plus_days(policies.number("ea.noticeAfterDays"));
}

const std::string& po_number_of(const Enrollment& enrollment, Period period) {
  for (const PeriodPoNumber& own : enrollment.po_numbers) {
    if (own.start == period.start) return own.po_number;
  }
  return enrollment.po_number;
}

void apply(Enrollment& enrollment, const EnrollmentRegistered& event, const Occurrence&) {
  enrollment.enrollment_id = event.enrollment_id;
  enrollment.account_id = event.account_id;
  enrollment.start_date = event.start_date;
  enrollment.channel = event.channel;
  enrollment.cycles = {{event.billing_cycle, event.start_date}};
  enrollment.po_number = event.po_number.value_or(event.enrollment_id.text());
  for (std::size_t i = 0; i < event.recipients.size(); ++i) {
    const std::string seed = event.enrollment_id.text() + "/recipient/" + std::to_string(i);
    enrollment.recipients.push_back(
        {RecipientId("r-" + letters_and_digits(seed, 20)), event.recipients[i]});
  }
}

void apply(Enrollment& enrollment, const DepartmentCreated& event, const Occurrence&) {
  enrollment.departments.push_back({event.department_id, event.name});
}

void apply(Enrollment& enrollment, const EnrollmentAccountAdded& event, const Occurrence&) {
  enrollment.accounts.push_back({event.enrollment_account_id, event.department_id, event.name,
                                 event.owner_identity_id, AccountOwnerState::Pending});
}

void apply(Enrollment& enrollment, const AccountOwnerActivated& event, const Occurrence&) {
  edit_account(enrollment, event.enrollment_account_id).owner_state = AccountOwnerState::Active;
}

void apply(Enrollment& enrollment, const AccountOwnerChanged& event, const Occurrence&) {
  EnrollmentAccount& account = edit_account(enrollment, event.enrollment_account_id);
  account.owner = event.owner_identity_id;
  account.owner_state = AccountOwnerState::Pending;
}

void apply(Enrollment& enrollment, const EnrollmentBillingCycleChanged& event, const Occurrence&) {
  std::erase_if(enrollment.cycles, [&](const CycleFrom& each) {
    return each.effective_on == event.effective_on;
  });
  const auto behind = std::find_if(
      enrollment.cycles.begin(), enrollment.cycles.end(),
      [&](const CycleFrom& each) { return each.effective_on > event.effective_on; });
  enrollment.cycles.insert(behind, {event.billing_cycle, event.effective_on});
}

void apply(Enrollment& enrollment, const EnrollmentRecipientAdded& event, const Occurrence&) {
  enrollment.recipients.push_back({event.recipient_id, event.address});
}

void apply(Enrollment& enrollment, const EnrollmentRecipientRemoved& event, const Occurrence&) {
  std::erase_if(enrollment.recipients, [&](const EmailRecipient& recipient) {
    return recipient.recipient_id == event.recipient_id;
  });
}

void apply(Enrollment& enrollment, const PoNumberUpdatedForPeriod& event, const Occurrence&) {
  for (PeriodPoNumber& own : enrollment.po_numbers) {
    if (own.start != event.period.start) continue;
    own.po_number = event.po_number;
    return;
  }
  enrollment.po_numbers.push_back({event.period.start, event.po_number});
}

void apply(Enrollment& enrollment, const EnrollmentPolicyChanged& event, const Occurrence&) {
  switch (event.policy) {
    case EnrollmentPolicy::accountOwnerViewCharges:
      enrollment.account_owner_view_charges = event.value;
      break;
    case EnrollmentPolicy::departmentAdminViewCharges:
      enrollment.department_admin_view_charges = event.value;
      break;
    case EnrollmentPolicy::marketplaceEnabled:
      enrollment.marketplace_enabled = event.value;
      break;
    case EnrollmentPolicy::reservedInstancesEnabled:
      enrollment.reserved_instances_enabled = event.value;
      break;
  }
}

void apply(Enrollment& enrollment, const OverageNotificationSent& event, const Occurrence&) {
  enrollment.notified_through = event.period.last_day();
}

}  // namespace daybook
