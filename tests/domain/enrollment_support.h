#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/billing_facts.h"

/// The enrollment that tests of enterprise agreements begin with.
namespace daybook::testing {

inline const EnrollmentId kEnrollment{"enr-1"};
inline const ScopeRef kScope{kEnrollment};

inline EnrollmentRegistered enrollment(std::string_view prepayment = "",
                                BillingCycle cycle = BillingCycle::Monthly) {
  EnrollmentRegistered fact;
  fact.enrollment_id = kEnrollment;
  fact.account_id = AccountId("acc-e");
  fact.start_date = day("2024-03-01");
  fact.channel = EnrollmentChannel::Direct;
  fact.billing_cycle = cycle;
  if (!prepayment.empty()) fact.prepayment = money(prepayment);
  return fact;
}

inline EnrollmentAccountAdded enrollment_account(std::string_view id, std::string_view owner,
                                          std::optional<DepartmentId> department = std::nullopt) {
  return {EnrollmentAccountId(std::string(id)), kEnrollment, std::move(department),
          std::string(id), IdentityId(std::string(owner))};
}

inline SubscriptionCreated in_account(SubscriptionCreated fact, std::string_view id) {
  fact.enrollment_account_id = EnrollmentAccountId(std::string(id));
  fact.offer_id = OfferId("MS-AZR-0017P");
  return fact;
}

inline UsageRecorded of_marketplace(UsageRecorded fact) {
  fact.publisher_type = PublisherType::Marketplace;
  fact.is_credit_eligible = false;
  return fact;
}

/// One enrollment from 2024-03-01 with one account and one subscription.
inline InMemoryLedger enterprise(std::string_view prepayment = "", std::string_view country = "NL",
                          BillingCycle cycle = BillingCycle::Monthly) {
  BillingAccountOpened opened = account("acc-e", AccountType::EA, "2024-03-01");
  opened.country = country;
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({vat(), opened, enrollment(prepayment, cycle),
              DepartmentCreated{DepartmentId("dep-1"), kEnrollment, "Research"},
              enrollment_account("ea-1", "otto", DepartmentId("dep-1")),
              enrollment_account("ea-2", "olga"),
              in_account(subscription("sub-e", "acc-e", "2024-03-01"), "ea-1")});
  return ledger;
}

/// SC-20: usage 1,200.00 and Marketplace 50.00 against 1,000.00.
inline InMemoryLedger sc_20() {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({cost("sub-e", "1200.00", "2024-03-10"),
                of_marketplace(cost("sub-e", "50.00", "2024-03-11"))});
  return ledger;
}

inline Permission usage_of(const InMemoryLedger& ledger, std::string_view who, const ScopeRef& scope) {
  return may(ledger.state(), as(who), Action::ViewUsage, AccessObject::of(scope));
}

}  // namespace daybook::testing
