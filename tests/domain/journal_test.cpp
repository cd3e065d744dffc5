#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/discount.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/bookkept_ledger.h"
#include "tests/support/charge_facts.h"

/// What each event posts (docs/reference/journal.md).
namespace daybook::testing {
namespace {

using Amounts = std::map<std::string, std::string>;

/// Jeroen's account with usage of 30.00 and a licence of 10.00 in the same month, taxed at 21 %.
BookkeptLedger mosp(std::vector<EventData> more = {}) {
  BookkeptLedger books;
  books.at("2024-02-02")
      .given({vat(), account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-03-05"),
              linked("jeroen", "jeroen@contoso.example")})
      .given(std::move(more))
      .given({cost("sub-01", "30.00", "2024-03-07")});
  books.when(AdvanceClock{midnight("2024-05-02"), true});
  return books;
}

/// A profile with usage of 100.00, Marketplace for 40.00 and a licence for 10.00 in March.
BookkeptLedger profile_of_150(std::vector<EventData> more = {}) {
  BookkeptLedger books;
  BillingProfileCreated of = profile("p-1", "acc-2");
  of.bill_to = Personal<Address>(Address{"Contoso BV", {}, {}, {}, {}, {}, "NL", {}});
  books.at("2024-03-01")
      .given({vat(), account("acc-2", AccountType::MCA, "2024-03-01"), of,
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              linked("jeroen", "jeroen@contoso.example")})
      .given(std::move(more))
      .given({cost("sub-01", "100.00", "2024-03-06"),
              bought("c-1", "sub-01", PurchaseKind::Marketplace, "40.00", "2024-03-07"),
              bought("c-2", "sub-01", PurchaseKind::Licence, "10.00", "2024-03-08")});
  books.when(AdvanceClock{midnight("2024-04-05"), true});
  return books;
}

InvoicePaymentReversed reversed(const Invoice& invoice, std::string_view id, std::string_view amount,
                                ReversalReason reason) {
  return {invoice.invoice_id, PaymentId(std::string(id)), money(amount), reason};
}

TEST(Journal, AnInvoiceIsOwedEarnedAndTaxed) {
  const BookkeptLedger books = mosp();
  EXPECT_EQ(books.postings_of(books.invoice().invoice_id.text()),
            (Lines{"assets:receivable:acc-1 36.30", "income:usage -30.00", "liabilities:tax:NL:21 -6.30"}));
  const JournalEntry& entry = books.journal().entries().front();
  EXPECT_EQ(entry.date, day("2024-05-02"));
  EXPECT_EQ(entry.payee, "acc-1");
  EXPECT_EQ(entry.narration, "Invoice");
  books.expect_agreement();
}

TEST(Journal, EachKindOfRevenueHasItsAccount) {
  const BookkeptLedger books = profile_of_150();
  EXPECT_EQ(books.postings_of(books.invoice().invoice_id.text()),
            (Lines{"assets:receivable:acc-2 181.50", "income:usage -100.00", "income:marketplace -40.00",
                   "income:licence -10.00", "liabilities:tax:NL:21 -31.50"}));
  EXPECT_EQ(books.journal().entries().front().payee, "Contoso BV");
  books.expect_agreement();
}

TEST(Journal, PaymentsComeToTheBankFailedOnesMoveNothing) {
  BookkeptLedger books = mosp();
  const InvoiceId id = books.invoice().invoice_id;
  books.given({decline(id, "p-0")});
  EXPECT_EQ(books.journal().entries().size(), 1u);
  books.given({payment(id, "p-1", "20.00")});
  EXPECT_EQ(books.postings_of("p-1"), (Lines{"assets:bank 20.00", "assets:receivable:acc-1 -20.00"}));
  books.expect_agreement();
  books.given({payment(id, "p-2", "16.30")});
  EXPECT_FALSE(books.balances().contains("assets:receivable:acc-1 EUR"));
  books.expect_agreement();
}

TEST(Journal, APaymentIsDatedWhenItCameIn) {
  BookkeptLedger books = mosp();
  InvoicePaymentSucceeded paid = payment(books.invoice().invoice_id, "p-1", "36.30");
  paid.received_on = day("2024-05-09");
  books.at("2024-05-20").given({paid});
  EXPECT_EQ(books.journal().entries().back().date, day("2024-05-09"));
}

TEST(Journal, AChargebackIsOwedAgain) {
  BookkeptLedger books = mosp();
  books.given({payment(books.invoice().invoice_id, "p-1", "36.30")});
  books.given({reversed(books.invoice(), "p-1", "36.30", ReversalReason::Chargeback)});
  EXPECT_EQ(books.postings_of("p-1"), (Lines{"assets:receivable:acc-1 36.30", "assets:bank -36.30"}));
  books.expect_agreement();
}

/// what is paid back of a paid invoice owes nothing; a note over it later pays nothing back twice.
TEST(Journal, WhatIsPaidBackThoughItWasOwedIsALoss) {
  BookkeptLedger books = profile_of_150();
  books.given({payment(books.invoice().invoice_id, "p-1", "181.50")});
  books.given({reversed(books.invoice(), "p-1", "50.00", ReversalReason::Refund)});
  EXPECT_EQ(books.postings_of("p-1"), (Lines{"income:refund 50.00", "assets:bank -50.00"}));
  books.expect_agreement();
  books.when(IssueCreditNote{books.invoice().invoice_id, money("181.50"), "outage"});
  books.expect_agreement();
  EXPECT_TRUE(books.balances().empty()) << "all that was earned is given back";
}

TEST(Journal, ACreditNoteTakesBackEachKindInProportion) {
  BookkeptLedger books = profile_of_150();
  const InvoiceId id = books.invoice().invoice_id;
  books.when(IssueCreditNote{id, money("60.50"), "outage"});
  const std::string note = books.invoice().credit_note_ids.at(0).text();
  EXPECT_EQ(books.postings_of(note), (Lines{"income:usage 33.34", "income:marketplace 13.33",
                                            "income:licence 3.33", "liabilities:tax:NL:21 10.50",
                                            "assets:receivable:acc-2 -60.50"}));
  books.expect_agreement();
  books.when(IssueCreditNote{id, money("121.00"), "more"});
  EXPECT_TRUE(books.balances().empty()) << "notes over all of it take back all of it";
}

TEST(Journal, AVoidInvoiceLeavesNothingAndItsSuccessorAll) {
  BookkeptLedger books = profile_of_150();
  books.given({payment(books.invoice().invoice_id, "p-1", "100.00")});
  const Amounts before = books.balances();
  books.when(VoidInvoice{books.invoice().invoice_id, "mistake", true});
  ASSERT_EQ(books.ledger().invoices().size(), 2u);
  EXPECT_EQ(books.balances(), before);
  books.expect_agreement();
  books.when(VoidInvoice{books.invoice(1).invoice_id, "mistake", false});
  EXPECT_TRUE(books.balances().empty()) << "what was paid went back";
  books.expect_agreement();
}

TEST(Journal, AnAmendedInvoiceKeepsItsPaymentsAndNotes) {
  BookkeptLedger books = profile_of_150();
  const InvoiceId id = books.invoice().invoice_id;
  books.given({payment(id, "p-1", "181.50")});
  books.given({reversed(books.invoice(), "p-1", "20.00", ReversalReason::Refund)});
  books.when(IssueCreditNote{id, money("12.10"), "outage"});
  AmendInvoice amend;
  amend.invoice_id = id;
  amend.po_number = "PO-9";
  books.when(amend);
  ASSERT_FALSE(books.ledger().error());
  ASSERT_EQ(books.ledger().invoices().size(), 2u);
  books.expect_agreement();
}

TEST(Journal, GivenCreditIsPromisedUsedAndLost) {
  CreditGranted promotion = profile_credit("lot-1", "p-1", "50.00", "2024-03-01");
  promotion.expires_on = day("2024-05-01");
  BookkeptLedger books = profile_of_150({promotion});
  EXPECT_EQ(books.balances().at("equity:credits EUR"), "50.00");
  EXPECT_FALSE(books.balances().contains("equity:credits:open EUR"));
  books.expect_agreement();
  // A void invoice gives it back.
  books.when(VoidInvoice{books.invoice().invoice_id, "mistake", false});
  EXPECT_EQ(books.balances(),
            (Amounts{{"equity:credits:granted EUR", "50.00"}, {"equity:credits:open EUR", "-50.00"}}));
  books.expect_agreement();
}

TEST(Journal, CreditThatNobodyUsesExpires) {
  BookkeptLedger books;
  books.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                subscription("sub-01", "acc-1", "2024-02-02"),
                                granted("lot-1", "sub-01", CreditSource::Promotional, "50.00",
                                        "2024-02-02", "2024-02-20"),
                                cost("sub-01", "20.00", "2024-02-03")});
  EXPECT_EQ(books.postings_of("lot-1"),
            (Lines{"equity:credits:granted 50.00", "equity:credits:open -50.00"}));
  books.when(AdvanceClock{midnight("2024-02-20"), true});
  EXPECT_EQ(books.postings_of("lot-1"),
            (Lines{"equity:credits:open 30.00", "equity:credits:granted -30.00"}));
  books.expect_agreement();
  // The period is within credit: no invoice, and yet 20.00 was earned and given.
  books.when(AdvanceClock{midnight("2024-03-02"), true});
  EXPECT_TRUE(books.ledger().invoices().empty());
  EXPECT_EQ(books.balances(), (Amounts{{"equity:credits EUR", "20.00"}, {"income:usage EUR", "-20.00"}}));
  books.expect_agreement();
}

/// SC-20: usage 1,200.00 and Marketplace 50.00 against a prepayment of 1,000.00.
TEST(Journal, APrepaymentIsBoughtAndDrawn) {
  BookkeptLedger books;
  books.at("2024-03-01")
      .given({vat(), account("acc-e", AccountType::EA, "2024-03-01"), enrollment("1000.00"),
              enrollment_account("ea-1", "otto"),
              in_account(subscription("sub-e", "acc-e", "2024-03-01"), "ea-1")});
  EXPECT_EQ(books.balances(), (Amounts{{"equity:prepayment EUR", "1000.00"},
                                       {"liabilities:prepayment EUR", "-1000.00"}}));
  books.given({cost("sub-e", "1200.00", "2024-03-10"),
               of_marketplace(cost("sub-e", "50.00", "2024-03-11"))});
  books.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_EQ(books.postings_of(books.invoice().invoice_id.text()),
            (Lines{"assets:receivable:acc-e 302.50", "liabilities:prepayment 1000.00",
                   "income:usage -1200.00", "income:marketplace -50.00", "liabilities:tax:NL:21 -52.50"}));
  books.expect_agreement();
}

TEST(Journal, APeriodWithinThePrepaymentEarnsItAllTheSame) {
  BookkeptLedger books;
  ReservationPurchased reservation = reserved("r-1", "sub-e", "300.00", ReservationPayment::invoice);
  books.at("2024-03-01")
      .given({vat(), account("acc-e", AccountType::EA, "2024-03-01"), enrollment("1000.00"),
              enrollment_account("ea-1", "otto"),
              in_account(subscription("sub-e", "acc-e", "2024-03-01"), "ea-1")})
      .given({cost("sub-e", "200.00", "2024-03-10"), reservation});
  books.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_TRUE(books.ledger().invoices().empty());
  EXPECT_EQ(books.balances(),
            (Amounts{{"equity:prepayment EUR", "1000.00"}, {"income:reservation EUR", "-300.00"},
                     {"income:usage EUR", "-200.00"}, {"liabilities:prepayment EUR", "-500.00"}}));
  books.expect_agreement();
  // Given back, it is prepayment again and no revenue (T-EA-6).
  RefundReservation refund;
  refund.reservation_id = ReservationId("r-1");
  refund.amount = money("120.00");
  books.when(refund);
  EXPECT_EQ(books.balances().at("income:reservation EUR"), "-180.00");
  EXPECT_EQ(books.balances().at("liabilities:prepayment EUR"), "-620.00");
  books.expect_agreement();
}

/// Decision 0120: what its invoice did not ask is prepayment that nobody bought.
TEST(Journal, ARefundBeyondItsInvoiceIsPrepaid) {
  BookkeptLedger books;
  books.at("2024-03-01")
      .given({vat(), account("acc-e", AccountType::EA, "2024-03-01"), enrollment(),
              enrollment_account("ea-1", "otto"),
              in_account(subscription("sub-e", "acc-e", "2024-03-01"), "ea-1")})
      .given({cost("sub-e", "-500.00", "2024-03-10", ChargeType::Adjustment),
              reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
  books.when(AdvanceClock{midnight("2024-04-14"), true});
  RefundReservation refund;
  refund.reservation_id = ReservationId("r-1");
  refund.amount = money("600.00");
  books.when(refund);
  ASSERT_FALSE(books.ledger().error());
  EXPECT_EQ(books.balances(), (Amounts{{"income:refund EUR", "300.00"}, {"liabilities:prepayment EUR", "-300.00"}}));
  books.expect_agreement();
}

/// SC-60 by wire: what the new invoice does not ask is kept for a future reservation.
TEST(Journal, WhatIsHeldForAReservationIsPrepaid) {
  BookkeptLedger books;
  books.at("2024-01-02")
      .given({vat(), account("acc-1", AccountType::MOSP, "2024-01-02"),
              subscription("sub-01", "acc-1", "2024-01-02"),
              card("wire-1", "acc-1", {"sub-01"}, PaymentFamily::CheckWire),
              linked("jeroen", "jeroen@contoso.example"),
              reserved("r-1", "sub-01", "400.00", ReservationPayment::invoice)});
  books.when(AdvanceClock{midnight("2024-02-09"), true});
  ASSERT_EQ(books.ledger().invoices().size(), 1u);
  books.given({payment(books.invoice().invoice_id, "p-1", "484.00")});
  RefundReservation refund;
  refund.reservation_id = ReservationId("r-1");
  refund.amount = money("300.00");
  books.when(refund);
  ASSERT_FALSE(books.ledger().error());
  EXPECT_EQ(books.balances(),
            (Amounts{{"assets:bank EUR", "484.00"}, {"income:reservation EUR", "-100.00"},
                     {"liabilities:prepayment EUR", "-363.00"}, {"liabilities:tax:NL:21 EUR", "-21.00"}}));
  books.expect_agreement();
  // The next reservation draws on it.
  books.given({reserved("r-2", "sub-01", "200.00", ReservationPayment::invoice)});
  books.when(AdvanceClock{midnight("2024-03-09"), true});
  EXPECT_EQ(books.balances().at("liabilities:prepayment EUR"), "-163.00");
  EXPECT_FALSE(books.balances().contains("equity:credits EUR"));
  books.expect_agreement();
}

TEST(Journal, SupportAndRefundsOfPurchasesHaveTheirKind) {
  BookkeptLedger books = profile_of_150({support_plan("plan-1", "sub-01", "29.00", "2024-03-20")});
  books.given({refunded("c-3", "c-1", "15.00", "2024-04-06"), cost("sub-01", "90.00", "2024-04-07")});
  books.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(books.balances().at("income:marketplace EUR"), "-25.00");
  EXPECT_EQ(books.balances().at("income:support EUR"), "-58.00");
  books.expect_agreement();
}

TEST(Journal, ADiscountStandsAgainstWhatItLowers) {
  BookkeptLedger books;
  DiscountGranted discount;
  discount.discount_id = DiscountId("d-1");
  discount.percent = decimal("10");
  discount.start_on = day("2024-03-01");
  books.at("2024-03-01")
      .given({vat(), account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-03-05"),
              price("vm", "2.00"), discount, usage("sub-01", "vm", "50", "2024-03-06")});
  books.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(books.postings_of(books.invoice().invoice_id.text()),
            (Lines{"assets:receivable:acc-1 108.90", "income:usage -100.00", "income:discount 10.00",
                   "liabilities:tax:NL:21 -18.90"}));
}

TEST(Journal, WhoWasErasedIsHisAccountAlone) {
  BookkeptLedger books = profile_of_150();
  Event event;
  InvoiceIssued issued = books.ledger().document(books.invoice()).issued;
  issued.bill_to->value.reset();
  issued.bill_to->sealed = "sealed";
  Journal journal;
  event.data = issued;
  ASSERT_TRUE(journal.take(event, 1));
  event.data = InvoiceLinesAdded{issued.invoice_id, 0, books.ledger().lines(books.invoice())};
  ASSERT_TRUE(journal.take(event, 2));
  ASSERT_EQ(journal.entries().size(), 1u);
  EXPECT_EQ(journal.entries()[0].payee, "acc-2");
  EXPECT_EQ(journal.entries()[0].position, 1u) << "of the document, not of its lines";
}

TEST(Journal, APartBeginsWithWhatWasThereBefore) {
  BookkeptLedger books = profile_of_150();
  books.at("2024-05-04").given({payment(books.invoice().invoice_id, "p-1", "81.50")});
  const JournalPart part = books.part(day("2024-05-01"), day("2024-06-01"));
  ASSERT_EQ(part.entries.size(), 2u);
  const JournalEntry& opening = part.entries[0];
  EXPECT_EQ(opening.date, day("2024-05-01"));
  ASSERT_EQ(opening.postings.size(), 3u);
  EXPECT_EQ(opening.postings[0].amount, money("181.50"));
  EXPECT_EQ(opening.postings[1].account.path, "equity:opening");
  EXPECT_EQ(opening.postings[1].amount, money("-150.00"));
  const Posting& last = part.entries[1].postings[1];
  EXPECT_EQ(last.amount, money("-81.50"));
  EXPECT_EQ(last.balance, money("100.00"));
  EXPECT_EQ(part.balanced_before, day("2024-06-01"));
  EXPECT_TRUE(books.part(std::nullopt, day("2024-04-05")).entries.empty());
  EXPECT_EQ(books.part(std::nullopt, day("2024-04-06")).entries.size(), 1u);
}

TEST(Journal, RefusesADocumentThatContradictsItself) {
  BookkeptLedger books = mosp();
  Event event;
  event.envelope.source = "daybook";
  InvoiceIssued issued = books.ledger().document(books.invoice()).issued;
  issued.line_count = 0;
  event.data = issued;
  PostingState state;
  const auto posted = post(state, event, 7);
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, "CORRUPTION");
  EXPECT_NE(posted.error().detail.find("position 7 does not balance: 30.00 EUR"), std::string::npos)
      << posted.error().detail;
}

TEST(Journal, RefusesWhatRefersToNothingBeforeIt) {
  Event event;
  event.data = payment(InvoiceId("G000000001"), "p-1", "1.00");
  PostingState state;
  EXPECT_EQ(post(state, event, 3).error().code, "CORRUPTION");
}

TEST(Journal, RefusesAnInvoiceWithoutAllItsLines) {
  BookkeptLedger books = mosp();
  Event event;
  event.data = books.ledger().document(books.invoice()).issued;
  Journal journal;
  ASSERT_TRUE(journal.take(event, 1));
  EXPECT_EQ(journal.part(std::nullopt, std::nullopt).error().code, "CORRUPTION");
}

}  // namespace
}  // namespace daybook::testing
