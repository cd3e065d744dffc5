#include <gtest/gtest.h>

#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/subscription.h"
#include "tests/support/billing_facts.h"

/// Payment, states and corrections: acceptance scenarios of domain.md 10.3 by their numbers, and
/// every refusal of the commands about them.
namespace daybook::testing {
namespace {

const SubscriptionId kSub01("sub-01");
const SubscriptionId kSub02("sub-02");

/// An account in the US with two subscriptions on card-1 and invoices of 30.00 and 70.00 of 2 May.
InMemoryLedger two_on_a_card(std::string_view country = "US") {
  InMemoryLedger ledger;
  BillingAccountOpened opened = account("acc-1", AccountType::MOSP, "2024-02-02");
  opened.country = std::string(country);
  ledger.at("2024-02-02")
      .given({opened, subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-02", "acc-1", "2024-03-10"),
              linked("jeroen", "jeroen@contoso.example"), linked("olga", "olga@contoso.example"),
              role(ScopeType::Subscription, "sub-01", Role::Owner, "olga"),
              card("card-1", "acc-1", {"sub-01", "sub-02"})})
      .given({cost("sub-01", "30.00", "2024-03-07"), cost("sub-02", "70.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

SubscriptionStatus status_of(const InMemoryLedger& ledger, const SubscriptionId& id) {
  return ledger.state().subscription(id)->status;
}

/// A profile's invoice of 100.00 of 5 April, to be paid by wire; sold to a Dutch company.
InMemoryLedger invoice_of_100(std::vector<EventData> more = {}) {
  InMemoryLedger ledger;
  BillingProfileCreated of = profile("p-1", "acc-2");
  const Address old{"Contoso BV", "Kade 1", {}, "Utrecht", {}, "3511", "NL", {}};
  of.bill_to = Personal<Address>(old);
  of.po_number = "PO-1";
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), of,
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              linked("jeroen", "jeroen@contoso.example"), linked("rita", "rita@contoso.example"),
              role(ScopeType::Profile, "p-1", Role::Reader, "rita"),
              price("vm", "10.00"), usage("sub-01", "vm", "10", "2024-03-06")})
      .given(std::move(more));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  return ledger;
}

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

TEST(Scenarios, SC_59_AnAmendedInvoiceTakesThePlaceOfThePaidOne) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(old, "w-1", "100.00")});
  const Address moved{"Contoso Holding", "Plein 2", {}, "Breda", {}, "4811", "NL", {}};
  ledger.given({BillToChanged{ProfileId("p-1"), Personal<Address>(moved)}})
      .when(AmendInvoice{old, {}, {}}, as("jeroen"));
  ASSERT_FALSE(ledger.error());
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& before = *ledger.invoices()[0];
  const Invoice& after = *ledger.invoices()[1];
  EXPECT_EQ(before.status, InvoiceStatus::Void);
  EXPECT_EQ(before.billed_document_id, after.invoice_id);
  EXPECT_TRUE(before.payments.empty());
  EXPECT_EQ(after.previous_invoice_id, old);
  EXPECT_EQ(after.status, InvoiceStatus::Paid);
  ASSERT_EQ(after.payments.size(), 1u);
  EXPECT_EQ(after.payments[0].payment_id, PaymentId("w-1"));
  EXPECT_EQ(ledger.document(after).issued.bill_to->value, moved);
  EXPECT_EQ(ledger.document(after).issued.totals, ledger.document(before).issued.totals);
  EXPECT_EQ(ledger.lines(after), ledger.lines(before));
  ASSERT_EQ(before.credit_note_ids.size(), 1u);
  const auto note = invoice_answer(ledger.state(), as("jeroen"),
                                   InvoiceId(before.credit_note_ids[0].text()));
  ASSERT_TRUE(note);
  EXPECT_EQ(note->document_type, DocumentType::CreditNote);
  EXPECT_EQ(note->credit_for_document_id, old.text());
  EXPECT_EQ(note->totals.total, money("100.00"));
  EXPECT_EQ(note->amount_due, money("0.00"));
  EXPECT_EQ(note->status, InvoiceStatus::Paid);

  ledger.when(AmendInvoice{old, {}, "PO-2"}).then_rejected("ALREADY_VOID", "/invoiceId");
  ledger.when(AmendInvoice{after.invoice_id, {}, {}}).then_nothing();
  // The next month is billed once.
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[2]->total_minor, 0);
}

TEST(AmendInvoice, AnUnpaidOneStaysUnpaidWithAnotherPurchaseOrder) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(old, "w-1", "60.00")});
  ledger.when(AmendInvoice{old, {}, "PO-2"});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& after = *ledger.invoices()[1];
  EXPECT_EQ(after.status, InvoiceStatus::Due);
  EXPECT_EQ(after.amount_due(), money("40.00"));
  EXPECT_EQ(ledger.document(after).issued.po_number, "PO-2");
  EXPECT_EQ(ledger.outcome<InvoiceRebilled>().at(0).reason, RebillReason::PoNumber);
}

TEST(AmendInvoice, WhatWasCreditedStaysCredited) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.when(IssueCreditNote{old, money("25.00"), "outage"});
  ledger.when(AmendInvoice{old, {}, "PO-2"});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("75.00"));
}

TEST(AmendInvoice, IsForThoseWhoChangeTheProfile) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.when(AmendInvoice{id, {}, "PO-2"}, as("rita")).then_rejected("NO_PERMISSION");
  ledger.when(AmendInvoice{id, {}, "PO-2"}, as("nobody")).then_rejected("NOT_FOUND");
  ledger.when(AmendInvoice{InvoiceId("G000000000"), {}, "PO-2"}).then_rejected("NOT_FOUND");
  ledger.when(LockInvoice{id, {}}).when(AmendInvoice{id, {}, "PO-2"}).then_rejected("LOCKED");
}

TEST(AmendInvoice, RefusesInvoicesOfSubscriptions) {
  InMemoryLedger ledger = two_on_a_card();
  ledger.when(AmendInvoice{ledger.invoices()[0]->invoice_id, {}, "PO-2"})
      .then_rejected("NOT_MCA", "/invoiceId");
}

TEST(IssueCreditNote, CreditsAPartInTheInvoicesProportionOfTax) {
  InMemoryLedger ledger = invoice_of_100({vat()});
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.when(IssueCreditNote{id, money("60.50"), "outage"});
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].totals.sub_total, money("50.00"));
  EXPECT_EQ(notes[0].totals.tax, money("10.50"));
  EXPECT_EQ(notes[0].totals.total, money("60.50"));
  ASSERT_EQ(notes[0].sections.size(), 1u);
  EXPECT_EQ(notes[0].sections[0].total, money("60.50"));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("60.50"));
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
}

TEST(IssueCreditNote, TheRestMakesTheInvoicePaid) {
  InMemoryLedger ledger = invoice_of_100({vat()});
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.when(IssueCreditNote{id, money("0.01"), "outage"});
  ledger.when(IssueCreditNote{id, money("120.99"), "outage"});
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>().at(0).totals.tax, money("21.00"));
  EXPECT_EQ(ledger.outcome<InvoicePaid>().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
}

TEST(IssueCreditNote, WhatWasPaidBeyondItIsGivenBackNewestFirst) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(id, "w-1", "90.00"), payment(id, "w-2", "10.00")});
  ledger.when(IssueCreditNote{id, money("25.00"), "outage"});
  const auto back = ledger.outcome<InvoicePaymentReversed>();
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0].payment_id, PaymentId("w-2"));
  EXPECT_EQ(back[0].amount, money("10.00"));
  EXPECT_EQ(back[1].amount, money("15.00"));
  EXPECT_EQ(back[1].reason, ReversalReason::Refund);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  // Of the 75.00 that are left, all is owed again when they bounce.
  ledger.given(
      {InvoicePaymentReversed{id, PaymentId("w-1"), money("75.00"), ReversalReason::Chargeback}});
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("75.00"));
}

TEST(IssueCreditNote, Refusals) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.when(IssueCreditNote{id, money("100.01"), "x"})
      .then_rejected("EXCEEDS_INVOICE", "/amount/amount");
  ledger.when(IssueCreditNote{id, money("0.00"), "x"}).then_rejected("INVALID_AMOUNT");
  ledger.when(IssueCreditNote{id, money("1.00", "USD"), "x"}).then_rejected("CURRENCY_MISMATCH");
  ledger.when(IssueCreditNote{id, money("1.00"), "x"}, as("jeroen")).then_rejected("FORBIDDEN");
  ledger.when(IssueCreditNote{InvoiceId("G000000000"), money("1.00"), "x"})
      .then_rejected("NOT_FOUND");
  ledger.when(LockInvoice{id, {}});
  ledger.when(IssueCreditNote{id, money("1.00"), "x"}).then_rejected("LOCKED");
  ledger.when(VoidInvoice{id, "x", {}});
  ledger.when(IssueCreditNote{id, money("1.00"), "x"}).then_rejected("ALREADY_VOID");
}

TEST(LockInvoice, NothingIsPaidUntilItIsUnlocked) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.when(LockInvoice{id, "dispute"}).then({InvoiceLocked{id, "dispute"}});
  ledger.when(LockInvoice{id, {}}).then_nothing();
  ledger.post({payment(id, "w-1", "100.00")}).then_rejected("LOCKED", "/data/invoiceId");
  ledger.given({card("card-9", "acc-2")})
      .when(PayNow{id, MethodId("card-9"), {}})
      .then_rejected("LOCKED");
  ledger.when(UnlockInvoice{id, {}}).then({InvoiceUnlocked{id, {}}});
  ledger.when(UnlockInvoice{id, {}}).then_nothing();
  ledger.given({payment(id, "w-1", "100.00")});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  ledger.when(VoidInvoice{id, "x", {}});
  ledger.when(LockInvoice{id, {}}).then_rejected("ALREADY_VOID");
  ledger.when(UnlockInvoice{id, {}}).then_rejected("ALREADY_VOID");
  ledger.when(LockInvoice{id, {}}, as("jeroen")).then_rejected("FORBIDDEN");
}

TEST(VoidInvoice, WithoutRebillTheNextRunBillsItsCharges) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(old, "p-1", "30.00")});
  ledger.when(VoidInvoice{old, "wrong", false});
  const CreditNoteId note = ledger.invoices()[0]->credit_note_ids.at(0);
  ASSERT_EQ(ledger.events().size(), 3u);
  EXPECT_EQ(ledger.events()[0].get<InvoiceVoided>().credit_note_id, note);
  EXPECT_EQ(ledger.events()[1].get<CreditNoteIssued>().amount, money("30.00"));
  EXPECT_EQ(ledger.events()[2].get<InvoicePaymentReversed>().reason, ReversalReason::Refund);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("0.00"));
  ledger.when(VoidInvoice{old, "again", {}}).then_rejected("ALREADY_VOID", "/invoiceId");
  ledger.when(VoidInvoice{old, "x", {}}, as("jeroen")).then_rejected("FORBIDDEN");

  ledger.given({cost("sub-01", "3.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-01"), true});
  EXPECT_EQ(ledger.invoices().size(), 2u);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  const Invoice& again = *ledger.invoices()[2];
  EXPECT_EQ(again.previous_invoice_id, old);
  EXPECT_EQ(again.amount_due(), money("30.00"));
  EXPECT_EQ(again.period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(ledger.invoices()[0]->billed_document_id, again.invoice_id);
  EXPECT_EQ(ledger.invoices()[3]->amount_due(), money("3.00"));
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(ledger.invoices().size(), 4u);
}

TEST(VoidInvoice, WithRebillItIsPricedByWhatIsKnownNow) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(old, "w-1", "100.00")});
  PriceChanged lower = price("vm", "8.00", "2024-03-01");
  ledger.given({lower, usage("sub-01", "vm", "1", "2024-03-07")});
  ledger.when(VoidInvoice{old, "price agreed", true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& again = *ledger.invoices()[1];
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
  EXPECT_EQ(ledger.invoices()[0]->billed_document_id, again.invoice_id);
  EXPECT_EQ(again.total_minor, 8800);  // eleven at 8.00: the late one is on it
  EXPECT_EQ(again.status, InvoiceStatus::Paid);
  const auto back = ledger.outcome<InvoicePaymentReversed>();
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].invoice_id, again.invoice_id);
  EXPECT_EQ(back[0].amount, money("12.00"));
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[2]->total_minor, 0);
}

TEST(VoidInvoice, AnOlderOneIsBilledWithItsOwnRowsAlone) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId old = ledger.invoices()[0]->invoice_id;
  ledger.given(
      {usage("sub-01", "vm", "2", "2024-03-20"), usage("sub-01", "vm", "1", "2024-04-06")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 3000);
  ledger.when(VoidInvoice{old, "wrong address", true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[2]->total_minor, 10000);
  // Once more, from the one that took its place.
  ledger.when(VoidInvoice{ledger.invoices()[2]->invoice_id, "and again", true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  EXPECT_EQ(ledger.invoices()[3]->total_minor, 10000);
  ledger.when(AdvanceClock{midnight("2024-06-05"), true});
  EXPECT_EQ(ledger.invoices()[4]->total_minor, 0);
}

TEST(VoidInvoice, FreesTheSubscriptionsThatItBlocked) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  ledger.given({decline(id, "p-0")});
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::PastDue);
  ledger.when(VoidInvoice{id, "wrong", {}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Active);
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::Active);
}

TEST(VoidInvoice, ASupportTermKeepsItsPrice) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02")});
  SubscriptionCreated of_plan = subscription("sup", "acc-1", "2024-03-28");
  of_plan.offer_id = OfferId("MS-AZR-0041P");
  ledger.at("2024-03-28").given({of_plan, support_plan("plan-1", "sup", "100.00", "2024-03-28")});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.when(VoidInvoice{ledger.invoices()[0]->invoice_id, "wrong", true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("100.00"));
  EXPECT_EQ(ledger.invoices()[1]->type, InvoiceType::AzureSupport);
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
