#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// The ladder of unpaid invoices where more than one subscription, or none, is on it.
namespace daybook::testing {
namespace {

/// A subscription whose invoice of 2 May was declined that day: Warned 23 May, Disabled 1 June.
InMemoryLedger declined() {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-03-05"), card("card-1", "acc-1", {"sub-01"}),
              cost("sub-01", "30.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});
  return ledger;
}

SubscriptionCreated joins(std::string_view created_on) {
  SubscriptionCreated fact = subscription("sub-02", "acc-1", created_on);
  fact.payment_method_id = MethodId("card-1");
  return fact;
}

TEST(Dunning, WhatJoinsACardInArrearsIsPastDueAtOnce) {
  InMemoryLedger ledger = declined();
  ledger.at("2024-05-10").given({joins("2024-05-10")});
  ledger.when(AdvanceClock{midnight("2024-05-11"), true});
  const auto past_due = ledger.outcome<SubscriptionBecamePastDue>();
  ASSERT_EQ(past_due.size(), 1u);
  EXPECT_EQ(past_due[0].subscription_id, SubscriptionId("sub-02"));
  EXPECT_EQ(past_due[0].effective_on, day("2024-05-10"));
}

TEST(Dunning, NoStepIsOlderThanTheSubscription) {
  InMemoryLedger ledger = declined();
  ledger.when(AdvanceClock{midnight("2024-07-10"), true});
  ledger.given({joins("2024-07-10")});
  ledger.when(AdvanceClock{midnight("2024-07-11"), true});
  const auto warned = ledger.outcome<SubscriptionWarned>();
  const auto disabled = ledger.outcome<SubscriptionDisabled>();
  ASSERT_EQ(warned.size(), 1u);
  ASSERT_EQ(disabled.size(), 1u);
  EXPECT_EQ(warned[0].effective_on, day("2024-07-10"));
  EXPECT_EQ(disabled[0].effective_on, day("2024-07-10"));
  // Its data stays 90 days from there, not from the day on which the other was disabled.
  ledger.when(AdvanceClock{midnight("2024-10-07"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status,
            SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-10-08"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status,
            SubscriptionStatus::Deleted);
}

/// It had left the card when that was declined; what it had paid by it is charged back once the others are Warned. R-71: past due
/// at once; the step of the ladder comes with the next run, and the days before were no days in it.
TEST(Dunning, WhatAChargebackBringsOntoALadderIsPastDueBeforeItIsWarned) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-02-02"),
              card("card-1", "acc-1", {"sub-01"}), cost("sub-01", "30.00", "2024-02-07")});
  ledger.when(AdvanceClock{midnight("2024-03-02"), true});
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-0", "30.00"), card("card-2", "acc-1", {"sub-01"}),
                joins("2024-03-02"), cost("sub-02", "20.00", "2024-03-02")});
  ledger.when(AdvanceClock{midnight("2024-04-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ledger.given({decline(ledger.invoices()[1]->invoice_id, "p-1")});
  ledger.when(AdvanceClock{midnight("2024-04-25"), true});
  const Subscription& left = *ledger.state().subscription(SubscriptionId("sub-01"));
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status, SubscriptionStatus::Warned);
  ASSERT_EQ(left.status, SubscriptionStatus::Active);
  InvoicePaymentReversed back;
  back.invoice_id = ledger.invoices()[0]->invoice_id;
  back.payment_id = PaymentId("p-0");
  back.amount = money("30.00");
  back.reason = ReversalReason::Chargeback;
  ledger.given({back});
  EXPECT_EQ(left.status, SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-04-26"), true});
  EXPECT_EQ(left.status, SubscriptionStatus::Warned);
  EXPECT_TRUE(left.is_charged_on(day("2024-04-24")));
  EXPECT_TRUE(left.is_charged_on(day("2024-04-25")));
  EXPECT_FALSE(left.is_charged_on(day("2024-04-26")));
}

/// Its spending limit had stopped it when the card that it shares was declined; the new period lets it go on.
TEST(Dunning, WhatGoesOnAfterItsSpendingLimitIsPastDueFromThatDay) {
  InMemoryLedger ledger;
  SubscriptionCreated limited = subscription("sub-02", "acc-1", "2024-03-05");
  limited.offer_id = OfferId("MS-AZR-0063P");
  limited.spending_limit = SpendingLimit::On;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02")});
  ledger.at("2024-03-05").given({subscription("sub-01", "acc-1", "2024-03-05"), limited,
                                 monthly_credit("vs", "sub-02", "150.00", "2024-03-05"),
                                 card("card-1", "acc-1", {"sub-01", "sub-02"}), cost("sub-01", "30.00", "2024-03-07")});
  ledger.at("2024-04-10").given({cost("sub-02", "150.00", "2024-04-10")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const Subscription* stopped = ledger.state().subscription(SubscriptionId("sub-02"));
  ASSERT_EQ(stopped->status_reason, SuspensionReason::SpendingLimitReached);
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});

  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.outcome<SubscriptionReenabled>().size(), 1u);
  const auto past_due = ledger.outcome<SubscriptionBecamePastDue>();
  ASSERT_EQ(past_due.size(), 1u);
  EXPECT_EQ(past_due[0].subscription_id, SubscriptionId("sub-02"));
  EXPECT_EQ(past_due[0].effective_on, day("2024-05-05"));
  ledger.when(EvaluateDunning{day("2024-05-05")}).then_nothing();
}

/// of a cancelled one the days through `effectiveOn`, also where it was disabled before that was told.
TEST(Dunning, WhatIsCancelledAfterwardsIsNotChargedUntilItWasDisabled) {
  InMemoryLedger ledger = declined();
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  const Subscription& subscription = *ledger.state().subscription(SubscriptionId("sub-01"));
  ASSERT_EQ(subscription.status, SubscriptionStatus::Disabled);
  EXPECT_TRUE(subscription.is_charged_on(day("2024-05-20")));
  SubscriptionCancelled cancelled;
  cancelled.subscription_id = SubscriptionId("sub-01");
  cancelled.effective_on = day("2024-05-10");
  ledger.given({cancelled});
  const Subscription& then = *ledger.state().subscription(SubscriptionId("sub-01"));
  EXPECT_TRUE(then.is_charged_on(day("2024-05-10")));
  EXPECT_FALSE(then.is_charged_on(day("2024-05-11")));
  EXPECT_FALSE(then.is_charged_on(day("2024-06-10")));
}

/// Steps that fall due one after another, all of them performed late and in one plan.
TEST(Dunning, OnePlanGoesUpTheWholeLadder) {
  InMemoryLedger ledger = declined();
  const Work work{day("2024-09-10"), AccountId("acc-1")};
  const Result<Plan> made =
      plan(ledger.state(), ledger.usage(), work, day("2024-09-10"), WorkKinds::only_dunning());
  ASSERT_TRUE(made);
  std::vector<std::pair<EventType, Date>> steps;
  for (const EventData& event : made->events) {
    if (const auto* warned = event.get_if<SubscriptionWarned>())
      steps.emplace_back(event.type(), warned->effective_on);
    if (const auto* disabled = event.get_if<SubscriptionDisabled>())
      steps.emplace_back(event.type(), disabled->effective_on);
    if (const auto* deleted = event.get_if<SubscriptionDeleted>())
      steps.emplace_back(event.type(), *deleted->effective_on);
  }
  EXPECT_EQ(steps, (std::vector<std::pair<EventType, Date>>{
                       {EventType::SubscriptionWarned, day("2024-05-23")},
                       {EventType::SubscriptionDisabled, day("2024-06-01")},
                       {EventType::SubscriptionDeleted, day("2024-08-30")}}));
}

std::vector<std::pair<std::string, Date>> steps_to(const InMemoryLedger& ledger, EventType type) {
  std::vector<std::pair<std::string, Date>> steps;
  for (const EventData& event : ledger.events()) {
    if (event.type() != type) continue;
    if (const auto* warned = event.get_if<SubscriptionWarned>())
      steps.emplace_back(warned->subscription_id.text(), warned->effective_on);
    if (const auto* disabled = event.get_if<SubscriptionDisabled>())
      steps.emplace_back(disabled->subscription_id.text(), disabled->effective_on);
  }
  return steps;
}

/// sub-01 on card-1, which pays sub-02 too as the account's default, and declined the invoice of sub-01 of
/// 2 May; sub-01 then shares card-2 with sub-03.
InMemoryLedger declined_on_two_cards() {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-02", "acc-1", "2024-03-05"), subscription("sub-03", "acc-1", "2024-03-05"),
              card("card-1", "acc-1", {"sub-01"}), card("card-3", "acc-1", {"sub-03"}),
              PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Account, ScopeId("acc-1")},
              cost("sub-01", "30.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});
  ledger.given({card("card-2", "acc-1", {"sub-01", "sub-03"}), cost("sub-01", "20.00", "2024-04-07")});
  return ledger;
}

TEST(Dunning, EachCardHasALadderOfItsOwnThoughTheyShareASubscription) {
  InMemoryLedger ledger = declined_on_two_cards();
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  using Steps = std::vector<std::pair<std::string, Date>>;
  EXPECT_EQ(steps_to(ledger, EventType::SubscriptionWarned),
            (Steps{{"sub-01", day("2024-05-23")}, {"sub-02", day("2024-05-23")}}));
  EXPECT_EQ(steps_to(ledger, EventType::SubscriptionDisabled),
            (Steps{{"sub-01", day("2024-06-01")}, {"sub-02", day("2024-06-01")}}));
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ledger.given({decline(ledger.invoices()[1]->invoice_id, "p-1")});
  // The other card begins its ladder on this day, whatever sub-01 owes by its former one.
  ledger.when(AdvanceClock{midnight("2024-06-22"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-03"))->status, SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(steps_to(ledger, EventType::SubscriptionWarned), (Steps{{"sub-03", day("2024-06-23")}}));
  EXPECT_EQ(steps_to(ledger, EventType::SubscriptionDisabled), (Steps{{"sub-03", day("2024-07-02")}}));
}

TEST(Dunning, WhatStandsOnTwoLaddersIsActiveOnceBothArePaid) {
  InMemoryLedger ledger = declined_on_two_cards();
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ledger.given({decline(ledger.invoices()[1]->invoice_id, "p-1")});
  const auto status = [&](std::string_view id) {
    return ledger.state().subscription(SubscriptionId(std::string(id)))->status;
  };
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-2", "30.00")});
  EXPECT_EQ(status("sub-01"), SubscriptionStatus::Disabled);  // its own invoice on card-2
  EXPECT_EQ(status("sub-02"), SubscriptionStatus::Active);
  EXPECT_EQ(status("sub-03"), SubscriptionStatus::PastDue);
  ledger.given({payment(ledger.invoices()[1]->invoice_id, "p-3", "20.00")});
  EXPECT_EQ(status("sub-01"), SubscriptionStatus::Active);
  EXPECT_EQ(status("sub-03"), SubscriptionStatus::Active);
}

/// One that left a card in arrears waits for its balance, goes no further, and does not wait for ever.
TEST(Dunning, AnotherCardDoesNotSettleTheFormerOne) {
  InMemoryLedger ledger = declined();
  ledger.at("2024-05-03").given({joins("2024-05-03")});
  ledger.when(AdvanceClock{midnight("2024-05-04"), true});
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status, SubscriptionStatus::PastDue);
  ledger.given({card("card-2", "acc-1", {"sub-02"})});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status, SubscriptionStatus::Disabled);
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status, SubscriptionStatus::PastDue);
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "30.00")});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status, SubscriptionStatus::Active);
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-02"))->status, SubscriptionStatus::Active);
}

/// It was away while the ladder of its former card went on, and in no step of that: what it takes on its return, it takes
/// from then on, and its data stays 90 days from there.
TEST(Dunning, WhatComesBackToACardInArrearsTakesItsStepsFromItsReturnOn) {
  const PaymentMethodMadeDefault of_itself{MethodId("card-1"), ScopeType::Subscription, ScopeId("sub-02")};
  const PaymentMethodMadeDefault of_all{MethodId("card-1"), ScopeType::Account, ScopeId("acc-1")};
  const PaymentMethodDetached detached{MethodId("card-2"), SubscriptionId("sub-02")};
  for (const std::vector<EventData>& back : {std::vector<EventData>{of_itself}, {of_all, detached}, {detached, of_all}}) {
    InMemoryLedger ledger = declined();
    ledger.at("2024-05-03").given({joins("2024-05-03")});
    ledger.when(AdvanceClock{midnight("2024-05-04"), true});
    ledger.given({card("card-2", "acc-1", {"sub-02"})});
    ledger.when(AdvanceClock{midnight("2024-09-10"), true});
    const Subscription& returned = *ledger.state().subscription(SubscriptionId("sub-02"));
    ASSERT_EQ(returned.status, SubscriptionStatus::PastDue);
    ledger.given(back);
    EXPECT_EQ(returned.status, SubscriptionStatus::PastDue);
    ledger.when(AdvanceClock{midnight("2024-09-11"), true});
    EXPECT_EQ(returned.status, SubscriptionStatus::Disabled);
    EXPECT_EQ(returned.status_since, day("2024-09-10"));
    EXPECT_TRUE(returned.is_charged_on(day("2024-09-09")));
    ledger.when(AdvanceClock{midnight("2024-12-08"), true});
    EXPECT_EQ(returned.status, SubscriptionStatus::Disabled);
    ledger.when(AdvanceClock{midnight("2024-12-09"), true});
    EXPECT_EQ(returned.status, SubscriptionStatus::Deleted);
  }
}

/// Past due by what it owes itself, and then onto the card of others, or by what is charged back of its own: the steps that
/// the other ladder has taken are not of the days before.
TEST(Dunning, WhatIsPastDueAlreadyTakesNoStepOfAnotherLadderFromBeforeItStoodThere) {
  InMemoryLedger ledger = declined();
  ledger.at("2024-05-02").given({subscription("sub-03", "acc-1", "2024-04-02"), card("card-2", "acc-1", {"sub-03"}),
                                 cost("sub-03", "7.00", "2024-04-09")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ledger.given({decline(ledger.invoices()[1]->invoice_id, "p-1")});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  ledger.given({PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Subscription, ScopeId("sub-03")}});
  const Subscription& joined = *ledger.state().subscription(SubscriptionId("sub-03"));
  ASSERT_EQ(joined.status_since, day("2024-06-02"));
  ledger.when(AdvanceClock{midnight("2024-06-11"), true});
  EXPECT_EQ(joined.status, SubscriptionStatus::Disabled);
  EXPECT_EQ(joined.status_since, day("2024-06-10"));
  EXPECT_TRUE(joined.is_charged_on(day("2024-06-09")));
}

/// it was in no arrears before it came onto the card, however long ago others were disabled by that.
TEST(Dunning, WhatComesOntoACardInArrearsTakesItsStepsFromThatDayOn) {
  const PaymentMethodMadeDefault of_itself{MethodId("card-1"), ScopeType::Subscription, ScopeId("sub-03")};
  const PaymentMethodMadeDefault of_all{MethodId("card-1"), ScopeType::Account, ScopeId("acc-1")};
  const PaymentMethodDetached detached{MethodId("card-2"), SubscriptionId("sub-03")};
  for (const std::vector<EventData>& facts : {std::vector<EventData>{of_itself}, {detached, of_all}, {of_all, detached}}) {
    InMemoryLedger ledger = declined();
    ledger.at("2024-05-02").given({subscription("sub-03", "acc-1", "2024-03-05"), card("card-2", "acc-1", {"sub-03"})});
    ledger.when(AdvanceClock{midnight("2024-09-10"), true});
    ledger.given({cost("sub-03", "7.00", "2024-09-09")});
    ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status, SubscriptionStatus::Deleted);
    const Subscription& joined = *ledger.state().subscription(SubscriptionId("sub-03"));
    ASSERT_EQ(joined.status, SubscriptionStatus::Active);
    ledger.given(facts);
    EXPECT_EQ(joined.status, SubscriptionStatus::PastDue);
    EXPECT_EQ(joined.status_since, day("2024-09-10"));
    ledger.when(AdvanceClock{midnight("2024-12-08"), true});
    EXPECT_EQ(joined.status, SubscriptionStatus::Disabled);
    EXPECT_EQ(joined.status_since, day("2024-09-10"));
    EXPECT_EQ(ledger.invoices().back()->amount_due(), money("7.00"));
    ledger.when(AdvanceClock{midnight("2024-12-09"), true});
    EXPECT_EQ(joined.status, SubscriptionStatus::Deleted);
  }
}

/// Who names no card pays by his account's default, and shares its fate.
TEST(Dunning, ADefaultCardHitsThoseThatNameNone) {
  InMemoryLedger ledger;
  const MethodId card_1("card-1");
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"), card("card-1", "acc-1"),
                                 PaymentMethodMadeDefault{card_1, ScopeType::Account, ScopeId("acc-1")}});
  ledger.at("2024-03-05").given({subscription("sub-01", "acc-1", "2024-03-05"), subscription("sub-02", "acc-1", "2024-03-05"),
                                 subscription("sub-03", "acc-1", "2024-03-05"), card("card-2", "acc-1", {"sub-03"}),
                                 cost("sub-01", "30.00", "2024-03-07")});
  ledger.post({PaymentMethodRemoved{card_1}}).then_rejected("METHOD_IN_USE", "/data/methodId");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});
  const auto status = [&](std::string_view id) {
    return ledger.state().subscription(SubscriptionId(std::string(id)))->status;
  };
  EXPECT_EQ(status("sub-01"), SubscriptionStatus::PastDue);
  EXPECT_EQ(status("sub-02"), SubscriptionStatus::PastDue);
  EXPECT_EQ(status("sub-03"), SubscriptionStatus::Active);
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "30.00")});
  EXPECT_EQ(status("sub-02"), SubscriptionStatus::Active);
  ledger.given({PaymentMethodMadeDefault{MethodId("card-2"), ScopeType::Account, ScopeId("acc-1")},
                PaymentMethodRemoved{card_1}});
}

/// R-27 counts from the due date also where a lock came between, but nobody was in a step of it on days that are past: what he
/// used then is charged.
TEST(Dunning, WhatIsUnlockedTakesNobodyBackBeforeHeWasActiveAgain) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-01"), "p-1"), cost("sub-01", "100.00", "2024-03-06")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const InvoiceId disputed = ledger.invoices()[0]->invoice_id;
  ledger.given({cost("sub-01", "50.00", "2024-04-05")}).when(LockInvoice{disputed});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  const Subscription& subscription = *ledger.state().subscription(SubscriptionId("sub-01"));
  ASSERT_EQ(subscription.status, SubscriptionStatus::PastDue);
  ASSERT_EQ(ledger.invoices()[1]->amount_due(), money("50.00"));
  ledger.given({payment(ledger.invoices()[1]->invoice_id, "p-1", "50.00"), cost("sub-01", "7.00", "2024-06-07")});
  ASSERT_EQ(subscription.status, SubscriptionStatus::Active);
  ledger.when(UnlockInvoice{disputed});
  ledger.when(AdvanceClock{midnight("2024-06-12"), true});
  EXPECT_EQ(*ledger.invoices()[0]->past_due_since, day("2024-05-06"));
  EXPECT_EQ(subscription.status, SubscriptionStatus::Disabled);
  EXPECT_EQ(subscription.status_since, day("2024-06-10"));
  EXPECT_TRUE(subscription.is_charged_on(day("2024-06-07")));
  EXPECT_TRUE(subscription.is_charged_on(day("2024-06-10")));
  EXPECT_FALSE(subscription.is_charged_on(day("2024-06-11")));
}

/// A profile without a subscription goes up the ladder by itself.
TEST(Dunning, AProfileWithoutSubscriptionsIsWarnedAndDisabled) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              cost("sub-01", "100.00", "2024-03-06")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.at("2024-04-06").given({SubscriptionCancelled{SubscriptionId("sub-01"), "done", {}}});
  ledger.when(AdvanceClock{midnight("2024-08-01"), true});
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-01"))->status,
            SubscriptionStatus::Deleted);
  ledger.given({payment(id, "p-1", "100.00")});
  ASSERT_EQ(ledger.state().profile(ProfileId("p-1"))->status, ProfileStatus::Active);
  InvoicePaymentReversed back;
  back.invoice_id = id;
  back.payment_id = PaymentId("p-1");
  back.amount = money("100.00");
  back.reason = ReversalReason::Chargeback;
  ledger.given({back});
  ledger.when(AdvanceClock{midnight("2024-08-21"), true});
  EXPECT_EQ(ledger.state().profile(ProfileId("p-1"))->status, ProfileStatus::Active);
  ledger.when(AdvanceClock{midnight("2024-08-22"), true});
  EXPECT_EQ(ledger.state().profile(ProfileId("p-1"))->status, ProfileStatus::Warned);
  ledger.when(AdvanceClock{midnight("2024-08-31"), true});
  EXPECT_EQ(ledger.state().profile(ProfileId("p-1"))->status, ProfileStatus::Disabled);
}

}  // namespace
}  // namespace daybook::testing
