#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/domain/rules/periods.h"
#include "tests/support/billing_facts.h"

/// Acceptance scenarios of domain.md 10 by their numbers.
namespace daybook::testing {
namespace {

/// SC-03: 40.00 and 25.00 in the first periods.
InMemoryLedger sc_03() {
  InMemoryLedger ledger;
  ledger.given(jeroens_account())
      .given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-02", "25.00", "2024-03-12")});
  return ledger;
}

TEST(Scenarios, SC_01_TheFirstPeriodsOfSub01) {
  EXPECT_EQ(period_at(day("2024-03-05"), 0), period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(period_at(day("2024-03-05"), 1), period("2024-04-05", "2024-05-05"));
}

TEST(Scenarios, SC_02_NinthOfAprilIsIncluded) {
  const Period first = period_at(day("2024-03-10"), 0);
  EXPECT_EQ(first, period("2024-03-10", "2024-04-10"));
  EXPECT_TRUE(first.contains(day("2024-04-09")));
}

TEST(Scenarios, SC_03_BothSubscriptionsAreInvoicedOnTheFirstAccountDayAfterTheirPeriods) {
  InMemoryLedger ledger = sc_03();
  ledger.at("2024-03-02").when(RunInvoicing{day("2024-03-02")}).then_nothing();
  ledger.at("2024-04-02").when(RunInvoicing{day("2024-04-02")}).then_nothing();
  ledger.at("2024-05-02").when(RunInvoicing{day("2024-05-02")});
  const auto invoices = ledger.invoices();
  ASSERT_EQ(invoices.size(), 2u);
  EXPECT_EQ(invoices[0]->scope.id, "sub-01");
  EXPECT_EQ(invoices[0]->amount_due(), money("40.00"));
  EXPECT_EQ(invoices[0]->period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(invoices[1]->scope.id, "sub-02");
  EXPECT_EQ(invoices[1]->amount_due(), money("25.00"));
  for (const Invoice* invoice : invoices) {
    EXPECT_EQ(invoice->status, InvoiceStatus::Due);
    EXPECT_EQ(invoice->issue_date, day("2024-05-02"));
    EXPECT_EQ(invoice->due_date, day("2024-05-02"));
    EXPECT_THAT(invoice->invoice_id.text(), ::testing::MatchesRegex("E[B-Z0-9][A-Z0-9]{8}"));
  }
  EXPECT_TRUE(ledger.alarms().empty());
}

TEST(Scenarios, SC_04_ALateRunIssuesTheSameInvoicesOnceWithAnAlarm) {
  InMemoryLedger ledger = sc_03();
  ledger.at("2024-05-05").when(RunInvoicing{day("2024-05-02")});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-05-05"));
  ASSERT_EQ(ledger.alarms().size(), 2u);
  EXPECT_EQ(ledger.alarms()[0].code, "INVOICE_LATE");
  EXPECT_EQ(ledger.alarms()[0].invoice_id, ledger.invoices()[0]->invoice_id);
  ledger.when(RunInvoicing{day("2024-05-05")}).then_nothing();
}

TEST(Scenarios, SC_04_TwoDaysLateIsInTime) {
  InMemoryLedger ledger = sc_03();
  ledger.at("2024-05-04").when(RunInvoicing{day("2024-05-04")});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-05-02"));
  EXPECT_TRUE(ledger.alarms().empty());
}

TEST(Scenarios, SC_05_ThirtyFirstOfJanuary) {
  EXPECT_EQ(period_at(day("2024-01-31"), 1), period("2024-02-29", "2024-03-31"));
  EXPECT_EQ(period_at(day("2024-01-31"), 12), period("2025-01-31", "2025-02-28"));
}

TEST(Scenarios, SC_06_ThirtyFirstOfJanuaryBeforeAShortFebruary) {
  EXPECT_EQ(period_at(day("2023-01-31"), 0).last_day(), day("2023-02-27"));
  EXPECT_EQ(period_at(day("2023-01-31"), 1).start, day("2023-02-28"));
}

TEST(Scenarios, SC_07_LeapDay) {
  EXPECT_EQ(period_at(day("2024-02-29"), 12).start, day("2025-02-28"));
  EXPECT_EQ(period_at(day("2024-02-29"), 13).start, day("2025-03-29"));
}

TEST(Scenarios, SC_08_RunsOfAClampedAccountCarryOneNoneAndTwoPeriods) {
  InMemoryLedger ledger;
  ledger.at("2023-01-31")
      .given({account("acc-1", AccountType::MOSP, "2023-01-30"),
              subscription("sub-01", "acc-1", "2023-01-31")});
  for (std::string_view date : {"2023-02-01", "2023-03-01", "2023-04-15"})
    ledger.given({cost("sub-01", "10.00", date)});
  ledger.when(AdvanceClock{midnight("2023-02-28"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  ledger.when(AdvanceClock{midnight("2023-03-30"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 0u);
  ledger.when(AdvanceClock{midnight("2023-04-30"), true});
  const auto issued = ledger.outcome<InvoiceIssued>();
  ASSERT_EQ(issued.size(), 2u);
  EXPECT_EQ(issued[0].period, period("2023-02-28", "2023-03-31"));
  EXPECT_EQ(issued[1].period, period("2023-03-31", "2023-04-30"));
}

/// SC-15: MCA profile with two subscriptions and a support plan.
InMemoryLedger sc_15() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({vat(), account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              section("s-1", "p-1"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "s-1"),
              in_section(subscription("sub-02", "acc-2", "2024-03-10"), "s-1"),
              in_section(subscription("sub-s", "acc-2", "2024-03-28"), "p-1"),
              cost("sub-01", "120.00", "2024-03-06"), cost("sub-02", "80.00", "2024-03-31")});
  ledger.at("2024-03-28").given({support_plan("plan-1", "sub-s", "100.00", "2024-03-28")});
  return ledger;
}

TEST(Scenarios, SC_15_OneInvoiceAProfileAndMonth) {
  InMemoryLedger ledger = sc_15();
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const Invoice& invoice = *ledger.invoices()[0];
  const InvoiceIssued& issued = ledger.document(invoice).issued;
  EXPECT_EQ(issued.totals.billed, money("300.00"));
  EXPECT_EQ(issued.totals.tax, money("63.00"));
  EXPECT_EQ(issued.totals.total, money("363.00"));
  EXPECT_EQ(issued.period, period("2024-03-01", "2024-04-01"));
  EXPECT_EQ(issued.issue_date, day("2024-04-05"));
  EXPECT_EQ(ledger.lines(invoice).size(), 3u);
  EXPECT_THAT(invoice.invoice_id.text(), ::testing::MatchesRegex("G[A-Z0-9]{9}"));
  // Sections: s-1 holds the subscriptions, the profile's own the support plan.
  ASSERT_EQ(issued.sections.size(), 2u);
  EXPECT_EQ(issued.sections[0].section_id, SectionId("p-1"));
  EXPECT_EQ(issued.sections[0].total, money("121.00"));
  EXPECT_EQ(issued.sections[1].total, money("242.00"));
}

TEST(Scenarios, SC_15_TheNextTermOfTheSupportPlanIsOnTheNextInvoice) {
  InMemoryLedger ledger = sc_15();
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.billed, money("100.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1])[0].period, period("2024-04-28", "2024-05-28"));
}

TEST(Scenarios, SC_16_AProfileIsAlwaysInvoiced) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({vat(), account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.total, money("0.00"));
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
}

TEST(Scenarios, SC_17_ChargesBetweenPeriodEndAndInvoiceDayBelongToTheNextInvoice) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1")});
  ledger.at("2024-04-03").given({cost("sub-01", "10.00", "2024-04-03")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 0);
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("10.00"));
}

TEST(Scenarios, SC_39_IncludedQuantityIsFree) {
  InMemoryLedger ledger;
  PriceChanged b1s = price("vm-b1s", "0.12");
  b1s.included_quantity = decimal("100");
  ledger.at("2024-03-05").given(jeroens_account()).given({vat(), b1s});
  // Six rows, 130.5 hours.
  for (int i = 0; i < 5; ++i)
    ledger.given({usage("sub-01", "vm-b1s", "24", "2024-03-0" + std::to_string(6 + i % 4))});
  ledger.given({usage("sub-01", "vm-b1s", "10.5", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const Invoice& invoice = *ledger.invoices()[0];
  ASSERT_EQ(ledger.lines(invoice).size(), 1u);
  const InvoiceLine line = ledger.lines(invoice)[0];
  EXPECT_EQ(line.consumed, decimal("130.5"));
  EXPECT_EQ(line.included, decimal("100"));
  EXPECT_EQ(line.billable, decimal("30.5"));
  EXPECT_EQ(line.rate, decimal("0.12"));
  EXPECT_EQ(line.value, decimal("3.66"));
  EXPECT_EQ(line.amount, money("3.66"));
  EXPECT_EQ(line.row_count, 6);
  EXPECT_EQ(ledger.document(invoice).issued.totals.tax, money("0.77"));
  EXPECT_EQ(invoice.amount_due(), money("4.43"));
}

TEST(Scenarios, SC_40_NothingBeyondTheIncludedQuantity) {
  InMemoryLedger ledger;
  PriceChanged b1s = price("vm-b1s", "0.12");
  b1s.included_quantity = decimal("100");
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({b1s, usage("sub-01", "vm-b1s", "90", "2024-03-06")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  auto closed = ledger.outcome<PeriodClosedWithoutInvoice>();
  std::erase_if(closed, [](const auto& each) { return each.invoice_type != InvoiceType::AzureServices; });
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(closed[0].reason, NoInvoiceReason::NothingOwed);
  EXPECT_EQ(closed[0].totals.billed, money("0.00"));
  EXPECT_EQ(closed[1].reason, NoInvoiceReason::NoUsage);
}

TEST(Scenarios, SC_41_TiersAreSharedByTheSubscriptionsOfAProfile) {
  BillingProfileCreated p1 = profile("p-1", "acc-2");
  BillingProfileCreated p2 = profile("p-2", "acc-2");
  BillingProfileCreated p3 = profile("p-3", "acc-2");
  PriceChanged storage = tiers("storage", {{"0", "1.84"}, {"50", "1.77"}});
  for (BillingProfileCreated* each : {&p1, &p2, &p3}) each->currency = kUsd;
  storage.currency = kUsd;
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), p1, p2, p3, storage,
              in_section(subscription("a", "acc-2", "2024-03-01"), "p-1"),
              in_section(subscription("b", "acc-2", "2024-03-01"), "p-1"),
              in_section(subscription("c", "acc-2", "2024-03-01"), "p-2"),
              in_section(subscription("d", "acc-2", "2024-03-01"), "p-3")})
      .given({usage("a", "storage", "60", "2024-03-04"), usage("b", "storage", "40", "2024-03-05"),
              usage("c", "storage", "50", "2024-03-04"),
              usage("d", "storage", "50", "2024-03-05")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("180.50", "USD"));
  EXPECT_EQ(ledger.invoices()[1]->total_minor + ledger.invoices()[2]->total_minor, 18400);
}

/// SC-46: one invoice of 40.00, paid by card.
InMemoryLedger sc_46() {
  InMemoryLedger ledger = sc_03();
  ledger.given({card("card-1", "acc-1", {"sub-01", "sub-02"})});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

TEST(Scenarios, SC_46_ANewInvoiceIsDueAndAChargedCardPaysIt) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  ledger.post({payment(id, "p-1", "40.00")}).then({InvoicePaid{id, day("2024-05-02")}});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("0.00"));
}

TEST(Scenarios, SC_47_ADeclinedCardMakesInvoiceAndSubscriptionsPastDue) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  const Date may_2 = day("2024-05-02");
  ledger.post({decline(id, "p-0")})
      .then({InvoiceBecamePastDue{id, may_2, PastDueReason::Declined},
             NoticeQueued{id, NoticeKind::PastDue, kJeroen, std::nullopt,
                          std::string("jeroen@contoso.example")},
             SubscriptionBecamePastDue{
                 SubscriptionId("sub-01"), SuspensionReason::PastDue, {id}, may_2},
             SubscriptionBecamePastDue{
                 SubscriptionId("sub-02"), SuspensionReason::PastDue, {id}, may_2}});
  const Invoice& invoice = *ledger.invoices()[0];
  EXPECT_EQ(invoice.status, InvoiceStatus::PastDue);
  ASSERT_EQ(invoice.failed_payments.size(), 1u);
  EXPECT_EQ(invoice.failed_payments[0].reason, PaymentFailure::BankDeclined);
  const Subscription& subscription = *ledger.state().subscription(SubscriptionId("sub-01"));
  EXPECT_EQ(subscription.status, SubscriptionStatus::PastDue);
  EXPECT_TRUE(subscription.is_charged_on(day("2024-05-03")));
}

TEST(Scenarios, SC_48_ARetryThatSucceedsFreesTheSubscriptions) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({decline(id, "p-0")}).at("2024-05-05").post({payment(id, "p-1", "40.00")});
  const Date may_5 = day("2024-05-05");
  ledger.then(
      {InvoicePaid{id, may_5},
       SubscriptionReenabled{SubscriptionId("sub-01"), SuspensionReason::PastDue, {id}, may_5},
       SubscriptionReenabled{SubscriptionId("sub-02"), SuspensionReason::PastDue, {id}, may_5}});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::Active);
}

TEST(Scenarios, SC_49_UnpaidForThirtyDaysIsDisabled) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({decline(id, "p-0")}).when(AdvanceClock{midnight("2024-05-22"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-05-23"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::Warned);
  ledger.when(AdvanceClock{midnight("2024-06-01"), true});
  const Subscription& subscription = *ledger.state().subscription(SubscriptionId("sub-01"));
  EXPECT_EQ(subscription.status, SubscriptionStatus::Disabled);
  EXPECT_EQ(subscription.status_reason, SuspensionReason::PastDue);
}

TEST(Scenarios, SC_51_DisabledForNinetyDaysIsDeleted) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({decline(id, "p-0")}).when(AdvanceClock{midnight("2024-08-29"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-08-30"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::Deleted);
}

TEST(Scenarios, SC_55_WireIsPastDueTheDayAfterItsDueDate) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              cost("sub-01", "10.00", "2024-03-06")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->due_date, day("2024-05-05"));
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  ledger.when(AdvanceClock{midnight("2024-05-06"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::PastDue);
}

TEST(Scenarios, SC_57_PartialPayments) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({payment(id, "p-1", "30.00")}).then_nothing();
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("10.00"));
  ledger.post({payment(id, "p-2", "10.00")}).then({InvoicePaid{id, day("2024-05-02")}});
}

TEST(Scenarios, SC_58_AChargebackMakesAPaidInvoicePastDue) {
  InMemoryLedger ledger = sc_46();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(id, "p-1", "40.00")});
  ledger.post(
      {InvoicePaymentReversed{id, PaymentId("p-1"), money("40.00"), ReversalReason::Chargeback}});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("40.00"));
}

}  // namespace
}  // namespace daybook::testing
