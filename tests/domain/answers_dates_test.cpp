#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/subscription_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/domain/answers_support.h"
#include "tests/support/move_facts.h"

/// Next invoice dates (R-29) for the dated vectors of domain.md 2.7, and the billing history.
namespace daybook::testing {
namespace {


std::optional<Date> next_of(const InMemoryLedger& ledger, std::string_view subscription) {
  return next_invoice_date(ledger.state(), *ledger.state().find<Subscription>(subscription));
}
std::optional<Date> next_of_account(const InMemoryLedger& ledger) {
  return next_invoice_date(ledger.state(), *ledger.state().account(kAcc1), ledger.now().date());
}

InMemoryLedger one_account(std::string_view account_created, std::string_view sub_created) {
  InMemoryLedger ledger;
  ledger.at(sub_created)
      .given({account("acc-1", AccountType::MOSP, account_created),
              subscription("sub-01", "acc-1", sub_created)});
  return ledger;
}

TEST(NextInvoiceDate, TC_3_BothSubscriptionsWaitForTheSecondOfMay) {
  InMemoryLedger ledger = example();
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-05-02"));
  EXPECT_EQ(next_of(ledger, "sub-02"), day("2024-05-02"));
  EXPECT_EQ(next_of_account(ledger), day("2024-05-02"));
  run(ledger, "2024-05-02");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-06-02"));
  EXPECT_EQ(next_of(ledger, "sub-02"), day("2024-06-02"));
}

TEST(NextInvoiceDate, WhatWasVoidedIsToComeThoughNoOtherPeriodIs) {
  InMemoryLedger ledger = one_account("2024-02-02", "2024-03-05");
  ledger.given({cost("sub-01", "10.00", "2024-03-10"),
                SubscriptionCancelled{SubscriptionId("sub-01"), "gone", day("2024-03-20")}});
  run(ledger, "2024-05-10");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
  ledger.when(VoidInvoice{ledger.invoices()[0]->invoice_id, "mistake", false});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-06-02"));
  run(ledger, "2024-06-02");
  EXPECT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
}

TEST(NextInvoiceDate, ALastInvoiceOfBeforeAnUpgradeIsToCome) {
  InMemoryLedger ledger = example();
  ledger.at("2024-04-10").given(
      {upgraded("acc-1", AccountType::MOSP, "2024-04-15", {created("p-1", {"sub-01", "sub-02"})})});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-05-02"));
  EXPECT_EQ(next_of_account(ledger), day("2024-05-02"));
  run(ledger, "2024-05-02");
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
  // From then on the profile's own day, for the days after the upgrade.
  EXPECT_EQ(next_of_account(ledger), day("2024-05-09"));
}

TEST(NextInvoiceDate, ALastInvoiceOfATransferIsTheOldAccounts) {
  InMemoryLedger ledger = example();
  ledger.at("2024-04-10").given({account("acc-9", AccountType::MOSP, "2024-01-20"),
                                 transferred("sub-01", "acc-1", "acc-9", "2024-04-15"),
                                 transferred("sub-02", "acc-1", "acc-9", "2024-04-15")});
  ledger.given({BillingAccountClosed{kAcc1, "nothing is left in it"}});
  EXPECT_EQ(next_of_account(ledger), day("2024-05-02"));
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-05-20"));
  run(ledger, "2024-05-02");
  EXPECT_EQ(next_of_account(ledger), std::nullopt);
}

TEST(NextInvoiceDate, TC_6_AProfileHasItsInvoiceDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("profile-1", "acc-1", 9),
              in_section(subscription("sub-01", "acc-1", "2024-03-05"), "profile-1")});
  const Profile& profile = *ledger.state().find<Profile>("profile-1");
  EXPECT_EQ(next_invoice_date(ledger.state(), profile), day("2024-04-09"));
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
  EXPECT_EQ(next_of_account(ledger), day("2024-04-09"));
  run(ledger, "2024-04-09");
  EXPECT_EQ(next_invoice_date(ledger.state(), *ledger.state().find<Profile>("profile-1")),
            day("2024-05-09"));
}

TEST(NextInvoiceDate, TC_7_ASupportPlanIsBilledAtOnceThenOnTheAccountsDay) {
  InMemoryLedger ledger = example();
  ledger.at("2024-03-28")
      .given({subscription("sub-03", "acc-1", "2024-03-28"),
              support_plan("plan-1", "sub-03", "100.00", "2024-03-28")});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices().front()->issue_date, day("2024-03-28"));
  EXPECT_EQ(next_of(ledger, "sub-03"), day("2024-05-02"));
  run(ledger, "2024-05-02");
  EXPECT_EQ(next_of(ledger, "sub-03"), day("2024-06-02"));
  ledger.given({SupportPlanCancelled{PlanId("plan-1"), day("2024-05-15")}});
  EXPECT_EQ(next_of(ledger, "sub-03"), std::nullopt);
}

TEST(NextInvoiceDate, TC_8_AccountDayThirtyOneIsClamped) {
  InMemoryLedger ledger = one_account("2024-01-31", "2024-01-31");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-02-29"));
  run(ledger, "2024-02-29");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-03-31"));
  run(ledger, "2024-03-31");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-04-30"));
}

TEST(NextInvoiceDate, TC_9_APeriodThatEndsOnTheRunWaitsAMonth) {
  InMemoryLedger ledger = one_account("2023-01-30", "2023-01-31");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2023-02-28"));
  run(ledger, "2023-02-28");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2023-04-30"));
  run(ledger, "2023-03-30");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2023-04-30"));
  run(ledger, "2023-04-30");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2023-06-30"));
}

TEST(NextInvoiceDate, TC_10_TheDayAfterThePeriod) {
  EXPECT_EQ(next_of(one_account("2024-02-02", "2024-02-02"), "sub-01"), day("2024-03-02"));
}

TEST(NextInvoiceDate, TC_11_AccountDayFifteen) {
  InMemoryLedger ledger = one_account("2024-01-15", "2024-01-31");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-03-15"));
  run(ledger, "2024-03-15");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-04-15"));
}

TEST(NextInvoiceDate, TC_12_OneSubscriptionIsAMonthBehindTheOther) {
  InMemoryLedger ledger = one_account("2024-03-05", "2024-03-05");
  ledger.at("2024-03-10").given({subscription("sub-02", "acc-1", "2024-03-10")});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-04-05"));
  EXPECT_EQ(next_of(ledger, "sub-02"), day("2024-05-05"));
  EXPECT_EQ(next_of_account(ledger), day("2024-04-05"));
  run(ledger, "2024-04-05");
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-05-05"));
  EXPECT_EQ(next_of(ledger, "sub-02"), day("2024-05-05"));
}

TEST(NextInvoiceDate, ByPolicyTheDayAfterThePeriod) {
  InMemoryLedger ledger = example();
  ledger.when(SetPolicy{"mosp.invoiceDay", {R"("PERIOD_END_PLUS_1")"}, std::nullopt});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-04-05"));
}

TEST(NextInvoiceDate, NoneAfterTheLastPeriodOfACancelledSubscription) {
  InMemoryLedger ledger = example();
  SubscriptionCancelled cancelled;
  cancelled.subscription_id = kSub01;
  cancelled.reason = "no longer needed";
  cancelled.effective_on = day("2024-03-20");
  ledger.given({cancelled});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-05-02"));
  run(ledger, "2024-05-02");
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
}

TEST(NextInvoiceDate, NoneAfterDunningHasDeletedASubscription) {
  InMemoryLedger ledger = one_account("2024-02-02", "2024-03-05");
  ledger.given({cost("sub-01", "30.00", "2024-03-07")});
  run(ledger, "2024-05-02");
  ledger.given({decline(ledger.invoices().at(0)->invoice_id, "p-0")});
  ledger.when(AdvanceClock{midnight("2024-08-30"), true});  // disabled on 1 June, deleted 90 days later
  ASSERT_EQ(ledger.state().subscription(kSub01)->status, SubscriptionStatus::Deleted);
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-09-02"));
  ledger.when(AdvanceClock{midnight("2024-09-02"), true});
  EXPECT_EQ(next_of(ledger, "sub-01"), day("2024-10-02"));  // of the period in which it was deleted
  ledger.when(AdvanceClock{midnight("2024-10-02"), true});
  EXPECT_EQ(next_of(ledger, "sub-01"), std::nullopt);
  EXPECT_EQ(next_of_account(ledger), std::nullopt);
  ledger.when(AdvanceClock{midnight("2024-12-02"), true});
  EXPECT_TRUE(ledger.outcome<PeriodClosedWithoutInvoice>().empty());
}

TEST(CurrentPeriod, TC_1_TC_2_AreAnchoredOnTheDayOfCreation) {
  const InMemoryLedger ledger = example();
  const auto of = [&](const SubscriptionId& id, std::string_view today) {
    return current_period(ledger.state(), *ledger.state().subscription(id), day(today));
  };
  EXPECT_EQ(of(kSub01, "2024-03-05"), period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(of(kSub01, "2024-05-04"), period("2024-04-05", "2024-05-05"));
  EXPECT_EQ(of(kSub02, "2024-04-09"), period("2024-03-10", "2024-04-10"));
  EXPECT_EQ(of(kSub02, "2024-03-01"), period("2024-03-10", "2024-04-10"));
}

TEST(BillingHistory, SC_94_ShowsTheLastSixOfEightPeriods) {
  InMemoryLedger ledger = one_account("2024-01-01", "2024-01-05");
  for (int month = 1; month <= 9; ++month) {
    ledger.at("2024-0" + std::to_string(month) + "-20")
        .given({cost("sub-01", std::to_string(10 * month) + ".00",
                     "2024-0" + std::to_string(month) + "-20")});
    if (month > 1) run(ledger, "2024-0" + std::to_string(month) + "-28");
  }
  const auto answer = billing_history_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                             midnight("2024-09-28"));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->items.size(), 6u);
  EXPECT_EQ(answer->items.front().period, period("2024-08-05", "2024-09-05"));
  EXPECT_EQ(answer->items.front().reason, NoInvoiceReason::NotYetInvoiced);
  EXPECT_EQ(answer->items.front().total, money("80.00"));
  EXPECT_EQ(answer->items.back().period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(answer->items.back().invoice_status, InvoiceStatus::Due);
  EXPECT_EQ(answer->items.back().total, money("30.00"));
  ASSERT_TRUE(answer->current);
  EXPECT_EQ(answer->current->period, period("2024-09-05", "2024-10-05"));
  EXPECT_EQ(answer->current->total, money("90.00"));
}

TEST(BillingHistory, SaysWhyAPeriodHasNoInvoice) {
  InMemoryLedger ledger = example();
  ledger.at("2024-05-01").given({b1s_usage("90", "2024-04-20")});
  run(ledger, "2024-06-02");
  run(ledger, "2024-07-02");
  const auto answer = billing_history_answer(ledger.state(), ledger.usage(), as("jeroen"), kSub01,
                                             midnight("2024-07-02"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"items":[
    {"period":{"start":"2024-05-05","endExclusive":"2024-06-05"},"reason":"NoUsage",
     "total":{"amount":"0.00","currency":"EUR"},"invoiceId":null,"usageAvailable":false},
    {"period":{"start":"2024-04-05","endExclusive":"2024-05-05"},"reason":"NothingOwed",
     "total":{"amount":"0.00","currency":"EUR"},"invoiceId":null,"usageAvailable":true},
    {"period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"reason":null,
     "total":{"amount":"4.43","currency":"EUR"},"invoiceId":"…","invoiceStatus":"Due"}]})"));
}

TEST(BillingHistory, EndsWithACancelledSubscription) {
  InMemoryLedger ledger = example();
  SubscriptionCancelled cancelled;
  cancelled.subscription_id = kSub01;
  cancelled.reason = "no longer needed";
  cancelled.effective_on = day("2024-04-10");
  ledger.at("2024-04-10").given({cancelled});
  run(ledger, "2024-07-02");
  const auto answer = billing_history_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                             midnight("2024-09-01"));
  ASSERT_EQ(answer->items.size(), 2u);
  EXPECT_EQ(answer->items.front().period.start, day("2024-04-05"));
  EXPECT_FALSE(answer->current);
}

TEST(BillingHistory, OfASupportPlanShowsItsTerms) {
  InMemoryLedger ledger = example();
  ledger.at("2024-03-28")
      .given({vat(), subscription("sub-03", "acc-1", "2024-03-28"),
              support_plan("plan-1", "sub-03", "100.00", "2024-03-28")});
  run(ledger, "2024-03-28");
  const auto answer = billing_history_answer(ledger.state(), ledger.usage(), kOperator,
                                             SubscriptionId("sub-03"), midnight("2024-05-01"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"items":[
    {"period":{"start":"2024-03-28","endExclusive":"2024-04-28"},"invoiceId":"…",
     "total":{"amount":"121.00","currency":"EUR"},"reason":null}],
    "current":{"period":{"start":"2024-04-28","endExclusive":"2024-05-28"},
               "total":{"amount":"100.00","currency":"EUR"}}})"));
}

TEST(BillingHistory, IsOfMospAndOfItsAdministratorAlone) {
  InMemoryLedger ledger = example();
  ledger.given({account("acc-2", AccountType::MCA, "2024-01-01"), profile("profile-1", "acc-2"),
                in_section(subscription("sub-11", "acc-2", "2024-03-05"), "profile-1"),
                linked("owner", "owner@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Owner, "owner")});
  const auto ask = [&](const Viewer& viewer, std::string_view id) {
    return code_of(billing_history_answer(ledger.state(), ledger.usage(), viewer,
                                          SubscriptionId(std::string(id)), ledger.now()));
  };
  EXPECT_EQ(ask(as("jeroen"), "sub-01"), "");
  EXPECT_EQ(ask(as("owner"), "sub-01"), "NO_PERMISSION");
  EXPECT_EQ(ask(as("owner"), "sub-02"), "NOT_FOUND");
  EXPECT_EQ(ask(as("jeroen"), "sub-11"), "NOT_FOUND");
  EXPECT_EQ(ask(as("jeroen"), "no-such"), "NOT_FOUND");
}

TEST(Statement, OfAPeriodWithAnInvoiceShowsIt) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  const auto answer = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                       day("2024-03-20"), midnight("2024-05-02"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({
    "period":{"start":"2024-03-05","endExclusive":"2024-04-05"},"isEstimate":false,
    "charges":{"amount":"3.66","currency":"EUR"},"credit":{"amount":"0.00","currency":"EUR"},
    "tax":{"amount":"0.77","currency":"EUR"},"total":{"amount":"4.43","currency":"EUR"},
    "invoiceId":"…","reason":null,"lines":[{"lineId":"1"}]})"));
}

TEST(Statement, OfAPeriodWithoutInvoiceSaysWhy) {
  InMemoryLedger ledger = example();
  ledger.at("2024-05-01").given({b1s_usage("90", "2024-04-20")});
  run(ledger, "2024-06-02");
  // A price that is posted later changes nothing that was looked at.
  ledger.given({price("vm-b1s", "5.00", "2024-04-01")});
  const auto answer = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                       day("2024-04-20"), midnight("2024-06-02"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"isEstimate":false,"reason":"NothingOwed",
    "invoiceId":null,"total":{"amount":"0.00","currency":"EUR"},
    "lines":[{"consumed":"90","included":"90","billable":"0","value":"0"}]})"));
}

TEST(Statement, RefusesDaysWithoutPeriod) {
  const InMemoryLedger ledger = example();
  const auto ask = [&](std::string_view date) {
    return code_of(statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01, day(date),
                                    midnight("2024-04-05")));
  };
  EXPECT_EQ(ask("2024-03-04"), "BAD_QUERY");
  EXPECT_EQ(ask("2024-05-05"), "BAD_QUERY");
  EXPECT_EQ(ask("2024-05-04"), "");
}

TEST(Statement, TheEstimateBecomesTheInvoice) {
  InMemoryLedger ledger = example();
  ledger.given({cost("sub-01", "1.005", "2024-03-09"), cost("sub-01", "-0.40", "2024-03-10")});
  const auto estimate = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                         day("2024-03-20"), midnight("2024-05-01"));
  run(ledger, "2024-05-02");
  const auto billed = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                       day("2024-03-20"), midnight("2024-05-02"));
  EXPECT_EQ(estimate->charges, money("4.27"));
  EXPECT_EQ(estimate->charges, billed->charges);
  EXPECT_EQ(estimate->lines, billed->lines);
}

TEST(PendingCharges, EndWithTheInvoiceOfTheMonth) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("profile-1", "acc-1"),
              in_section(subscription("sub-01", "acc-1", "2024-03-05"), "profile-1"),
              in_section(subscription("sub-03", "acc-1", "2024-03-28"), "profile-1"),
              support_plan("plan-1", "sub-03", "100.00", "2024-03-28"),
              cost("sub-01", "210.00", "2024-03-10"), cost("sub-01", "5.00", "2024-04-01")});
  const auto ask = [&](std::string_view now) {
    return pending_charges_answer(ledger.state(), ledger.usage(), kOperator, ProfileId("profile-1"),
                                  midnight(now));
  };
  const auto before = ask("2024-04-02");
  ASSERT_EQ(before->periods.size(), 2u);
  EXPECT_EQ(before->periods[0].charges, money("310.00"));
  EXPECT_EQ(before->periods[1].charges, money("105.00"));
  EXPECT_EQ(before->total, money("415.00"));
  run(ledger, "2024-04-05");
  EXPECT_EQ(ledger.invoices().at(0)->total_minor, 31000);
  const auto after = ask("2024-04-05");
  ASSERT_EQ(after->periods.size(), 1u);
  EXPECT_EQ(after->total, money("105.00"));
}

}  // namespace
}  // namespace daybook::testing
