#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/subscription.h"
#include "tests/domain/payment_support.h"

/// Payment, states and corrections: acceptance scenarios of domain.md 10.3 by their numbers, and
/// every refusal of the commands about them.
namespace daybook::testing {
namespace {


TEST(Scenarios, SC_29_ACancelledSubscriptionIsInvoicedOnTheUsualRun) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.at("2024-03-20").given(
      {cost("sub-01", "40.00", "2024-03-20"), SubscriptionCancelled{kSub01, "not needed", {}}});
  ledger.at("2024-03-22").given({cost("sub-01", "9.00", "2024-03-21")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::SUBSCRIPTION_INACTIVE);
  ledger.when(AdvanceClock{midnight("2024-05-01"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("40.00"));
  EXPECT_EQ(ledger.invoices()[0]->period, period("2024-03-05", "2024-04-05"));
}

TEST(Scenarios, SC_30_LateUsageIsOnTheFollowingInvoiceWithItsOwnDay) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({cost("sub-01", "40.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({cost("sub-01", "2.00", "2024-04-04"), cost("sub-01", "5.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("7.00"));
  const std::vector<InvoiceLine> lines = ledger.lines(*ledger.invoices()[1]);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].amount, money("2.00"));
  EXPECT_EQ(lines[1].charge_type, ChargeType::Usage);
  EXPECT_EQ(lines[1].period, period("2024-03-05", "2024-04-05"));
}

TEST(Scenarios, SC_50_PayingTheBalanceOfADisabledSubscriptionMakesItActive) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({decline(id, "p-0")}).when(AdvanceClock{midnight("2024-06-01"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Disabled);
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::Disabled);
  ledger.given({card("card-2", "acc-1")})
      .when(SettleBalance{AccountId("acc-1"), MethodId("card-2"), {}}, as("jeroen"));
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Active);
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::Active);
}

TEST(Scenarios, SC_51_WhatIsDeletedIsNotReactivated) {
  InMemoryLedger ledger = two_on_a_card();
  ledger.post({decline(ledger.invoices()[0]->invoice_id, "p-0")})
      .when(AdvanceClock{midnight("2024-08-30"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Deleted);
  ledger.when(ReactivateSubscription{kSub01}).then_rejected("DELETED", "/subscriptionId");
  ledger.post({SubscriptionCancelled{kSub01, "again", {}}}).then_rejected("SUBSCRIPTION_DELETED");
}

TEST(Scenarios, SC_52_TheWholeBalanceOfACardIsSettledAtOnce) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  const InvoiceId second = ledger.invoices()[1]->invoice_id;
  ledger.given({decline(first, "p-0"), decline(second, "p-1"), card("card-2", "acc-1")});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::PastDue);
  const AccountId acc("acc-1");
  const MethodId card_2("card-2");
  ledger.when(SettleBalance{acc, card_2, money("30.00")}, as("jeroen"))
      .then_rejected("PARTIAL_NOT_ALLOWED", "/amount/amount");
  ledger.when(SettleBalance{acc, card_2, money("100.01")}, as("jeroen"))
      .then_rejected("EXCEEDS_AMOUNT_DUE", "/amount/amount");
  ledger.when(SettleBalance{acc, card_2, money("100.00")}, as("jeroen"));
  ASSERT_FALSE(ledger.error());
  const auto settled = ledger.outcome<BalanceSettled>();
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_EQ(settled[0].amount, money("100.00"));
  EXPECT_EQ(settled[0].invoice_ids, (std::vector{first, second}));
  EXPECT_EQ(ledger.outcome<SubscriptionReenabled>().size(), 2u);
  for (const SubscriptionId& id : {kSub01, kSub02}) {
    EXPECT_EQ(status_of(ledger, id), SubscriptionStatus::Active);
    EXPECT_EQ(ledger.state().subscription(id)->payment_method_id, card_2);
  }
  ledger.when(SettleBalance{acc, card_2, {}}, as("jeroen")).then_nothing();
}

TEST(Scenarios, SC_52_AnInvoiceThatIsMerelyDueOnTheDeclinedCardIsSettledToo) {
  InMemoryLedger ledger = two_on_a_card();
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0"), card("card-2", "acc-1")});
  ledger.when(SettleBalance{AccountId("acc-1"), MethodId("card-2"), {}}, as("jeroen"));
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  EXPECT_EQ(ledger.invoices()[1]->status, InvoiceStatus::Paid);
}

TEST(Scenarios, SC_53_OnlyTheAdministratorSettles) {
  for (const std::string_view country : {"US", "NL"}) {
    InMemoryLedger ledger = two_on_a_card(country);
    ledger.when(SettleBalance{AccountId("acc-1"), MethodId("card-1"), {}}, as("olga"))
        .then_rejected("NOT_ACCOUNT_ADMIN");
    ledger.when(SettleBalance{AccountId("acc-1"), MethodId("card-1"), {}}, as("nobody"))
        .then_rejected("NOT_FOUND");
  }
}

TEST(SettleBalance, RefusesWhereEachInvoiceIsPaidByItself) {
  InMemoryLedger ledger = two_on_a_card("NL");
  ledger.when(SettleBalance{AccountId("acc-1"), MethodId("card-1"), {}}, as("jeroen"))
      .then_rejected("REGION_USES_PAY_NOW");
}

TEST(SettleBalance, RefusesOtherAccountsThanMosp) {
  InMemoryLedger ledger = invoice_of_100();
  ledger.given({card("card-9", "acc-2")})
      .when(SettleBalance{AccountId("acc-2"), MethodId("card-9"), {}})
      .then_rejected("NOT_MOSP", "/accountId");
}

TEST(SettleBalance, RefusesWhatIsNoUsableCard) {
  InMemoryLedger ledger = two_on_a_card();
  PaymentMethodAdded expired = card("old", "acc-1");
  expired.expiry = "2024-04";
  ledger.given({card("wire", "acc-1", {}, PaymentFamily::CheckWire), expired});
  ledger.when(SettleBalance{AccountId("acc-1"), MethodId("wire"), {}})
      .then_rejected("METHOD_NOT_ALLOWED", "/methodId");
  ledger.when(SettleBalance{AccountId("acc-1"), MethodId("old"), {}})
      .then_rejected("METHOD_NOT_ALLOWED", "/methodId");
  ledger.when(SettleBalance{AccountId("acc-1"), MethodId("none"), {}})
      .then_rejected("UNKNOWN_REFERENCE", "/methodId");
}

TEST(Scenarios, SC_54_ACardPaysUpToFiftyThousandDollars) {
  for (const auto& [amount, code] : {std::pair("60000.00", "AMOUNT_OVER_CARD_LIMIT"),
                                     std::pair("49999.00", "")}) {
    InMemoryLedger ledger;
    BillingAccountOpened opened = account("acc-2", AccountType::MCA, "2024-03-01");
    opened.channel = SalesChannel::Representative;
    opened.currency = kUsd;
    BillingProfileCreated of = profile("p-1", "acc-2");
    of.currency = kUsd;
    UsageRecorded row = cost("sub-01", amount, "2024-03-06");
    row.currency = kUsd;
    ledger.at("2024-03-01")
        .given({opened, of, in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
                card("card-9", "acc-2"), row});
    ledger.when(AdvanceClock{midnight("2024-04-05"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    const InvoiceId id = ledger.invoices()[0]->invoice_id;
    ledger.when(PayNow{id, MethodId("card-9"), {}});
    if (code[0] != '\0') {
      ledger.then_rejected(code);
    } else {
      EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
    }
  }
}

TEST(Scenarios, SC_57_PartOfAWirePaymentLeavesTheRestDue) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.post({payment(id, "w-1", "60.00")}).then_nothing();
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("40.00"));
  ledger.post({payment(id, "w-2", "40.01")}).then_rejected("EXCEEDS_AMOUNT_DUE");
  ledger.post({payment(id, "w-2", "40.00")}).then({InvoicePaid{id, day("2024-04-05")}});
}

TEST(Scenarios, SC_58_ABouncedPaymentIsOwedAgain) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(id, "w-1", "100.00")});
  ledger.post(
      {InvoicePaymentReversed{id, PaymentId("w-1"), money("100.00"), ReversalReason::Chargeback}});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("100.00"));
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::PastDue);
}

TEST(Payments, ARefundOwesNothing) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(id, "w-1", "100.00")});
  ledger
      .post({InvoicePaymentReversed{id, PaymentId("w-1"), money("30.00"), ReversalReason::Refund}})
      .then_nothing();
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("0.00"));
  ledger
      .post({InvoicePaymentReversed{id, PaymentId("w-1"), money("70.01"), ReversalReason::Refund}})
      .then_rejected("EXCEEDS_AMOUNT_DUE");
}

TEST(Scenarios, SC_117_CancelledThenExpiredAndReactivatedFromBoth) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.at("2024-03-20").post({SubscriptionCancelled{kSub01, "not needed", {}}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Disabled);
  EXPECT_EQ(ledger.state().subscription(kSub01)->status_reason, SuspensionReason::Cancelled);
  ledger.when(ReactivateSubscription{kSub01}, as("jeroen"))
      .then({SubscriptionReactivated{kSub01, {}, day("2024-03-20")}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Active);
  ledger.when(ReactivateSubscription{kSub01}, as("jeroen")).then_nothing();

  ledger.given({SubscriptionCancelled{kSub01, "not needed", {}}});
  ledger.when(AdvanceClock{midnight("2024-04-04"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Expired);
  ledger.when(ReactivateSubscription{kSub01}, as("jeroen"));
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Active);
  EXPECT_TRUE(ledger.state().subscription(kSub01)->is_charged_on(day("2024-04-05")));
  EXPECT_FALSE(ledger.state().subscription(kSub01)->is_charged_on(day("2024-04-04")));
}

TEST(ReactivateSubscription, Refusals) {
  InMemoryLedger ledger = two_on_a_card();
  SubscriptionCreated with_credit = subscription("sub-vs", "acc-1", "2024-03-05");
  with_credit.offer_id = OfferId("MS-AZR-0063P");
  ledger.given({with_credit, SubscriptionCancelled{SubscriptionId("sub-vs"), "x", {}},
                linked("rob", "rob@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "rob")});
  ledger.when(ReactivateSubscription{SubscriptionId("sub-vs")}, as("jeroen"))
      .then_rejected("SUPPORT_REQUIRED", "/subscriptionId");
  ledger.when(ReactivateSubscription{kSub01}, as("rob")).then_rejected("NO_PERMISSION");
  ledger.when(ReactivateSubscription{kSub02}, as("rob")).then_rejected("NOT_FOUND");
  ledger.when(ReactivateSubscription{SubscriptionId("none")}).then_rejected("NOT_FOUND");
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});
  ledger.when(ReactivateSubscription{kSub01}, as("olga"))
      .then_rejected("BALANCE_OUTSTANDING", "/subscriptionId");
}

TEST(SubscriptionDeleted, IsRefusedBeforeItIsCancelled) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).at("2024-03-20");
  ledger.post({SubscriptionDeleted{kSub01, "x", {}}}).then_rejected("NOT_CANCELLED");
  ledger.given({SubscriptionCancelled{kSub01, "x", {}}, SubscriptionDeleted{kSub01, "x", {}}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Deleted);
}

TEST(Dunning, ACancelledSubscriptionIsDeletedNinetyDaysLater) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.at("2024-03-20").given({SubscriptionCancelled{kSub01, "x", {}}});
  ledger.when(AdvanceClock{midnight("2024-06-17"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Expired);
  ledger.when(AdvanceClock{midnight("2024-06-18"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Deleted);
}

TEST(PaymentMethods, ACardInUseIsNotRemoved) {
  InMemoryLedger ledger = two_on_a_card();
  const MethodId card_1("card-1");
  ledger.post({PaymentMethodRemoved{card_1}}).then_rejected("BALANCE_OUTSTANDING");
  ledger.post({PaymentMethodDetached{card_1, kSub01}}).then_rejected("BALANCE_OUTSTANDING");
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "30.00"),
                payment(ledger.invoices()[1]->invoice_id, "p-2", "70.00")});
  ledger.post({PaymentMethodRemoved{card_1}}).then_rejected("METHOD_IN_USE", "/data/methodId");
  ledger.given({PaymentMethodDetached{card_1, kSub01}});
  ledger.post({PaymentMethodDetached{card_1, kSub01}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/subscriptionId");
  ledger.post({PaymentMethodRemoved{card_1}}).then_rejected("METHOD_IN_USE");
  ledger.given({card("card-2", "acc-1", {"sub-02"}), PaymentMethodRemoved{card_1}});
  ledger.post({PaymentMethodRemoved{card_1}}).then_rejected("UNKNOWN_REFERENCE");
  ledger.post({PaymentMethodMadeDefault{card_1, ScopeType::Account, ScopeId("acc-1")}})
      .then_rejected("UNKNOWN_REFERENCE");
  ledger.when(PayNow{ledger.invoices()[0]->invoice_id, card_1, {}}).then_rejected("ALREADY_PAID");
}

TEST(PaymentMethods, TheDefaultOfAProfileIsInUse) {
  InMemoryLedger ledger = invoice_of_100();
  ledger.given({card("card-9", "acc-2"),
                PaymentMethodMadeDefault{MethodId("card-9"), ScopeType::Profile, ScopeId("p-1")}});
  ledger.post({PaymentMethodRemoved{MethodId("card-9")}}).then_rejected("METHOD_IN_USE");
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "w-1", "100.00"),
                usage("sub-01", "vm", "1", "2024-04-06")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_TRUE(ledger.invoices()[1]->pays_by_card);
  EXPECT_EQ(ledger.invoices()[1]->due_date, day("2024-05-05"));
}

}  // namespace
}  // namespace daybook::testing
