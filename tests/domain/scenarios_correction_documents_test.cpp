#include <gtest/gtest.h>

#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/domain/payment_support.h"

/// What follows an issued document: amendments, credit notes, locks, voids and rebills, with every
/// refusal of the commands about them.
namespace daybook::testing {
namespace {


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

TEST(AmendInvoice, RefusesAnAddressThatIsNone) {
  InMemoryLedger ledger = invoice_of_100();
  const InvoiceId invoice = ledger.invoices()[0]->invoice_id;
  Address address{"Contoso Holding", "Plein 2", {}, "Breda", {}, "4811", "ZZ", {}};
  ledger.when(AmendInvoice{invoice, address, {}}).then_rejected("INVALID_STRING", "/billTo/country");
  address.country = "NL";
  address.email = "x";
  ledger.when(AmendInvoice{invoice, address, {}}).then_rejected("INVALID_EMAIL", "/billTo/email");
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

TEST(LockInvoice, WhileItDoesNotCountItBlocksNobody) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  const InvoiceId second = ledger.invoices()[1]->invoice_id;
  ledger.given({decline(first, "p-1"), decline(second, "p-2")});
  ledger.when(LockInvoice{first, "dispute"}).then({InvoiceLocked{first, "dispute"}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::PastDue);  // the other one counts
  ledger.when(LockInvoice{second, {}});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::Active);
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::Active);
  ledger.when(UnlockInvoice{first, {}});
  ledger.when(AdvanceClock{midnight("2024-05-03"), true});
  EXPECT_EQ(status_of(ledger, kSub01), SubscriptionStatus::PastDue);
  EXPECT_EQ(status_of(ledger, kSub02), SubscriptionStatus::PastDue);
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

TEST(VoidInvoice, StillListsWhatWasGivenBack) {
  for (const bool at_once : {true, false}) {
    InMemoryLedger ledger = two_on_a_card();
    const InvoiceId old = ledger.invoices()[0]->invoice_id;
    ledger.given({payment(old, "p-1", "30.00")});
    ledger.when(IssueCreditNote{old, money("10.00"), "outage"});
    ledger.when(VoidInvoice{old, "wrong", at_once});
    ledger.when(AdvanceClock{midnight("2024-06-02"), true});
    const Invoice& before = *ledger.state().invoice(old);
    const Invoice& after = *ledger.state().invoice(before.billed_document_id.value());
    // Of 30.00 10.00 came back with the note, and 20.00 moved, or came back when it was voided.
    const std::int64_t back = at_once ? 1000 : 3000;
    ASSERT_EQ(before.payments.size(), 1u);
    EXPECT_EQ(before.payments[0].payment_id, PaymentId("p-1"));
    EXPECT_EQ(before.payments[0].amount_minor, back);
    EXPECT_EQ(before.payments[0].reversed_minor, back);
    EXPECT_EQ(before.amount_due(), money("0.00"));
    EXPECT_EQ(after.payments.size(), at_once ? 1u : 0u);
    EXPECT_EQ(after.amount_due(), money(at_once ? "10.00" : "30.00"));
  }
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

}  // namespace
}  // namespace daybook::testing
