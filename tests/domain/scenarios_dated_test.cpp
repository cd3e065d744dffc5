#include <gtest/gtest.h>

#include "ledger/domain/rules/periods.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"
#include "tests/support/issued.h"

/// The dated vectors of domain.md 2.7 by their numbers; TC-7 and TC-9 to TC-12 stand in
/// rules_runs_test.cpp.
namespace daybook::testing {
namespace {

using Documents = std::vector<Issued>;

TEST(DatedVectors, TC_1_TwoPeriodsOfTheFifth) {
  EXPECT_EQ(period_at(day("2024-03-05"), 0), period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(period_at(day("2024-03-05"), 1), period("2024-04-05", "2024-05-05"));
}

TEST(DatedVectors, TC_2_APeriodOfTheTenth) {
  EXPECT_EQ(period_at(day("2024-03-10"), 0), period("2024-03-10", "2024-04-10"));
}

TEST(DatedVectors, TC_3_BothSubscriptionsOnTheAccountsSecondOfMay) {
  InMemoryLedger ledger;
  ledger.given(jeroens_account());
  ledger.given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-02", "25.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-04-30"), true});
  EXPECT_EQ(issued(ledger), Documents{});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(issued(ledger), (Documents{{"sub-01", "2024-05-02", "2024-03-05", "2024-04-04"},
                                       {"sub-02", "2024-05-02", "2024-03-10", "2024-04-09"}}));
}

TEST(DatedVectors, TC_4_ReservationsByInvoiceShareTheNinth) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                 subscription("sub-01", "acc-1", "2024-02-02")});
  for (const auto& [id, date] : {std::pair{"r-1", "2024-03-01"}, {"r-2", "2024-03-30"}}) {
    ledger.at(date).given({reserved(id, "sub-01", "100.00", ReservationPayment::invoice)});
  }
  ledger.when(AdvanceClock{midnight("2024-04-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-04-09"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("200.00"));
}

TEST(DatedVectors, TC_5_ReservationsByCardOnTheirOwnDays) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                 subscription("sub-01", "acc-1", "2024-02-02"),
                                 card("card-1", "acc-1", {"sub-01"})});
  for (const auto& [id, date] : {std::pair{"r-1", "2024-03-01"}, {"r-2", "2024-03-30"}}) {
    ledger.at(date).given({reserved(id, "sub-01", "100.00", ReservationPayment::card)});
  }
  ledger.when(AdvanceClock{midnight("2024-04-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-03-01"));
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-03-30"));
}

TEST(DatedVectors, TC_6_AProfilesMonthHoldsAllThree) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("a", "acc-2", "2024-03-05"), "p-1"),
              in_section(subscription("b", "acc-2", "2024-03-10"), "p-1")});
  ledger.at("2024-03-28")
      .given({in_section(subscription("s", "acc-2", "2024-03-28"), "p-1"),
              support_plan("plan-1", "s", "100.00", "2024-03-28"),
              cost("a", "10.00", "2024-03-06"), cost("b", "20.00", "2024-03-11")});
  ledger.when(AdvanceClock{midnight("2024-04-30"), true});
  EXPECT_EQ(issued(ledger), (Documents{{"p-1", "2024-04-05", "2024-03-01", "2024-03-31"}}));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("130.00"));
}

TEST(DatedVectors, TC_8_RunsOfAnAccountOfTheThirtyFirst) {
  const Date created = day("2024-01-31");
  for (const char* run : {"2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30",
                          "2025-02-28"}) {
    EXPECT_EQ(first_run_on_or_after(created, day(run).first_of_month()), day(run));
    EXPECT_EQ(first_run_on_or_after(created, day(run)), day(run));
  }
}

}  // namespace
}  // namespace daybook::testing
