#include <gtest/gtest.h>

#include "ledger/domain/facts/discount.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"
#include "tests/support/issued.h"

/// What comes after its period was billed, and what has to wait for room.
namespace daybook::testing {
namespace {

TEST(LateUsage, SC_30_UsageThatComesAfterTheInvoiceIsOnTheNextOne) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given({cost("sub-01", "10.00", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({cost("sub-01", "1.50", "2024-04-04"), cost("sub-01", "2.00", "2024-04-05")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& next = *ledger.invoices()[1];
  EXPECT_EQ(next.amount_due(), money("3.50"));
  ASSERT_EQ(ledger.lines(next).size(), 2u);
  EXPECT_EQ(ledger.lines(next)[0].period, period("2024-04-05", "2024-05-05"));
  EXPECT_EQ(ledger.lines(next)[1].period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(ledger.lines(next)[1].charge_type, ChargeType::Usage);
  EXPECT_EQ(ledger.document(next).issued.manifest.late_positions.size(), 1u);
}

TEST(LateUsage, LateUsageOfACancelledSubscriptionGetsADocumentOfItsOwn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({cost("sub-01", "10.00", "2024-03-19"),
              SubscriptionCancelled{SubscriptionId("sub-01"), "gone", day("2024-03-20")}});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.at("2024-05-10").given({cost("sub-01", "4.00", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-06-01"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 0u);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceIssued>()[0].totals.billed, money("4.00"));
  EXPECT_FALSE(ledger.outcome<InvoiceIssued>()[0].is_monthly);
  ledger.when(AdvanceClock{midnight("2024-08-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 0u);
}

TEST(LateUsage, LateUnitsArePricedWhereTheirPeriodStood) {
  // 60 units were billed: 50 at 1.84, 10 at 1.77. Ten late ones of the same period are at 1.77 too,
  // and a price posted since does not change them.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({tiers("storage", {{"0", "1.84"}, {"50", "1.77"}}),
              usage("sub-01", "storage", "60", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("109.70"));
  ledger.given(
      {price("storage", "9.99", "2024-03-01"), usage("sub-01", "storage", "10", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceLine line = ledger.lines(*ledger.invoices()[1])[0];
  EXPECT_EQ(line.value, decimal("17.7"));
  EXPECT_EQ(line.consumed, decimal("10"));
  EXPECT_EQ(line.rate, decimal("1.77"));
  EXPECT_EQ(line.row_count, 1);
}

TEST(LateUsage, ALateRowStandsOnceInTheManifest) {
  // Two prices in the late period, so two lines; each of the two rows is named once all the same.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({price("vm", "1.00", "2024-03-01"), price("vm", "2.00", "2024-03-20"),
              usage("sub-01", "vm", "1", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({usage("sub-01", "vm", "1", "2024-03-11"), usage("sub-01", "vm", "1", "2024-03-21")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("3.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1]).size(), 2u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.manifest.late_positions.size(), 2u);
}

TEST(LateUsage, UsageWithoutAPriceIsBilledOnceItHasOne) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({usage("sub-01", "new-meter", "3", "2024-03-19")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::NO_PRICE);
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  ledger.given({price("new-meter", "2.00")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("6.00"));
  ledger.when(AdvanceClock{midnight("2024-08-02"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
}

TEST(LateUsage, UsageOfASubscriptionPostedLaterIsBilled) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              cost("later", "5.00", "2024-03-20")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::UNKNOWN_SUBSCRIPTION);
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 0);
  ledger.given({in_section(subscription("later", "acc-2", "2024-03-10"), "p-1")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("5.00"));
}

TEST(LateUsage, ANegativeRestIsLeftForTheNextDocument) {
  // charges 10.00, refunds 4.00, 8.00 and 5.00 in this order: 8.00 does not fit and waits.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({cost("sub-01", "-4.00", "2024-03-06", ChargeType::Refund),
              cost("sub-01", "-8.00", "2024-03-07", ChargeType::Refund),
              cost("sub-01", "-5.00", "2024-03-08", ChargeType::Refund),
              cost("sub-01", "10.00", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued& first = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(first.totals.billed, money("10.00"));
  EXPECT_EQ(first.totals.credits, money("9.00"));
  EXPECT_EQ(first.totals.total, money("1.00"));
  EXPECT_EQ(first.manifest.deferred_positions.size(), 1u);
  ledger.given({cost("sub-01", "20.00", "2024-04-10")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("12.00"));
  EXPECT_TRUE(ledger.document(*ledger.invoices()[1]).issued.manifest.deferred_positions.empty());
}

TEST(LateUsage, WhatWaitsIsOnTheNextDocumentOfTheSameRun) {
  // TC-9: the run of 30 April bills two periods; the first has nothing but a refund.
  InMemoryLedger ledger;
  ledger.at("2023-01-31")
      .given({account("acc-1", AccountType::MOSP, "2023-01-30"), subscription("sub-01", "acc-1", "2023-01-31")})
      .given({cost("sub-01", "-5.00", "2023-03-05", ChargeType::Refund), cost("sub-01", "12.00", "2023-04-05")});
  ledger.when(AdvanceClock{midnight("2023-04-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued& only = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(only.period, period("2023-03-31", "2023-04-30"));
  EXPECT_EQ(only.totals.sub_total, money("7.00"));
  EXPECT_EQ(only.manifest.late_positions.size(), 1u);
  EXPECT_TRUE(only.manifest.deferred_positions.empty());
  ledger.given({cost("sub-01", "3.00", "2023-05-01")});
  ledger.when(AdvanceClock{midnight("2023-06-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("3.00"));
}

TEST(LateUsage, WhatFitsNowhereInTheRunWaitsForTheNextRun) {
  InMemoryLedger ledger;
  ledger.at("2023-01-31")
      .given({account("acc-1", AccountType::MOSP, "2023-01-30"), subscription("sub-01", "acc-1", "2023-01-31")})
      .given({cost("sub-01", "-50.00", "2023-03-05", ChargeType::Refund), cost("sub-01", "12.00", "2023-04-05")});
  ledger.when(AdvanceClock{midnight("2023-04-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("12.00"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.manifest.deferred_positions.size(), 1u);
  ledger.given({cost("sub-01", "60.00", "2023-05-01")});
  ledger.when(AdvanceClock{midnight("2023-06-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("10.00"));
}

TEST(LateUsage, UnderADiscountIsWorthWhatItsPeriodIsWorthWithIt) {
  // 5 at 2.00 less 10 % were billed; ten more make it 10 at 2.00 and 5 at 1.00, less 10 %.
  InMemoryLedger ledger;
  DiscountGranted discount;
  discount.discount_id = DiscountId("d-1");
  discount.percent = decimal("10");
  discount.start_on = day("2024-01-01");
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({tiers("vm", {{"0", "2.00"}, {"10", "1.00"}}), discount, usage("sub-01", "vm", "5", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("9.00"));
  ledger.given({usage("sub-01", "vm", "10", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("13.50"));
}

TEST(LateUsage, RefundsWithoutChargesWaitThroughPeriodsThatOweNothing) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({cost("sub-01", "-4.00", "2024-03-06", ChargeType::Refund)});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  ledger.given({cost("sub-01", "10.00", "2024-05-10")});
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("6.00"));
}

TEST(LateUsage, WhatWaitsIsNoUsageOfALaterPeriod) {
  // the refund is of the first period; the second has no rows, though the refund waits for it too.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({cost("sub-01", "-4.00", "2024-03-06", ChargeType::Refund)});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  std::vector<NoInvoiceReason> reasons;
  for (const auto& closed : ledger.outcome<PeriodClosedWithoutInvoice>()) {
    if (closed.subscription_id == SubscriptionId("sub-01") && closed.invoice_type == InvoiceType::AzureServices)
      reasons.push_back(closed.reason);
  }
  EXPECT_EQ(reasons,
            (std::vector{NoInvoiceReason::NothingOwed, NoInvoiceReason::NoUsage}));
}

TEST(LateUsage, ACorrectionWorthNothingIsNoUsageOfALaterPeriod) {
  InMemoryLedger ledger;
  PriceChanged vm = price("vm", "2.00");
  vm.included_quantity = decimal("100");
  UsageRecorded row = usage("sub-01", "vm", "10", "2024-03-07");
  row.usage_id = "u-1";
  ledger.at("2024-03-05").given(jeroens_account()).given({vm, row});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  UsageAmended more;
  more.subscription_id = SubscriptionId("sub-01");
  more.usage_id = "u-1";
  more.quantity = decimal("20");
  more.reason = "recount";
  ledger.given({more});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  for (const auto& closed : ledger.outcome<PeriodClosedWithoutInvoice>())
    EXPECT_EQ(closed.reason, NoInvoiceReason::NoUsage);
}

/// `row` of another meter, so that it stands on a line of its own.
UsageRecorded of_meter(UsageRecorded row, std::string_view meter) {
  row.meter_id = MeterId(std::string(meter));
  return row;
}

TEST(LateUsage, LateNegativeRowsComeInOrderOfTheirDays) {
  // R-65: -8.00 of 10 March comes before -7.00 of 20 March, though it was told later.
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given({cost("sub-01", "5.00", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({of_meter(cost("sub-01", "-7.00", "2024-03-20"), "told-first"),
                of_meter(cost("sub-01", "-8.00", "2024-03-10"), "dated-first"),
                cost("sub-01", "10.00", "2024-04-10")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("2.00"));
}

TEST(LateUsage, RefundsAndNegativeRowsComeInOneOrder) {
  // the refund of 12 March before the row of 28 March, and that one waits.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              bought("c-1", "sub-01", PurchaseKind::Licence, "10.00", "2024-03-10")});
  ledger.given({cost("sub-01", "-8.00", "2024-03-28"), refunded("c-2", "c-1", "7.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued& issued = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(issued.totals.sub_total, money("3.00"));
  EXPECT_EQ(issued.totals.credits, money("7.00"));
  EXPECT_EQ(issued.manifest.deferred_positions.size(), 1u);
}

TEST(LateUsage, ARefundThatWaitsCountsAsItStands) {
  for (const bool voided : {true, false}) {
    InMemoryLedger ledger;
    UsageRecorded refund = cost("sub-01", "-60.17", "2024-03-20", ChargeType::Refund);
    refund.usage_id = "refund-1";
    // Nothing to take it from: it waits.
    ledger.at("2024-03-20").given(jeroens_account()).given({refund});
    ledger.when(AdvanceClock{midnight("2024-05-02"), true});
    ASSERT_TRUE(ledger.invoices().empty());
    const SubscriptionId sub_01("sub-01");
    ledger.given({cost("sub-01", "100.00", "2024-04-20")});
    if (voided) {
      ledger.given({UsageVoided{sub_01, "refund-1", "by mistake"}});
    } else {
      UsageAmended less;
      less.subscription_id = sub_01;
      less.usage_id = "refund-1";
      less.cost = decimal("-10.00");
      less.reason = "less than thought";
      ledger.given({less});
    }
    ledger.when(AdvanceClock{midnight("2024-06-02"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    EXPECT_EQ(ledger.invoices()[0]->amount_due(), money(voided ? "100.00" : "90.00"));
  }
}

}  // namespace
}  // namespace daybook::testing
