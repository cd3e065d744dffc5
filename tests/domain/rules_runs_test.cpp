#include <gtest/gtest.h>

#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/issued.h"

/// When what is invoiced: the test cases of domain.md 2.7 and the scenarios of 10.1 that need more
/// than periods.
namespace daybook::testing {
namespace {

/// An account with one subscription and a charge on every day.
InMemoryLedger daily(std::string_view account_created, std::string_view created, int days = 150) {
  InMemoryLedger ledger;
  ledger.at(created).given({account("acc-1", AccountType::MOSP, account_created),
                            subscription("sub-01", "acc-1", created)});
  std::vector<EventData> rows;
  for (int i = 0; i < days; ++i)
    rows.emplace_back(cost("sub-01", "1.00", day(created).plus_days(i).text()));
  ledger.given(std::move(rows));
  return ledger;
}

TEST(InvoiceRuns, TC_9_APileUpIssuesOneInvoiceAPeriod) {
  InMemoryLedger ledger = daily("2023-01-30", "2023-01-31");
  ledger.when(AdvanceClock{midnight("2023-04-30"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2023-02-28", "2023-01-31", "2023-02-27"},
                                 {"sub-01", "2023-04-30", "2023-02-28", "2023-03-30"},
                                 {"sub-01", "2023-04-30", "2023-03-31", "2023-04-29"}}));
}

TEST(InvoiceRuns, TC_10_TheDayAfterThePeriodWhenAccountAndSubscriptionShareTheDay) {
  InMemoryLedger ledger = daily("2024-02-02", "2024-02-02");
  ledger.when(AdvanceClock{midnight("2024-03-02"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-03-02", "2024-02-02", "2024-03-01"}}));
}

TEST(InvoiceRuns, TC_11_RunsOfTheFifteenth) {
  InMemoryLedger ledger = daily("2024-01-15", "2024-01-31");
  ledger.when(AdvanceClock{midnight("2024-04-15"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-03-15", "2024-01-31", "2024-02-28"},
                                 {"sub-01", "2024-04-15", "2024-02-29", "2024-03-30"}}));
}

TEST(InvoiceRuns, TC_12_EachSubscriptionByItsOwnPeriods) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-03-05"),
              subscription("sub-1", "acc-1", "2024-03-05"),
              subscription("sub-2", "acc-1", "2024-03-10")});
  for (std::string_view date : {"2024-03-12", "2024-04-12"}) {
    ledger.given({cost("sub-1", "1.00", date), cost("sub-2", "1.00", date)});
  }
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-1", "2024-04-05", "2024-03-05", "2024-04-04"},
                                 {"sub-1", "2024-05-05", "2024-04-05", "2024-05-04"},
                                 {"sub-2", "2024-05-05", "2024-03-10", "2024-04-09"}}));
}

TEST(InvoiceRuns, TC_7_SupportTermsAreBilledAheadOnTheAccountsDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .given(jeroens_account())
      .given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"plan-1", "2024-03-28", "2024-03-28", "2024-04-27"}}));
  EXPECT_EQ(ledger.invoices()[0]->type, InvoiceType::AzureSupport);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"plan-1", "2024-03-28", "2024-03-28", "2024-04-27"},
                                 {"plan-1", "2024-05-02", "2024-04-28", "2024-05-27"},
                                 {"plan-1", "2024-06-02", "2024-05-28", "2024-06-27"}}));
  EXPECT_EQ(ledger.outcome<SupportPlanRenewed>().size(), 2u);
}

TEST(InvoiceRuns, CF_21_TheNextAccountDayWhereThePolicySaysSo) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .when(SetPolicy{"support.renewalRun", {R"("nextAccountDay")"}, std::nullopt});
  ledger.given(jeroens_account()).given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"plan-1", "2024-03-28", "2024-03-28", "2024-04-27"},
                                 {"plan-1", "2024-04-02", "2024-04-28", "2024-05-27"},
                                 {"plan-1", "2024-05-02", "2024-05-28", "2024-06-27"}}));
}

/// In a running ledger it goes on from the invoice before, either way: no term early, none twice.
TEST(InvoiceRuns, CF_21_SwitchedOverGoesOnFromTheInvoiceBefore) {
  InMemoryLedger ledger;
  const auto bill = [&](std::string_view run, std::string_view through) {
    ledger.when(SetPolicy{"support.renewalRun", {"\"" + std::string(run) + "\""}, std::nullopt});
    ledger.when(AdvanceClock{midnight(through), true});
  };
  ledger.at("2024-03-28").given(jeroens_account()).given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  ledger.when(AdvanceClock{midnight("2024-05-03"), true});
  bill("nextAccountDay", "2024-05-20");
  const SubscriptionId plans_own("sub-02");
  EXPECT_EQ(next_invoice_date(ledger.state(), *ledger.state().subscription(plans_own)), day("2024-06-02"));
  bill("nextAccountDay", "2024-07-02");
  bill("onOrAfterTermStart", "2024-08-02");
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"plan-1", "2024-03-28", "2024-03-28", "2024-04-27"},
                                 {"plan-1", "2024-05-02", "2024-04-28", "2024-05-27"},
                                 {"plan-1", "2024-06-02", "2024-05-28", "2024-06-27"},
                                 {"plan-1", "2024-07-02", "2024-06-28", "2024-07-27"},
                                 {"plan-1", "2024-08-02", "2024-07-28", "2024-08-27"}}));
}

TEST(InvoiceRuns, CF_21_AfterAVoidInvoiceTheNextOneKeepsItsDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28").when(SetPolicy{"support.renewalRun", {R"("nextAccountDay")"}, std::nullopt});
  ledger.given(jeroens_account()).given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  VoidInvoice wrong;
  wrong.invoice_id = ledger.invoices().back()->invoice_id;
  wrong.reason = "wrong name";
  ledger.when(wrong);
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  // The second term once more, and the third on its day.
  ASSERT_EQ(ledger.invoices().size(), 4u);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(ledger.invoices().size(), 5u);
  EXPECT_EQ(ledger.invoices().back()->issue_date, day("2024-06-02"));
}

TEST(InvoiceRuns, SC_14_ACancelledSupportPlanHasNoFurtherInvoice) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .given(jeroens_account())
      .given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  ledger.at("2024-04-15").given({SupportPlanCancelled{PlanId("plan-1"), std::nullopt}});
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(issued(ledger).size(), 1u);
}

TEST(InvoiceRuns, SC_29_CancellingKeepsThePeriodAndStopsTheCharges) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given({cost("sub-01", "10.00", "2024-03-19")});
  const Date march_20 = day("2024-03-20");
  ledger.at("2024-03-20")
      .post({SubscriptionCancelled{SubscriptionId("sub-01"), "no longer needed", std::nullopt}});
  ledger.then(
      {SubscriptionDisabled{SubscriptionId("sub-01"), SuspensionReason::Cancelled, {}, march_20}});
  ledger.given({cost("sub-01", "5.00", "2024-03-20")});
  EXPECT_EQ(ledger.last_unmatched(), std::nullopt);
  ledger.given({cost("sub-01", "3.00", "2024-03-21")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::SUBSCRIPTION_INACTIVE);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-05-02", "2024-03-05", "2024-04-04"}}));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("15.00"));
}

TEST(InvoiceRuns, SC_117_ACancelledSubscriptionExpiresWithItsPeriodAndIsDeletedLater) {
  InMemoryLedger ledger;
  ledger.at("2024-03-20")
      .given(jeroens_account())
      .given({SubscriptionCancelled{SubscriptionId("sub-01"), "no longer needed", std::nullopt}});
  const auto status = [&] { return ledger.state().subscription(SubscriptionId("sub-01"))->status; };
  EXPECT_EQ(status(), SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-04-04"), true});
  EXPECT_EQ(status(), SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(status(), SubscriptionStatus::Expired);
  ledger.when(AdvanceClock{midnight("2024-06-18"), true});
  EXPECT_EQ(status(), SubscriptionStatus::Deleted);
}

TEST(InvoiceRuns, ARepeatedRunIssuesNothing) {
  InMemoryLedger ledger = daily("2024-01-15", "2024-01-31");
  ledger.at("2024-06-20").when(RunInvoicing{day("2024-06-20")});
  const std::size_t count = ledger.invoices().size();
  EXPECT_GT(count, 2u);
  ledger.when(RunInvoicing{day("2024-06-20")}).then_nothing();
  ledger.when(RunMospInvoicing{day("2024-06-15")}).then_nothing();
  EXPECT_EQ(ledger.invoices().size(), count);
}

TEST(InvoiceRuns, DayByDayIsTheSameAsAtOnce) {
  InMemoryLedger at_once = daily("2023-01-30", "2023-01-31");
  InMemoryLedger by_day = daily("2023-01-30", "2023-01-31");
  at_once.when(AdvanceClock{midnight("2023-07-01"), true});
  for (Date date = day("2023-02-01"); date <= day("2023-07-01"); date = date.plus_days(1)) {
    by_day.when(AdvanceClock{Instant::start_of(date), true});
  }
  EXPECT_EQ(issued(at_once), issued(by_day));
}

TEST(InvoiceRuns, TheDayAfterThePeriodWhereThePolicySaysSo) {
  InMemoryLedger ledger = daily("2024-02-02", "2024-03-05");
  ledger.when(SetPolicy{"mosp.invoiceDay", {R"("PERIOD_END_PLUS_1")"}, std::nullopt});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"sub-01", "2024-04-05", "2024-03-05", "2024-04-04"}}));
}

TEST(InvoiceRuns, ProfilesAreInvoicedByTheirChannel) {
  for (const auto& [channel, date] : {std::pair(SalesChannel::Representative, "2024-04-05"),
                                      std::pair(SalesChannel::Website, "2024-04-09"),
                                      std::pair(SalesChannel::Partner, "2024-04-08")}) {
    InMemoryLedger ledger;
    BillingAccountOpened opened = account("acc-2", AccountType::MCA, "2024-03-01");
    opened.channel = channel;
    BillingProfileCreated p1 = profile("p-1", "acc-2");
    p1.invoice_day.reset();
    ledger.at("2024-03-01").given({opened, p1}).when(AdvanceClock{midnight("2024-04-30"), true});
    EXPECT_EQ(issued(ledger), (std::vector<Issued>{{"p-1", date, "2024-03-01", "2024-03-31"}}));
  }
}

TEST(InvoiceRuns, SC_18_AnMpaProfileIsInvoicedOnTheEighthNet60) {
  InMemoryLedger ledger;
  SubscriptionCreated plan = subscription("plan", "acc-3", "2024-10-15");
  plan.profile_id = ProfileId("p-9");
  BillingProfileCreated p9 = profile("p-9", "acc-3");
  p9.invoice_day.reset();
  ledger.at("2024-10-15")
      .given({account("acc-3", AccountType::MPA, "2024-10-01"), p9, plan,
              cost("plan", "60.00", "2024-10-20")});
  ledger.when(AdvanceClock{midnight("2024-12-08"), true});
  EXPECT_EQ(issued(ledger),
            (std::vector<Issued>{{"p-9", "2024-11-08", "2024-10-01", "2024-10-31"},
                                 {"p-9", "2024-12-08", "2024-11-01", "2024-11-30"}}));
  EXPECT_EQ(ledger.invoices()[0]->due_date, day("2025-01-07"));
}

TEST(InvoiceRuns, TheAgendaOfAnAccountNamesTheNextDayWithWork) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account());
  const AccountId acc("acc-1");
  WorkKinds services{true, false, false, false, false};
  EXPECT_EQ(next_work(ledger.state(), acc, day("2024-03-12"), services), day("2024-05-02"));
  EXPECT_EQ(next_work(ledger.state(), acc, day("2024-03-12"), WorkKinds()), day("2024-04-09"));
  EXPECT_EQ(next_work(ledger.state(), AccountId("nobody"), day("2024-03-12"), WorkKinds()),
            std::nullopt);
  const std::vector<Work> work =
      due(ledger.state(), day("2024-03-12"), day("2024-06-30"), services);
  EXPECT_EQ(work, (std::vector<Work>{{day("2024-05-02"), acc}, {day("2024-06-02"), acc}}));
}

TEST(InvoiceRuns, APlanSaysWhatItReliedOn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({vat(), price("vm", "1"), usage("sub-01", "vm", "2", "2024-03-12"),
              usage("sub-01", "no-price", "2", "2024-03-12")});
  const Result<Plan> planned =
      plan(ledger.state(), ledger.usage(), {day("2024-05-02"), AccountId("acc-1")},
           day("2024-05-02"), WorkKinds());
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->position, ledger.head());
  const auto relies_on = [&](StreamType type, std::string_view id) {
    return std::binary_search(planned->relied_on.begin(), planned->relied_on.end(),
                              StreamKey{type, std::string(id)});
  };
  EXPECT_TRUE(relies_on(StreamType::BillingAccount, "acc-1"));
  EXPECT_TRUE(relies_on(StreamType::Subscription, "sub-01"));
  EXPECT_TRUE(relies_on(StreamType::Price, "vm"));
  EXPECT_TRUE(relies_on(StreamType::Price, "no-price"));
  EXPECT_TRUE(relies_on(StreamType::TaxRate, "NL"));
  EXPECT_TRUE(relies_on(StreamType::EmailPreference, "Subscription:sub-01"));
  EXPECT_TRUE(marks_unchanged(ledger.state(), *planned));
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_FALSE(marks_unchanged(ledger.state(), *planned));
}

}  // namespace
}  // namespace daybook::testing
