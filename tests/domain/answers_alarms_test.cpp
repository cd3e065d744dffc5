#include "ledger/domain/answers/alarms_answer.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/enrollment_support.h"

/// What stays in the operator's list until somebody acts.
namespace daybook::testing {
namespace {

std::vector<AlarmView> alarms_of(const InMemoryLedger& ledger, std::string_view today) {
  const auto view = alarms_answer(ledger.state(), ledger.usage(), day(today), std::nullopt);
  EXPECT_TRUE(view);
  return view ? view->items : std::vector<AlarmView>();
}

TEST(Alarms, AnAnnualEnrollmentGoesBeyondItsCommitment) {
  // 1,500.00 against 1,000.00 is not beyond 150 per cent; a cent more is.
  InMemoryLedger ledger = enterprise("1000.00", "NL", BillingCycle::Annual);
  ledger.given({cost("sub-e", "1000.00", "2024-05-10"), cost("sub-e", "500.00", "2024-06-20"),
                of_marketplace(cost("sub-e", "900.00", "2024-06-21"))});
  EXPECT_TRUE(alarms_of(ledger, "2024-08-01").empty());
  ledger.given({cost("sub-e", "0.01", "2024-06-25")});
  EXPECT_TRUE(alarms_of(ledger, "2024-06-24").empty());
  const std::vector<AlarmView> alarms = alarms_of(ledger, "2024-08-01");
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].code, "COMMITMENT_EXCEEDED");
  EXPECT_EQ(alarms[0].since, day("2024-06-25"));
  EXPECT_EQ(alarms[0].scope_id, "enr-1");
  // It lasts until the cycle changes.
  ledger.at("2024-08-01").given(
      {EnrollmentBillingCycleChanged{kEnrollment, BillingCycle::Quarterly, day("2024-08-01")}});
  EXPECT_TRUE(alarms_of(ledger, "2024-09-01").empty());
}

TEST(Alarms, AMonthlyEnrollmentIsBilledForItsOverageInstead) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({cost("sub-e", "5000.00", "2024-03-10")});
  EXPECT_TRUE(alarms_of(ledger, "2024-03-31").empty());
}

}  // namespace
}  // namespace daybook::testing
