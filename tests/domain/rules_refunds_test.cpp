#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/rules/credit_pool.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// Refunds that no later document has a line for reach the customer all the same: decisions 0101 (enrollments) and 0102 (MOSP).
namespace daybook::testing {
namespace {

void run_through(InMemoryLedger& ledger, std::string_view day) { ledger.when(AdvanceClock{midnight(day), true}); }

RefundReservation giving_back(std::string_view amount) {
  RefundReservation command;
  command.reservation_id = ReservationId("r-1");
  command.amount = money(amount);
  return command;
}

/// What all invoices ask, and what is left of the prepayment.
std::int64_t asked(const InMemoryLedger& ledger) {
  std::int64_t sum = 0;
  for (const Invoice* invoice : ledger.invoices()) sum += invoice->amount_due_minor();
  return sum;
}

std::int64_t prepayment(const InMemoryLedger& ledger) {
  std::int64_t sum = 0;
  for (const CreditLot& lot : credit_lots(ledger.state(), ScopeRef(kEnrollment))) sum += lot.left_minor;
  return sum;
}

EnrollmentMonthView month_of_enrollment(const InMemoryLedger& ledger, std::string_view month) {
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(), ScopeRef(kEnrollment),
                                               PageRequest(), ledger.now());
  EXPECT_TRUE(months);
  for (const EnrollmentMonthView& each : months->items) {
    if (each.month == month) return each;
  }
  ADD_FAILURE() << "no such month";
  return {};
}

/// T-EA-6, R-69: from the 5th March is closed for it, and its invoice comes on the 14th.
TEST(EnterpriseRefunds, AfterTheCutOffAReservationIsGivenBackOnceItsMonthIsInvoiced) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice), cost("sub-e", "450.00", "2024-03-10")});
  ledger.at("2024-04-07").when(giving_back("200.00"));
  ASSERT_FALSE(ledger.error());
  run_through(ledger, "2024-04-14");
  // As on any later day: 640.00 of the reservation are covered, 160.00 are overage.
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.sub_total, money("250.00"));
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].amount, money("48.40"));  // 40.00 and 21 %
  EXPECT_EQ(asked(ledger), 30250 - 4840);
  EXPECT_EQ(prepayment(ledger), 16000);
  EXPECT_EQ(month_of_enrollment(ledger, "2024-04").refunded_overage_credits, money("40.00"));
  EXPECT_EQ(month_of_enrollment(ledger, "2024-04").total, money("0.00"));
  EXPECT_EQ(month_of_enrollment(ledger, "2024-03").total, money("1250.00"));
  run_through(ledger, "2024-06-14");
  EXPECT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(prepayment(ledger), 16000);
  VoidInvoice again;
  again.invoice_id = ledger.invoices()[0]->invoice_id;
  again.reason = "wrong name";
  again.rebill = true;
  ledger.when(again);
  EXPECT_EQ(asked(ledger), 30250 - 4840);
  EXPECT_EQ(prepayment(ledger), 16000);
}

TEST(EnterpriseRefunds, AfterTheCutOffPrepaymentThatPaidAllOfItHasItBack) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
  ledger.at("2024-04-05").when(giving_back("200.00"));
  run_through(ledger, "2024-04-14");
  EXPECT_TRUE(ledger.invoices().empty());
  const auto adjusted = ledger.outcome<CreditAdjusted>();
  ASSERT_EQ(adjusted.size(), 1u);
  EXPECT_EQ(adjusted[0].amount, money("200.00"));
  EXPECT_EQ(prepayment(ledger), 40000);
  run_through(ledger, "2024-07-14");
  EXPECT_EQ(prepayment(ledger), 40000);
  EXPECT_EQ(month_of_enrollment(ledger, "2024-04").total, money("0.00"));
}

TEST(EnterpriseRefunds, AfterTheCutOffWithoutPrepaymentItIsANote) {
  InMemoryLedger ledger = enterprise();
  ledger.given({reserved("r-1", "sub-e", "366.00", ReservationPayment::invoice)});
  ledger.at("2024-04-13").when(giving_back("66.00"));
  // April's charges are April's: the refund of March's takes nothing off them.
  ledger.given({cost("sub-e", "10.00", "2024-04-13")});
  run_through(ledger, "2024-05-14");
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("363.00"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("12.10"));
}

/// What was charged as a purchase waits for its month's document; where there is none it is a note.
TEST(EnterpriseRefunds, PurchasesAreCreditedWhereNoDocumentHasThem) {
  for (const PurchaseKind kind : {PurchaseKind::Reservation, PurchaseKind::Marketplace, PurchaseKind::Licence}) {
    InMemoryLedger ledger = enterprise();
    ledger.given({bought("c-1", "sub-e", kind, "343.00", "2024-03-10")});
    ledger.at("2024-04-06").given({refunded("c-2", "c-1", "40.00", "2024-04-06"), refunded("c-3", "c-1", "3.00", "2024-04-06")});
    run_through(ledger, "2024-04-14");
    EXPECT_EQ(asked(ledger), 41503);
    run_through(ledger, "2024-05-14");
    ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
    EXPECT_EQ(asked(ledger), 36300);
    EXPECT_EQ(month_of_enrollment(ledger, "2024-05").refunded_overage_credits, money("43.00"));
    EXPECT_EQ(month_of_enrollment(ledger, "2024-04").total, money("0.00"));
    run_through(ledger, "2024-07-14");
    EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
    VoidInvoice again;
    again.invoice_id = ledger.invoices()[0]->invoice_id;
    again.reason = "wrong name";
    again.rebill = true;
    ledger.when(again);
    EXPECT_EQ(asked(ledger), 36300) << "void and billed again";
  }
}

TEST(EnterpriseRefunds, APurchaseThatPrepaymentPaidGoesBackToIt) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({bought("c-1", "sub-e", PurchaseKind::Reservation, "343.00", "2024-03-10")});
  ledger.at("2024-04-20").given({refunded("c-2", "c-1", "43.00", "2024-04-20")});
  run_through(ledger, "2024-05-14");
  EXPECT_EQ(prepayment(ledger), 70000);
  run_through(ledger, "2024-07-14");
  EXPECT_EQ(prepayment(ledger), 70000);
}

InMemoryLedger market(PaymentFamily family) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({vat(), account("acc-1", AccountType::MOSP, "2024-02-02"),
                                 subscription("sub-01", "acc-1", "2024-02-02"), card("method-1", "acc-1", {"sub-01"}, family)});
  ledger.at("2024-03-10").given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10"),
                                 bought("c-2", "sub-01", PurchaseKind::Licence, "10.00", "2024-03-11")});
  run_through(ledger, "2024-04-09");
  EXPECT_EQ(asked(ledger), 7260);
  return ledger;
}

/// 2.1: the original is cancelled, and a new invoice has the charge and the refund; what is paid beyond it goes back.
TEST(RefundsOfPurchases, AreGivenBackWhereTheMonthHasNoOtherMarketplaceDocument) {
  for (const PaymentFamily family : {PaymentFamily::CreditCard, PaymentFamily::CheckWire}) {
    InMemoryLedger ledger = market(family);
    const InvoiceId first = ledger.invoices()[0]->invoice_id;
    ledger.given({payment(first, "p-1", "72.60")});
    ledger.at("2024-04-20").given({refunded("f-1", "c-1", "30.00", "2024-04-20"), refunded("f-2", "c-2", "10.00", "2024-04-20")});
    run_through(ledger, "2024-05-09");
    ASSERT_EQ(ledger.invoices().size(), 2u);
    EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
    EXPECT_EQ(ledger.invoices()[1]->status, InvoiceStatus::Paid);
    const InvoiceTotals totals = ledger.document(*ledger.invoices()[1]).issued.totals;
    EXPECT_EQ(totals.billed, money("60.00"));
    EXPECT_EQ(totals.credits, money("40.00"));
    EXPECT_EQ(totals.total, money("24.20"));
    const auto back = ledger.outcome<InvoicePaymentReversed>();
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back[0].amount, money("48.40"));
    EXPECT_EQ(back[0].reason, ReversalReason::Refund);
    // Once and for all: a later purchase is asked whole.
    ledger.given({bought("c-3", "sub-01", PurchaseKind::Marketplace, "100.00", "2024-05-09")});
    run_through(ledger, "2024-07-09");
    EXPECT_EQ(asked(ledger), 12100);
    ledger.when(RunInvoicing{day("2024-07-09")}).then_nothing();
  }
}

/// The document of March is late; the refund of April is of the run of May, which was left out as well.
TEST(RefundsOfPurchases, ComeWithTheMarketplaceRunOfOneLaterDayToo) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                 subscription("sub-01", "acc-1", "2024-02-02"), card("method-1", "acc-1", {"sub-01"})});
  ledger.at("2024-03-10").given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10")});
  ledger.at("2024-04-03").given({refunded("f-1", "c-1", "30.00", "2024-04-03")});
  ledger.when(AdvanceClock{midnight("2024-06-20"), false});
  ledger.when(RunMarketplaceInvoicing{day("2024-06-08")}).then_nothing();  // no day of such runs
  ledger.when(RunMarketplaceInvoicing{day("2024-06-09")});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.credits, money("30.00"));
  EXPECT_EQ(asked(ledger), 2000);
  ledger.when(RunMarketplaceInvoicing{day("2024-06-09")}).then_nothing();
}

/// what is performed late is what would have been performed; by one command or by the clock.
TEST(RefundsOfPurchases, ComeWithOneLateRunOverTheirMonthToo) {
  for (const bool by_hand : {false, true}) {
    InMemoryLedger ledger;
    ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                   subscription("sub-01", "acc-1", "2024-02-02"), card("method-1", "acc-1", {"sub-01"})});
    ledger.at("2024-03-10").given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10")});
    ledger.at("2024-04-03").given({refunded("f-1", "c-1", "30.00", "2024-04-03")});
    ledger.when(AdvanceClock{midnight("2024-06-20"), !by_hand});
    if (by_hand) ledger.when(RunInvoicing{day("2024-06-20")});
    ASSERT_EQ(ledger.invoices().size(), 2u) << by_hand;
    EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
    EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.credits, money("30.00"));
    EXPECT_EQ(asked(ledger), 2000);
    ledger.when(RunInvoicing{day("2024-06-20")}).then_nothing();
    ledger.at("2024-07-20").when(RunInvoicing{day("2024-07-20")});
    EXPECT_EQ(ledger.invoices().size(), 2u);
  }
}

TEST(RefundsOfPurchases, LowerWhatIsStillOwed) {
  InMemoryLedger ledger = market(PaymentFamily::CreditCard);
  ledger.at("2024-04-20").given({refunded("f-1", "c-1", "50.00", "2024-04-20")});
  run_through(ledger, "2024-05-09");
  EXPECT_EQ(asked(ledger), 1210);
  VoidInvoice again;
  again.invoice_id = ledger.invoices().back()->invoice_id;
  again.reason = "wrong name";
  again.rebill = true;
  ledger.when(again);
  EXPECT_EQ(asked(ledger), 1210);
}

/// like any invoice of that day, by what pays the subscription then; money that came goes back where it came from (2.6).
TEST(RefundsOfPurchases, StandOnAnInvoiceThatIsPaidAsThoseOfItsDay) {
  for (const bool by_command : {false, true}) {
    InMemoryLedger ledger;
    ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-02-02"),
                                   card("wire", "acc-1", {"sub-01"}, PaymentFamily::CheckWire)});
    ledger.at("2024-03-10");
    if (by_command) {
      ledger.given({reserved("r-1", "sub-01", "50.00", ReservationPayment::invoice)});
    } else {
      ledger.given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10")});
    }
    run_through(ledger, "2024-04-09");
    ASSERT_EQ(ledger.document(*ledger.invoices()[0]).issued.payment_term_days, 30);
    ledger.given({card("card-2", "acc-1", {"sub-01"})});
    if (by_command) {
      ledger.when(giving_back("20.00"));
    } else {
      ledger.given({refunded("f-1", "c-1", "20.00", "2024-04-09")});
      run_through(ledger, "2024-05-09");
    }
    ASSERT_EQ(ledger.invoices().size(), 2u);
    const InvoiceIssued& issued = ledger.document(*ledger.invoices()[1]).issued;
    EXPECT_EQ(issued.method_id, MethodId("card-2"));
    EXPECT_EQ(issued.method_family, PaymentFamily::CreditCard);
    EXPECT_EQ(issued.payment_term_days, 0);
    EXPECT_EQ(issued.due_date, issued.issue_date);
    EXPECT_EQ(asked(ledger), 3000);
  }
}

TEST(RefundsOfPurchases, OfASubscriptionThatIsGoneComeToo) {
  InMemoryLedger ledger = market(PaymentFamily::CreditCard);
  ledger.at("2024-04-20").given({SubscriptionCancelled{kSub01, "over", day("2024-04-20")}, SubscriptionDeleted{kSub01, "over"}});
  ledger.at("2024-04-25").given({refunded("f-1", "c-1", "50.00", "2024-04-25")});
  run_through(ledger, "2024-05-09");
  EXPECT_EQ(asked(ledger), 1210);
}

TEST(RefundsOfPurchases, OfSupportComeToItsOwnInvoice) {
  InMemoryLedger ledger = market(PaymentFamily::CreditCard);
  ledger.given({bought("c-5", "sub-01", PurchaseKind::Support, "20.00", "2024-04-09")});
  EXPECT_EQ(asked(ledger), 7260 + 2420);
  ledger.at("2024-04-20").given({refunded("f-5", "c-5", "20.00", "2024-04-20")});
  run_through(ledger, "2024-05-09");
  EXPECT_EQ(asked(ledger), 7260);
}

/// what a wire paid for a reservation is kept for further ones.
TEST(RefundsOfPurchases, OfAReservationThatAWirePaidAreHeld) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-02-02"),
                                 card("wire", "acc-1", {"sub-01"}, PaymentFamily::CheckWire)});
  ledger.at("2024-03-10").given({bought("c-1", "sub-01", PurchaseKind::Reservation, "50.00", "2024-03-10")});
  run_through(ledger, "2024-04-09");
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "50.00")});
  ledger.given({refunded("f-1", "c-1", "20.00", "2024-04-09")});
  run_through(ledger, "2024-05-09");
  const auto kept = ledger.outcome<CreditGranted>();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].amount, money("20.00"));
  EXPECT_EQ(kept[0].for_reservations, true);
  EXPECT_TRUE(ledger.outcome<InvoicePaymentReversed>().empty());
}

/// While it is in dispute nothing is amended; the run after that does.
TEST(RefundsOfPurchases, WaitWhileTheirInvoiceIsLocked) {
  InMemoryLedger ledger = market(PaymentFamily::CreditCard);
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  ledger.when(LockInvoice{first});
  ledger.given({refunded("f-1", "c-1", "50.00", "2024-04-09")});
  run_through(ledger, "2024-05-09");
  EXPECT_EQ(ledger.invoices().size(), 1u);
  ledger.when(UnlockInvoice{first});
  run_through(ledger, "2024-06-09");
  EXPECT_EQ(asked(ledger), 1210);
}

}  // namespace
}  // namespace daybook::testing
