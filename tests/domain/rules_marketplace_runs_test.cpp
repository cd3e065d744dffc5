#include <gtest/gtest.h>

#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"
#include "tests/support/issued.h"
#include "tests/support/move_facts.h"

/// Documents of the 9th: Marketplace and spot usage of MOSP subscriptions.
namespace daybook::testing {
namespace {

UsageRecorded spot(std::string_view subscription, std::string_view amount, std::string_view date) {
  UsageRecorded row = cost(subscription, amount, date);
  row.pricing_model = PricingModel::Spot;
  return row;
}

TEST(MarketplaceRuns, SC_11_SpotUsageStandsOnItsOwnInvoiceOfTheNinth) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({spot("sub-01", "12.34", "2024-03-20"), cost("sub-01", "90.00", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-04-09", "2024-03-01", "2024-03-31"},
                                 {"sub-01", "2024-05-02", "2024-03-05", "2024-04-04"}}));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("12.34"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("90.00"));
}

TEST(MarketplaceRuns, SC_12_NoMarketplaceUsageNoInvoiceOfTheNinth) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account());
  ledger.when(AdvanceClock{midnight("2024-04-30"), true});
  EXPECT_TRUE(ledger.outcome<InvoiceIssued>().empty());
  for (const auto& closed : ledger.outcome<PeriodClosedWithoutInvoice>())
    EXPECT_EQ(closed.reason, NoInvoiceReason::NoUsage);
}

/// The months of sub-01 that the last command closed without a document of Marketplace and spot.
std::vector<Period> quiet(const InMemoryLedger& ledger) {
  std::vector<Period> months;
  for (const auto& closed : ledger.outcome<PeriodClosedWithoutInvoice>()) {
    if (closed.invoice_type == InvoiceType::AzureMarketplace &&
        closed.subscription_id == SubscriptionId("sub-01"))
      months.push_back(closed.period);
  }
  return months;
}

TEST(MarketplaceRuns, MonthsWithoutSpotUsageAreClosedByTheRun) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account());
  ledger.when(AdvanceClock{midnight("2024-05-31"), true});
  EXPECT_EQ(quiet(ledger), (std::vector{period("2024-03-01", "2024-04-01"), period("2024-04-01", "2024-05-01")}));
  // What comes for these months now is late.
  ledger.given({spot("sub-01", "2.00", "2024-04-21")})
      .when(AdvanceClock{midnight("2024-06-09"), true});
  ASSERT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceIssued>()[0].period, period("2024-05-01", "2024-06-01"));
  EXPECT_EQ(ledger.outcome<InvoiceIssued>()[0].totals.billed, money("2.00"));
}

TEST(MarketplaceRuns, WhatComesLateForAQuietMonthIsBilledAlikeByEitherCommand) {
  // 9.4.7: the run of 9 April found nothing. Asked for again it still does, and April's run has it.
  for (const bool by_hand : {false, true}) {
    InMemoryLedger ledger;
    ledger.at("2024-03-12").given(jeroens_account());
    const auto move = [&](std::string_view day_of_clock) {
      ledger.when(AdvanceClock{midnight(day_of_clock), !by_hand});
      if (by_hand) ledger.when(RunInvoicing{day(day_of_clock)});
    };
    move("2024-04-09");
    ledger.given({spot("sub-01", "2.00", "2024-03-21"),
                  bought("c-1", "sub-01", PurchaseKind::Marketplace, "5.00", "2024-03-22")});
    ledger.when(RunInvoicing{day("2024-04-09")}).then_nothing();
    move("2024-04-20");
    ledger.when(RunInvoicing{day("2024-04-20")}).then_nothing();
    move("2024-05-09");
    ASSERT_EQ(ledger.invoices().size(), 1u);
    EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-05-09"));
    EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("7.00"));
  }
}

TEST(MarketplaceRuns, AQuietMonthStandsOnNoDocumentAndCanStillMove) {
  for (const bool is_quiet : {true, false}) {
    InMemoryLedger ledger;
    ledger.at("2024-03-20")
        .given({account("acc-1", AccountType::MOSP, "2024-03-20"),
                account("acc-2", AccountType::MOSP, "2024-03-20"),
                subscription("sub-01", "acc-1", "2024-03-20")});
    if (!is_quiet) ledger.given({spot("sub-01", "2.00", "2024-03-21")});
    ledger.when(AdvanceClock{midnight("2024-04-10"), true});
    ledger.post({transferred("sub-01", "acc-1", "acc-2", "2024-03-25")});
    EXPECT_EQ(ledger.error().has_value(), !is_quiet);
    if (!is_quiet) continue;
    ledger.given({spot("sub-01", "3.00", "2024-03-26")});
    ledger.when(AdvanceClock{midnight("2024-05-09"), true});
    ASSERT_FALSE(ledger.invoices().empty());
    EXPECT_EQ(ledger.invoices().back()->account_id, AccountId("acc-2"));
  }
}

TEST(MarketplaceRuns, TheLastDaysUnderMospAreClosedOnceThoughAnEnrollmentHasItNow) {
  InMemoryLedger ledger = enterprise();
  ledger.given({account("acc-1", AccountType::MOSP, "2024-03-01"), subscription("sub-01", "acc-1", "2024-03-01")});
  ledger.when(AdvanceClock{midnight("2024-03-20"), true});
  SubscriptionBillingTransferred fact = transferred("sub-01", "acc-1", "acc-e", "2024-03-20");
  fact.enrollment_account_id = EnrollmentAccountId("ea-1");
  ledger.given({fact});
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  EXPECT_EQ(quiet(ledger), (std::vector{period("2024-03-01", "2024-04-01")}));
  ledger.when(RunInvoicing{day("2024-05-20")}).then_nothing();
}

TEST(MarketplaceRuns, QuietMonthsBehindThoseWithUsageAreClosedToo) {
  InMemoryLedger ledger;
  ledger.at("2024-06-20")
      .given(jeroens_account())
      .given({spot("sub-01", "1.00", "2024-03-20")});
  ledger.when(RunInvoicing{day("2024-06-20")});
  EXPECT_EQ(quiet(ledger), (std::vector{period("2024-04-01", "2024-06-01")}));
  ledger.given({spot("sub-01", "3.00", "2024-05-20")});
  ledger.when(RunInvoicing{day("2024-06-20")}).then_nothing();
}

TEST(MarketplaceRuns, SpotUsageOfSeveralMonthsInOneRun) {
  InMemoryLedger ledger;
  ledger.at("2024-06-20")
      .given(jeroens_account())
      .given({spot("sub-01", "1.00", "2024-03-20"), spot("sub-01", "3.00", "2024-05-20"),
              spot("sub-01", "9.00", "2024-06-20")});
  ledger.when(RunInvoicing{day("2024-06-20")});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-06-20", "2024-03-01", "2024-03-31"},
                                 {"sub-01", "2024-06-20", "2024-05-01", "2024-05-31"}}));
  ledger.when(RunInvoicing{day("2024-06-20")}).then_nothing();
}

TEST(MarketplaceRuns, LateSpotUsageIsOnTheNextInvoiceOfTheNinth) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account()).given({spot("sub-01", "12.34", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ledger.given({spot("sub-01", "2.00", "2024-03-21")});
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  ASSERT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceIssued>()[0].totals.billed, money("2.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1])[0].period, period("2024-03-01", "2024-04-01"));
}

TEST(MarketplaceRuns, AVoidOfBilledSpotUsageWaitsThroughQuietMonths) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account());
  UsageRecorded billed = spot("sub-01", "87.09", "2024-03-20");
  billed.usage_id = "usage-1";
  ledger.given({billed});
  ledger.when(AdvanceClock{midnight("2024-10-16"), true});
  EXPECT_EQ(ledger.invoices().back()->amount_due(), money("87.09"));
  ledger.given({UsageVoided{SubscriptionId("sub-01"), "usage-1", "double"}});
  // More months than are closed by one event, then usage that has room for it.
  ledger.when(AdvanceClock{midnight("2025-08-28"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
  ledger.given({spot("sub-01", "142.83", "2025-08-28")});
  ledger.when(AdvanceClock{midnight("2025-12-28"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices().back()->amount_due(), money("55.74"));
}

}  // namespace
}  // namespace daybook::testing
