#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/try.h"

/// Facts about enrollments, their departments and accounts.
namespace daybook {
namespace {

Result<const Enrollment*> known_enrollment(const FactChecker& checker, const EnrollmentId& id) {
  const Enrollment* enrollment = checker.enrollment(id);
  if (enrollment == nullptr)
    return unknown_reference("enrollment", id.text(), "/data/enrollmentId");
  return enrollment;
}

Result<const EnrollmentAccount*> known_account(const FactChecker& checker,
                                               const EnrollmentAccountId& id) {
  const Enrollment* enrollment = checker.enrollment_of(id);
  if (enrollment == nullptr)
    return unknown_reference("enrollment account", id.text(), "/data/enrollmentAccountId");
  return enrollment->account(id);
}

Result<void> check_open(const FactChecker& checker, const AccountId& id) {
  const Account* account = checker.account(id);
  if (account != nullptr && account->status == AccountStatus::Closed) {
    return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                    "/data/accountId");
  }
  return {};
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const EnrollmentRegistered& fact) {
  if (checker.state().enrollment(fact.enrollment_id) != nullptr) {
    return already_exists("enrollment", fact.enrollment_id.text(), "/data/enrollmentId");
  }
  const Account* account = checker.account(fact.account_id);
  if (account == nullptr)
    return unknown_reference("account", fact.account_id.text(), "/data/accountId");
  LEDGER_CHECK(check_open(checker, fact.account_id));
  if (account->type != AccountType::EA) {
    return rejected("UNKNOWN_REFERENCE", "enrollments belong to EA accounts alone",
                    "/data/accountId");
  }
  if (fact.prepayment && fact.prepayment->currency != account->currency) {
    return rejected("CURRENCY_MISMATCH",
                    "documents of this enrollment are in " + std::string(account->currency.text()),
                    "/data/prepayment/currency");
  }
  if (fact.prepayment && fact.prepayment->minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "a prepayment is more than nothing",
                    "/data/prepayment/amount");
  }
  for (std::size_t i = 0; i < fact.recipients.size(); ++i) {
    const Personal<std::string>& address = fact.recipients[i];
    if (!address.value) continue;
    LEDGER_CHECK(check_mail_address(*address.value, "/data/recipients/" + std::to_string(i)));
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const DepartmentCreated& fact) {
  if (checker.state().enrollment_of(fact.department_id) != nullptr) {
    return already_exists("department", fact.department_id.text(), "/data/departmentId");
  }
  LEDGER_TRY(const Enrollment* enrollment, known_enrollment(checker, fact.enrollment_id));
  return check_open(checker, enrollment->account_id);
}

Result<void> check_fact(const FactChecker& checker, const EnrollmentAccountAdded& fact) {
  if (checker.state().enrollment_of(fact.enrollment_account_id) != nullptr) {
    return already_exists("enrollment account", fact.enrollment_account_id.text(),
                          "/data/enrollmentAccountId");
  }
  LEDGER_TRY(const Enrollment* enrollment, known_enrollment(checker, fact.enrollment_id));
  if (fact.department_id && enrollment->department(*fact.department_id) == nullptr) {
    return unknown_reference("department of the enrollment with the id", fact.department_id->text(),
                             "/data/departmentId");
  }
  return check_open(checker, enrollment->account_id);
}

Result<void> check_fact(const FactChecker& checker, const AccountOwnerActivated& fact) {
  LEDGER_CHECK(known_account(checker, fact.enrollment_account_id));
  return {};
}

Result<void> check_fact(const FactChecker& checker, const AccountOwnerChanged& fact) {
  LEDGER_CHECK(known_account(checker, fact.enrollment_account_id));
  return {};
}

Result<void> check_fact(const FactChecker& checker, const EnrollmentBillingCycleChanged& fact) {
  LEDGER_TRY(const Enrollment* enrollment, known_enrollment(checker, fact.enrollment_id));
  const BillingMark* mark = checker.state().billing_mark(ScopeRef(fact.enrollment_id),
                                                         InvoiceType::EnrollmentOverage);
  const Date first = mark != nullptr ? mark->through : enrollment->start_date;
  if (fact.effective_on < first) {
    return rejected("INVALID_TIME",
                    "the cycle changes from " + first.text() +
                        " on at the earliest: what is before is billed, or before the start",
                    "/data/effectiveOn");
  }
  return {};
}

}  // namespace daybook
