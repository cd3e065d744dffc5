#include <cstdint>
#include <ostream>

#include <gtest/gtest.h>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/rules/credit_pool.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// Reservations of an enrollment given back: to the prepayment, the overage, or the month before.
namespace daybook::testing {
namespace {

RefundReservation refund_of(std::string_view amount) {
  RefundReservation command;
  command.reservation_id = ReservationId("r-1");
  command.amount = money(amount);
  return command;
}

/// 1,000.00 paid ahead by itself, for a time of its own.
CreditGranted prepaid(std::string_view start_on, std::string_view expires_on) {
  CreditGranted fact = granted("paid-ahead", "enr-1", CreditSource::Prepayment, "1000.00", start_on, expires_on);
  fact.scope_type = ScopeType::Enrollment;
  return fact;
}

/// T-EA-6: 1,000.00 paid ahead; a reservation of 800.00 in March.
InMemoryLedger with_reservation() {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
  return ledger;
}

TEST(RefundReservation, OfAClosedMonthOfAnEnrollmentIsSplitAsItWasPaid) {
  InMemoryLedger ledger = with_reservation();
  ledger.given({cost("sub-e", "450.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  // 1,250.00 against 1,000.00: 640.00 of the reservation are covered, 160.00 are overage.
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.when(refund_of("200.00"));
  ASSERT_FALSE(ledger.error());
  const auto adjusted = ledger.outcome<CreditAdjusted>();
  ASSERT_EQ(adjusted.size(), 1u);
  EXPECT_EQ(adjusted[0].amount, money("160.00"));
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].amount, money("48.40"));  // 40.00 and 21 %
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 16000);
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(),
                                               ScopeRef(kEnrollment), PageRequest(),
                                               ledger.now());
  ASSERT_TRUE(months);
  EXPECT_EQ(months->items[0].refunded_overage_credits, money("40.00"));
  EXPECT_EQ(months->items[1].total, money("1250.00"));
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
}

TEST(RefundReservation, WithinThePrepaymentGoesBackToIt) {
  InMemoryLedger ledger = with_reservation();
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  ledger.when(refund_of("200.00"));
  const auto adjusted = ledger.outcome<CreditAdjusted>();
  ASSERT_EQ(adjusted.size(), 1u);
  EXPECT_EQ(adjusted[0].amount, money("200.00"));
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 40000);
}

/// 3.5: no note is over a locked invoice.
TEST(RefundReservation, OfALockedInvoiceOfAnEnrollmentIsRefused) {
  InMemoryLedger ledger = with_reservation();
  ledger.given({cost("sub-e", "450.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  ledger.when(LockInvoice{id, {}}).when(refund_of("200.00")).then_rejected("LOCKED", "/reservationId");
  ledger.when(UnlockInvoice{id, {}}).when(refund_of("200.00"));
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
}

/// CLS-3: dated 1 to 4 April it counts to March; on the 5th March is closed for it.
TEST(RefundReservation, OfTheFirstDaysOfAMonthCountsToTheMonthBefore) {
  for (const std::string_view on : {"2024-04-04", "2024-04-05"}) {
    InMemoryLedger ledger = with_reservation();
    ledger.given({cost("sub-e", "450.00", "2024-03-10")});
    ledger.at(on).when(refund_of("200.00"));
    ledger.when(AdvanceClock{midnight("2024-04-14"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
    EXPECT_EQ(totals.credits, on == "2024-04-04" ? money("200.00") : money("0.00"));
    EXPECT_EQ(totals.sub_total, on == "2024-04-04" ? money("50.00") : money("250.00"));
  }
}

/// The same of one that was charged as a purchase.
TEST(PurchaseRefunded, OfAReservationOnTheFirstDaysOfAMonthCountsToTheMonthBefore) {
  for (const PurchaseKind kind : {PurchaseKind::Reservation, PurchaseKind::Licence}) {
    InMemoryLedger ledger = enterprise();
    ledger.given({bought("c-1", "sub-e", kind, "343.00", "2024-03-10")});
    ledger.at("2024-04-04").given({refunded("c-2", "c-1", "43.00", "2024-04-03")});
    ledger.when(AdvanceClock{midnight("2024-04-14"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.sub_total,
              kind == PurchaseKind::Reservation ? money("300.00") : money("343.00"));
  }
}

TEST(Policies, CLS_3_UntilWhichDayARefundCountsToTheMonthBefore) {
  const auto given_back_with_march = [](std::string_view cut_off) {
    InMemoryLedger ledger = with_reservation();
    ledger.when(SetPolicy{"ea.refundCutOffDay", {std::string(cut_off)}, {}});
    EXPECT_FALSE(ledger.error());
    ledger.given({cost("sub-e", "450.00", "2024-03-10")});
    ledger.at("2024-04-07").when(refund_of("200.00"));
    ledger.when(AdvanceClock{midnight("2024-04-14"), true});
    return ledger.document(*ledger.invoices().at(0)).issued.totals.credits;
  };
  EXPECT_EQ(given_back_with_march("5"), money("0.00"));
  EXPECT_EQ(given_back_with_march("7"), money("0.00")) << "on that day the month before is closed";
  EXPECT_EQ(given_back_with_march("8"), money("200.00"));
}

/// What no prepayment in force has room for goes to a lot of its own.
TEST(Policies, HowLongPrepaymentHoldsThatAReservationGivesBack) {
  const auto expiry = [](std::optional<std::string_view> days) {
    InMemoryLedger ledger = enterprise();
    ledger.given({prepaid("2024-03-01", "2024-06-01"), reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
    if (days) ledger.when(SetPolicy{"reservation.prepaymentDays", {std::string(*days)}, {}});
    ledger.when(AdvanceClock{midnight("2024-07-01"), true});
    EXPECT_TRUE(ledger.invoices().empty());
    ledger.when(refund_of("200.00"));
    EXPECT_FALSE(ledger.error());
    const auto lots = ledger.outcome<CreditGranted>();
    EXPECT_EQ(lots.size(), 1u);
    EXPECT_EQ(lots.at(0).source, CreditSource::Prepayment);
    EXPECT_EQ(lots.at(0).amount, money("200.00"));
    return lots.at(0).expires_on;
  };
  EXPECT_EQ(expiry(std::nullopt), day("2024-09-29"));  // 90 days after 1 July
  EXPECT_EQ(expiry("10"), day("2024-07-11"));
}

/// What invoices still ask, and the prepayment that is left.
struct Standing {
  std::int64_t owed = 0;
  std::int64_t prepaid = 0;
  friend bool operator==(const Standing&, const Standing&) = default;
};
void PrintTo(const Standing& standing, std::ostream* out) {
  *out << "owed " << standing.owed << ", prepaid " << standing.prepaid;
}

Standing standing(const InMemoryLedger& ledger) {
  Standing result;
  for (const Invoice* invoice : ledger.invoices()) result.owed += invoice->amount_due_minor();
  for (const CreditLot& lot : credit_lots(ledger.state(), ScopeRef(kEnrollment))) result.prepaid += lot.left_minor;
  return result;
}

Money refunded_in(const InMemoryLedger& ledger, std::string_view month) {
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(),
                                               ScopeRef(kEnrollment), PageRequest(), ledger.now());
  EXPECT_TRUE(months);
  for (const EnrollmentMonthView& each : months->items) {
    if (each.month == month) return *each.refunded_overage_credits;
  }
  ADD_FAILURE() << "no such month";
  return money("0.00");
}

/// Billed on 14 April with overage, given back in part on the 20th; void by then.
class VoidOfARefundedReservation : public ::testing::TestWithParam<bool> {
 protected:
  static InMemoryLedger refunded(std::string_view usage = "450.00") {
    InMemoryLedger ledger = with_reservation();
    ledger.given({cost("sub-e", usage, "2024-03-10")});
    ledger.when(AdvanceClock{midnight("2024-04-20"), true});
    EXPECT_EQ(ledger.invoices().size(), 1u);
    ledger.when(refund_of("600.00"));
    EXPECT_FALSE(ledger.error());
    return ledger;
  }
  /// Voids the newest invoice; without `rebill` until the run of May has billed it again.
  static void bill_again(InMemoryLedger& ledger, bool rebill) {
    const std::size_t before = ledger.invoices().size();
    const Invoice* living = nullptr;
    for (const Invoice* invoice : ledger.invoices()) {
      if (invoice->status != InvoiceStatus::Void) living = invoice;
    }
    ASSERT_NE(living, nullptr);
    ledger.when(VoidInvoice{living->invoice_id, "wrong name", rebill});
    ASSERT_FALSE(ledger.error());
    if (!rebill) ledger.when(AdvanceClock{midnight("2024-05-14"), true});
    ASSERT_EQ(ledger.invoices().size(), before + 1);
  }
};

TEST_P(VoidOfARefundedReservation, LeavesWhatIsOwedAndThePrepaymentAsTheyWere) {
  InMemoryLedger ledger = refunded();
  const Standing before = standing(ledger);
  // 250.00 and 21 %, less 120.00 and 21 %; the 480.00 that prepayment paid of the 600.00 are back.
  EXPECT_EQ(before, (Standing{15730, 48000}));
  bill_again(ledger, GetParam());
  EXPECT_EQ(standing(ledger), before);
  EXPECT_EQ(refunded_in(ledger, GetParam() ? "2024-04" : "2024-05"), money("120.00"));
  if (!GetParam()) return;
  bill_again(ledger, true);
  EXPECT_EQ(standing(ledger), before) << "void a second time";
  EXPECT_EQ(refunded_in(ledger, "2024-04"), money("120.00"));
}

TEST_P(VoidOfARefundedReservation, GivesWhatWasPaidBackOnce) {
  InMemoryLedger ledger = refunded();
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(first, "pay-1", "157.30")});
  EXPECT_EQ(standing(ledger), (Standing{0, 48000}));
  if (!GetParam()) return;  // without `rebill` what was paid is given back, and asked again
  bill_again(ledger, true);
  EXPECT_EQ(standing(ledger), (Standing{0, 48000}));
  EXPECT_TRUE(ledger.outcome<InvoicePaymentReversed>().empty());
}

/// What came back to the prepayment and was used since is not there for the charges; what they took is.
TEST_P(VoidOfARefundedReservation, TakesWhatTheVoidOneTookWhereTheRestWasUsedSince) {
  InMemoryLedger ledger = refunded();
  ledger.given({cost("sub-e", "480.00", "2024-04-02")});
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  const Standing before = standing(ledger);
  EXPECT_EQ(before, (Standing{15730, 0}));
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "wrong name", GetParam()});
  if (!GetParam()) ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_EQ(standing(ledger), before);
}

INSTANTIATE_TEST_SUITE_P(AtOnceAndLater, VoidOfARefundedReservation, ::testing::Values(true, false));

/// Decision 0086: while the charges wait no note stands over overage that is asked, that of the voiding least of all.
TEST(RefundReservation, AVoidInvoiceThatWaitsHasNoRefundedOverage) {
  InMemoryLedger ledger = with_reservation();
  ledger.given({cost("sub-e", "450.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  ledger.when(refund_of("600.00"));
  EXPECT_EQ(refunded_in(ledger, "2024-04"), money("120.00"));
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "wrong name", false});
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(refunded_in(ledger, "2024-04"), money("0.00"));
  ledger.when(AdvanceClock{midnight("2024-05-14"), true});
  EXPECT_EQ(refunded_in(ledger, "2024-05"), money("120.00"));
}

/// An exchange buys (9.3): not what the enrollment may not buy.
TEST(ExchangeReservation, FollowsThePolicyOfTheEnrollment) {
  InMemoryLedger ledger = with_reservation();
  ExchangeReservation command;
  command.reservation_id = ReservationId("r-1");
  command.new_reservation_id = ReservationId("r-2");
  command.subscription_id = SubscriptionId("sub-e");
  command.amount = money("1200.00");
  command.term_months = 12;
  command.billing_frequency = BillingFrequency::Upfront;
  const auto reservations = [&](bool on) {
    ledger.when(SetEnrollmentPolicy{kEnrollment, EnrollmentPolicy::reservedInstancesEnabled, on});
  };
  reservations(false);
  ledger.when(command).then_rejected("POLICY_DISABLED", "/subscriptionId");
  reservations(true);
  ledger.when(command);
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  EXPECT_EQ(ledger.outcome<ReservationExchanged>().size(), 1u);
}

/// The overage of the refund stays overage, though less usage would leave room in the prepayment.
TEST(RefundReservation, OfAnInvoiceBilledAgainForLessIsGivenBackWhole) {
  InMemoryLedger ledger = with_reservation();
  UsageRecorded row = cost("sub-e", "450.00", "2024-03-10");
  row.usage_id = "u-1";
  ledger.given({row});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  ledger.when(refund_of("600.00"));
  ledger.given({UsageVoided{SubscriptionId("sub-e"), "u-1", "never happened"}});
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "meter error", true});
  ASSERT_FALSE(ledger.error());
  // 800.00 less 600.00 is charged in all: of 1,000.00 paid ahead 800.00 are left, and nothing is owed.
  EXPECT_EQ(standing(ledger), (Standing{0, 80000}));
}

}  // namespace
}  // namespace daybook::testing
