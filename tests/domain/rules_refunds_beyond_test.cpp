#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/credit_pool.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// What of a refund goes beyond what its invoice asked comes back as prepayment: decision 0120.
namespace daybook::testing {
namespace {

void work_through(InMemoryLedger& ledger, std::string_view on) { ledger.when(AdvanceClock{midnight(on), true}); }

void hand_back(InMemoryLedger& ledger, std::string_view id, std::string_view amount) {
  RefundReservation command;
  command.reservation_id = ReservationId(std::string(id));
  command.amount = money(amount);
  ledger.when(command);
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

UsageRecorded usage_less(std::string_view amount, std::string_view on = "2024-03-10") {
  UsageRecorded row = cost("sub-e", amount, on, ChargeType::Adjustment);
  row.usage_id = "less-" + std::string(on);
  return row;
}

/// A reservation of 800.00 beside 500.00 of usage taken back: March asks 300.00 and 21 %.
InMemoryLedger billed_beside_less(std::string_view prepayment = "") {
  InMemoryLedger ledger = enterprise(prepayment);
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice), usage_less("-500.00")});
  work_through(ledger, "2024-04-20");
  EXPECT_EQ(ledger.invoices().size(), 1u);
  return ledger;
}

/// What invoices still ask, and the prepayment that is left.
struct Balance {
  std::int64_t owed = 0;
  std::int64_t prepaid = 0;
  friend bool operator==(const Balance&, const Balance&) = default;
};
void PrintTo(const Balance& balance, std::ostream* out) {
  *out << "owed " << balance.owed << ", prepaid " << balance.prepaid;
}

Balance balance(const InMemoryLedger& ledger) {
  Balance result;
  for (const Invoice* invoice : ledger.invoices()) result.owed += invoice->amount_due_minor();
  for (const CreditLot& lot : credit_lots(ledger.state(), ScopeRef(kEnrollment))) result.prepaid += lot.left_minor;
  return result;
}

const Invoice& living_invoice(const InMemoryLedger& ledger) {
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->status != InvoiceStatus::Void) return *invoice;
  }
  ADD_FAILURE() << "all are void";
  return *ledger.invoices().at(0);
}

void note_over(InMemoryLedger& ledger, std::string_view amount) {
  IssueCreditNote command;
  command.invoice_id = living_invoice(ledger).invoice_id;
  command.amount = money(amount);
  command.reason = "outage";
  ledger.when(command);
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

TEST(RefundsBeyondTheirInvoice, AreANoteOverAllOfItAndPrepayment) {
  InMemoryLedger ledger = billed_beside_less();
  hand_back(ledger, "r-1", "600.00");
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].amount, money("363.00"));
  const auto lots = ledger.outcome<CreditGranted>();
  ASSERT_EQ(lots.size(), 1u);
  EXPECT_EQ(lots[0].amount, money("300.00")) << "nothing was taxed of what was not asked";
  EXPECT_EQ(lots[0].source, CreditSource::Prepayment);
  EXPECT_EQ(lots[0].lot_id, LotId(living_invoice(ledger).invoice_id.text() + "-refund"));
  EXPECT_EQ(lots[0].start_on, day("2024-04-20"));
  EXPECT_EQ(lots[0].expires_on, day("2024-07-19"));  // 90 days
  EXPECT_EQ(living_invoice(ledger).status, InvoiceStatus::Paid);
  ledger.given({cost("sub-e", "450.00", "2024-04-25")});
  work_through(ledger, "2024-05-14");
  EXPECT_EQ(balance(ledger), (Balance{18150, 0})) << "150.00 and 21 % beyond it";
}

TEST(RefundsBeyondTheirInvoice, AreSplitAsTheChargeWasPaidFirst) {
  InMemoryLedger ledger = billed_beside_less("100.00");
  EXPECT_EQ(balance(ledger), (Balance{24200, 0}));
  hand_back(ledger, "r-1", "600.00");
  EXPECT_EQ(ledger.outcome<CreditAdjusted>().at(0).amount, money("100.00"));
  EXPECT_EQ(balance(ledger), (Balance{0, 40000})) << "200.00 of the 600.00 are the note";
}

TEST(RefundsBeyondTheirInvoice, DoNotRepayWhatANoteOfTheOperatorTookBack) {
  InMemoryLedger ledger = enterprise();
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
  work_through(ledger, "2024-04-20");
  note_over(ledger, "605.00");
  hand_back(ledger, "r-1", "600.00");
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>().at(0).amount, money("363.00"));
  EXPECT_EQ(balance(ledger), (Balance{0, 0}));

  InMemoryLedger both = billed_beside_less();
  note_over(both, "121.00");
  hand_back(both, "r-1", "600.00");
  EXPECT_EQ(both.outcome<CreditNoteIssued>().at(0).amount, money("242.00"));
  EXPECT_EQ(balance(both), (Balance{0, 30000}));
}

/// The second of them is not cut because the first one had been.
TEST(RefundsBeyondTheirInvoice, OfTwoReservationsCountTogether) {
  for (const bool with_note : {false, true}) {
    InMemoryLedger ledger = enterprise();
    ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice),
                  reserved("r-2", "sub-e", "800.00", ReservationPayment::invoice), usage_less("-600.00")});
    work_through(ledger, "2024-04-20");
    if (with_note) note_over(ledger, "847.00");
    hand_back(ledger, "r-1", "600.00");
    EXPECT_EQ(balance(ledger), (with_note ? Balance{0, 0} : Balance{48400, 0}));
    hand_back(ledger, "r-2", "600.00");
    EXPECT_EQ(balance(ledger), (Balance{0, 20000})) << "1,200.00 of what asked 1,000.00, with note " << with_note;
  }
}

TEST(RefundsBeyondTheirInvoice, AfterTheCutOffComeWithTheInvoice) {
  InMemoryLedger ledger = enterprise();
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice),
                reserved("r-2", "sub-e", "200.00", ReservationPayment::invoice), usage_less("-700.00")});
  ledger.at("2024-04-07");
  hand_back(ledger, "r-1", "600.00");
  hand_back(ledger, "r-2", "100.00");
  work_through(ledger, "2024-04-14");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>().at(0).amount, money("363.00"));
  EXPECT_EQ(balance(ledger), (Balance{0, 40000}));
  ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "wrong name", true});
  EXPECT_EQ(balance(ledger), (Balance{0, 40000}));
}

TEST(RefundsBeyondTheirInvoice, OfPurchasesToo) {
  for (const PurchaseKind kind : {PurchaseKind::Reservation, PurchaseKind::Marketplace, PurchaseKind::Licence}) {
    InMemoryLedger ledger = enterprise();
    ledger.given({bought("c-1", "sub-e", kind, "343.00", "2024-03-10"), usage_less("-243.00")});
    work_through(ledger, "2024-04-20");
    ledger.given({refunded("c-2", "c-1", "140.00", "2024-04-20"), refunded("c-3", "c-1", "3.00", "2024-04-20")});
    work_through(ledger, "2024-05-14");
    EXPECT_EQ(balance(ledger), (Balance{0, 4300}));
    ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "wrong name", true});
    EXPECT_EQ(balance(ledger), (Balance{0, 4300}));
  }
}

/// What happened as it did before decision 0120: without what goes beyond the invoice.
InMemoryLedger cut(const std::function<InMemoryLedger()>& begin, const std::function<void(InMemoryLedger&)>& refund) {
  InMemoryLedger now = begin();
  refund(now);
  InMemoryLedger then = begin();
  then.at(now.now().text());
  std::int64_t missing = 0;
  for (const EventData& event : now.events()) {
    const auto* lot = event.get_if<CreditGranted>();
    missing += lot != nullptr ? lot->amount.minor_units : 0;
    if (lot == nullptr) then.record(event);
  }
  EXPECT_GT(missing, 0);
  EXPECT_EQ(balance(then), (Balance{balance(now).owed, balance(now).prepaid - missing}));
  return then;
}

/// r-1 of 800.00 and r-2 of 200.00 beside 700.00 of usage taken back, and 600.00 given back of r-1.
InMemoryLedger cut_reservation() {
  return cut(
      [] {
        InMemoryLedger ledger = enterprise();
        ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice),
                      reserved("r-2", "sub-e", "200.00", ReservationPayment::invoice), usage_less("-700.00")});
        work_through(ledger, "2024-04-20");
        return ledger;
      },
      [](InMemoryLedger& ledger) { hand_back(ledger, "r-1", "600.00"); });
}

TEST(RefundsCutBefore, GetWhatWasMissingWithTheNextOfTheirInvoice) {
  InMemoryLedger ledger = cut_reservation();
  EXPECT_EQ(balance(ledger), (Balance{0, 0}));
  hand_back(ledger, "r-2", "100.00");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  ASSERT_EQ(ledger.outcome<CreditGranted>().size(), 1u);
  EXPECT_EQ(balance(ledger), (Balance{0, 40000})) << "100.00, and 300.00 of the one before";
  ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "wrong name", true});
  EXPECT_EQ(balance(ledger), (Balance{0, 40000})) << "once";
}

TEST(RefundsCutBefore, GetItWhenTheirInvoiceIsBilledAgain) {
  for (const bool at_once : {true, false}) {
    InMemoryLedger ledger = cut_reservation();
    ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "wrong name", at_once});
    ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
    work_through(ledger, "2024-05-14");
    EXPECT_EQ(balance(ledger), (Balance{0, 30000})) << "at once: " << at_once;
    hand_back(ledger, "r-2", "100.00");
    EXPECT_EQ(balance(ledger), (Balance{0, 40000})) << "at once: " << at_once;
  }
}

TEST(RefundsCutBefore, OfPurchasesToo) {
  InMemoryLedger ledger = cut(
      [] {
        InMemoryLedger begun = enterprise();
        begun.given({bought("c-1", "sub-e", PurchaseKind::Marketplace, "343.00", "2024-03-10"), usage_less("-243.00")});
        work_through(begun, "2024-04-20");
        begun.given({refunded("c-2", "c-1", "140.00", "2024-04-20")});
        work_through(begun, "2024-05-13");
        return begun;
      },
      [](InMemoryLedger& given) { work_through(given, "2024-05-14"); });
  EXPECT_EQ(balance(ledger), (Balance{0, 0}));
  ledger.given({refunded("c-3", "c-1", "3.00", "2024-05-20")});
  work_through(ledger, "2024-06-14");
  EXPECT_EQ(balance(ledger), (Balance{0, 4300}));
}

/// Notes over corrected usage are of the usage: what they took is not taken of the refund.
TEST(RefundsBeyondTheirInvoice, AreToldApartFromCorrections) {
  InMemoryLedger ledger = enterprise();
  ledger.when(SetPolicy{"corrections", {R"("note")"}, std::nullopt});
  ASSERT_FALSE(ledger.error());
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
  work_through(ledger, "2024-04-20");
  ledger.given({usage_less("-500.00")});
  work_through(ledger, "2024-05-20");
  EXPECT_EQ(balance(ledger), (Balance{36300, 0}));
  hand_back(ledger, "r-1", "600.00");
  EXPECT_EQ(balance(ledger), (Balance{0, 30000}));
  ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "wrong name", true});
  EXPECT_EQ(balance(ledger), (Balance{0, 30000}));
}

/// What is given back of March stands as it was, however often March is billed (decision 0077).
class VoidOfAnInvoiceWithARefundBeyondIt : public ::testing::TestWithParam<bool> {
 protected:
  static InMemoryLedger refunded_beyond(std::string_view prepayment = "") {
    InMemoryLedger ledger = billed_beside_less(prepayment);
    hand_back(ledger, "r-1", "600.00");
    return ledger;
  }
  /// Voids the living invoice; without `rebill` until the run of a later month has billed it again.
  static void bill_again(InMemoryLedger& ledger, bool rebill, std::string_view run = "2024-05-14") {
    ledger.when(VoidInvoice{living_invoice(ledger).invoice_id, "meter error", rebill});
    ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
    if (!rebill) work_through(ledger, run);
  }
};

TEST_P(VoidOfAnInvoiceWithARefundBeyondIt, ChangesNothingByItself) {
  for (const std::string_view prepayment : {"", "100.00"}) {
    InMemoryLedger ledger = refunded_beyond(prepayment);
    const Balance before = balance(ledger);
    bill_again(ledger, GetParam());
    EXPECT_EQ(ledger.invoices().size(), 2u);
    EXPECT_EQ(balance(ledger), before) << prepayment;
    bill_again(ledger, GetParam(), "2024-06-14");
    EXPECT_EQ(ledger.invoices().size(), 3u);
    EXPECT_EQ(balance(ledger), before) << prepayment << ", a second time";
  }
}

/// What was paid goes back once, and what the operator took back ends with the void invoice (decision 0086).
TEST_P(VoidOfAnInvoiceWithARefundBeyondIt, RepaysNothingTwice) {
  InMemoryLedger ledger = billed_beside_less();
  ledger.given({payment(living_invoice(ledger).invoice_id, "p-1", "363.00")});
  note_over(ledger, "121.00");
  hand_back(ledger, "r-1", "600.00");
  EXPECT_EQ(ledger.outcome<InvoicePaymentReversed>().at(0).amount, money("242.00"));
  bill_again(ledger, GetParam());
  EXPECT_TRUE(ledger.outcome<InvoicePaymentReversed>().empty());
  EXPECT_EQ(balance(ledger), (Balance{0, 30000}));
}

/// The usage was there after all: of the 600.00 those 300.00 are to be noted that did not come as prepayment.
TEST_P(VoidOfAnInvoiceWithARefundBeyondIt, DoesNotGiveItTwiceWhereMoreIsAsked) {
  InMemoryLedger ledger = refunded_beyond();
  ledger.given({UsageVoided{SubscriptionId("sub-e"), "less-2024-03-10", "never happened"}});
  bill_again(ledger, true);
  EXPECT_EQ(balance(ledger), (Balance{96800 - 36300, 30000}));
  if (!GetParam()) return;
  bill_again(ledger, true);
  EXPECT_EQ(balance(ledger), (Balance{96800 - 36300, 30000})) << "a second time";
}

TEST_P(VoidOfAnInvoiceWithARefundBeyondIt, GivesTheRestWhereLessIsAsked) {
  InMemoryLedger ledger = refunded_beyond();
  ledger.given({usage_less("-200.00", "2024-03-11")});
  bill_again(ledger, true);
  EXPECT_EQ(living_invoice(ledger).total_minor, 12100);
  EXPECT_EQ(balance(ledger), (Balance{0, 50000}));
  bill_again(ledger, GetParam());
  EXPECT_EQ(balance(ledger), (Balance{0, 50000})) << "a second time";
}

TEST_P(VoidOfAnInvoiceWithARefundBeyondIt, GivesTheRestWhereNothingIsAsked) {
  InMemoryLedger ledger = refunded_beyond();
  ledger.given({usage_less("-300.00", "2024-03-11")});
  bill_again(ledger, true);
  EXPECT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(balance(ledger), (Balance{0, 60000}));
  work_through(ledger, "2024-06-14");
  EXPECT_EQ(balance(ledger), (Balance{0, 60000}));
}

INSTANTIATE_TEST_SUITE_P(AtOnceAndLater, VoidOfAnInvoiceWithARefundBeyondIt, ::testing::Values(true, false));

}  // namespace
}  // namespace daybook::testing
