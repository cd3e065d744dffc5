#include <gtest/gtest.h>

#include "ledger/domain/answers/billing_scopes_answer.h"
#include "ledger/domain/answers/credits_answer.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/facts/customer.h"
#include "tests/domain/policies_support.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/charge_facts.h"

/// Policies that change what is answered, or how much there may be: by their first value and by another one.
namespace daybook::testing {
namespace {

TEST(Policies, ACC_8_APartnersPagesMayBeOpenBeforeHisFirstPlan) {
  InMemoryLedger ledger;
  ledger.at("2024-10-01").given({account("acc-p", AccountType::MPA, "2024-10-01"), profile("p-p", "acc-p")});
  const auto of_account = [&] {
    return billing_scopes_answer(ledger.state(), as("jeroen"), {}).value().items.front();
  };
  EXPECT_FALSE(of_account().available);
  set(ledger, "mpa.requirePlanCustomer", "false");
  EXPECT_TRUE(of_account().available);
  EXPECT_FALSE(of_account().hint.has_value());
}

TEST(Policies, ACC_5_HowManySubscriptionsAnEnrollmentHasRoomFor) {
  InMemoryLedger ledger = enterprise();  // with one
  set(ledger, "ea.maxSubscriptions", "2");
  ledger.given({in_account(subscription("sub-f", "acc-e", "2024-03-01"), "ea-2")});
  ledger.post({in_account(subscription("sub-g", "acc-e", "2024-03-01"), "ea-1")})
      .then_rejected("LIMIT_EXCEEDED", "/data/accountId");
  set(ledger, "ea.maxSubscriptions", "3");
  ledger.given({in_account(subscription("sub-g", "acc-e", "2024-03-01"), "ea-1")});
}

TEST(Policies, EST_4_HowLongBeforeItsEndCreditIsShownAsExpiring) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({granted("promo", "sub-01", CreditSource::Promotional, "50.00", "2024-03-05", "2024-06-05")});
  const auto status = [&](std::string_view today) {
    return credits_answer(ledger.state(), ledger.usage(), Viewer::operating(), ScopeRef(SubscriptionId("sub-01")), day(today))
        .value()
        .items.front()
        .status;
  };
  EXPECT_EQ(status("2024-05-05"), CreditStatus::active);
  EXPECT_EQ(status("2024-05-06"), CreditStatus::expiring);
  set(ledger, "credit.expiringDays", "10");
  EXPECT_EQ(status("2024-05-25"), CreditStatus::active);
  EXPECT_EQ(status("2024-05-26"), CreditStatus::expiring);
}

TEST(Policies, CLS_1_FromWhichDayUsageOfAPeriodIsFinal) {
  InMemoryLedger ledger = enterprise();
  const Period march{day("2024-03-01"), day("2024-04-01")};
  EXPECT_EQ(final_from(ledger.state(), march), day("2024-04-04"));
  set(ledger, "usage.finalAfterDays", "0");
  EXPECT_EQ(final_from(ledger.state(), march), day("2024-04-01"));
  set(ledger, "usage.finalAfterDays", "20");
  EXPECT_EQ(final_from(ledger.state(), march), day("2024-04-21"));
}

}  // namespace
}  // namespace daybook::testing
