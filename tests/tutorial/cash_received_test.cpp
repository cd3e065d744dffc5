#include "tests/tutorial/cash_received/cash_received.h"

#include <gtest/gtest.h>

#include "ledger/domain/facts/invoice.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

class CashReceived : public ::testing::Test {
 protected:
  CashReceived() { ledger_.open({}, {cash_received()}); }

  Position record(EventData data, Date day) {
    const Position position = ledger_.append(maker_.make(std::move(data), day));
    ledger_.views().catch_up();
    return position;
  }
  Position paid(const std::string& invoice, std::int64_t cents, Date day) {
    InvoicePaymentSucceeded payment;
    payment.invoice_id = InvoiceId(invoice);
    payment.payment_id = PaymentId("p-" + invoice);
    payment.amount = Money{cents, kEur};
    payment.received_on = day;
    return record(payment, day);
  }
  Position reversed(const std::string& invoice, std::int64_t cents, Date day) {
    InvoicePaymentReversed reversal;
    reversal.invoice_id = InvoiceId(invoice);
    reversal.payment_id = PaymentId("p-" + invoice);
    reversal.amount = Money{cents, kEur};
    return record(reversal, day);
  }
  std::int64_t cents_on(Date day, Position as_of) {
    return cash_received_on(ledger_.views().rows(kCashReceived), day, kEur, as_of).value().minor_units;
  }

  const Currency kEur = Currency::parse("EUR").value();
  const Date kMonday = Date::of(2024, 3, 4);
  const Date kTuesday = Date::of(2024, 3, 5);
  EventMaker maker_;
  ViewLedger ledger_;
};

TEST_F(CashReceived, IsSummedByDayAndStaysWhatItWasAtEveryPosition) {
  const Position first = paid("E0001", 4'000, kMonday);
  const Position second = paid("E0002", 150, kMonday);
  const Position third = reversed("E0001", 4'000, kTuesday);
  EXPECT_EQ(cents_on(kMonday, third), 4'150);
  EXPECT_EQ(cents_on(kTuesday, third), -4'000);
  EXPECT_EQ(cents_on(kMonday, first), 4'000) << "the second payment was not known yet";
  EXPECT_EQ(cents_on(kTuesday, second), 0);
}

TEST_F(CashReceived, IsTheSameWhenItIsFoldedAgain) {
  for (int i = 0; i < 200; ++i) paid("E" + std::to_string(i), 100 + i, Date{kMonday.days + i % 7});
  const auto rebuilt = ledger_.views().rebuild({}, false);
  ASSERT_TRUE(rebuilt);
  EXPECT_TRUE(rebuilt->front().equal()) << rebuilt->front().live_hash << " " << rebuilt->front().rebuilt_hash;
}

TEST_F(CashReceived, StopsAtASumThatNoAmountCanHold) {
  paid("E0001", 9'000'000'000'000'000'000, kMonday);
  const Position poisonous = paid("E0002", 9'000'000'000'000'000'000, kMonday);
  const ProjectionStatus status = ledger_.views().status().front();
  EXPECT_EQ(status.status, ProjectionState::Halted);
  ASSERT_TRUE(status.error);
  EXPECT_EQ(status.error->position, poisonous);
  EXPECT_EQ(status.position, poisonous - 1);
}

}  // namespace
}  // namespace daybook::projections::testing
