#include <gtest/gtest.h>

#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/rules/reservation_refund.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// Reservations given back and exchanged: what is paid back, as what, and what counts.
namespace daybook::testing {
namespace {

const ReservationId kReservation{"r-1"};

RefundReservation refund(std::string_view id = "r-1",
                         std::optional<std::string_view> amount = std::nullopt) {
  RefundReservation command;
  command.reservation_id = ReservationId(std::string(id));
  if (amount) command.amount = money(*amount);
  return command;
}

ReservationPurchased monthly(std::string_view id, std::string_view amount, std::int32_t months) {
  ReservationPurchased fact = reserved(id, "sub-01", amount, ReservationPayment::invoice);
  fact.billing_frequency = BillingFrequency::Monthly;
  fact.term_months = months;
  return fact;
}

/// A MOSP subscription of 2 January.
InMemoryLedger mosp(PaymentFamily family = PaymentFamily::CreditCard) {
  InMemoryLedger ledger;
  ledger.at("2024-01-02")
      .given({vat(), account("acc-1", AccountType::MOSP, "2024-01-02"),
              subscription("sub-01", "acc-1", "2024-01-02"),
              card("method-1", "acc-1", {"sub-01"}, family),
              linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

InMemoryLedger mca() {
  InMemoryLedger ledger;
  ledger.at("2024-01-01")
      .given({account("acc-2", AccountType::MCA, "2024-01-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-01-01"), "p-1")});
  return ledger;
}

RefundLimit limit_of(const InMemoryLedger& ledger, const ScopeRef& scope, std::string_view today) {
  return refund_limit(ledger.state(), scope, Currency::parse("EUR").value(), day(today)).value();
}

TEST(RefundReservation, SC_43_OfAMonthlyOneWhatIsNotYetChargedCounts) {
  InMemoryLedger ledger = mca();
  ledger.at("2024-01-15").given({monthly("r-1", "100.00", 36)});
  ledger.at("2024-12-20").when(refund()).then(
      {ReservationCancelled{kReservation, money("0.00"), money("2400.00"), day("2024-12-20")}});
  const ScopeRef scope(ProfileId("p-1"));
  EXPECT_EQ(limit_of(ledger, scope, "2024-12-20").used, money("2400.00"));
  EXPECT_EQ(limit_of(ledger, scope, "2025-12-19").used, money("2400.00"));
  EXPECT_EQ(limit_of(ledger, scope, "2025-12-20").used, money("0.00"));
  // Twelve instalments, and no further.
  ledger.when(AdvanceClock{midnight("2026-01-09"), true});
  std::int64_t billed = 0;
  for (const Invoice* invoice : ledger.invoices()) billed += invoice->total_minor;
  EXPECT_EQ(billed, 120000);
  ledger.when(refund()).then_nothing();
}

TEST(RefundReservation, SC_45_NotBeyondTheLimitOfAYear) {
  InMemoryLedger ledger = mca();
  ledger.at("2024-01-15").given({reserved("r-1", "sub-01", "30000.00", ReservationPayment::invoice),
                                 reserved("r-2", "sub-01", "30000.00", ReservationPayment::invoice)});
  ledger.when(refund());
  EXPECT_FALSE(ledger.error());
  ledger.when(refund("r-2")).then_rejected("REFUND_LIMIT_EXCEEDED");
  ledger.when(refund("r-2", "20000.01")).then_rejected("REFUND_LIMIT_EXCEEDED");
  ledger.when(refund("r-2", "20000.00"));
  EXPECT_FALSE(ledger.error());
}

/// euros to dollars says what 50,000 dollars are as well.
TEST(RefundReservation, TheLimitIsByTheRateOfEitherDirection) {
  InMemoryLedger ledger = mca();
  const Currency euro = Currency::parse("EUR").value();
  ledger.at("2024-01-15").given({ExchangeRateChanged{euro, kUsd, decimal("1.25"), day("2024-01-01")},
                                 reserved("r-1", "sub-01", "45000.00", ReservationPayment::invoice)});
  EXPECT_EQ(limit_of(ledger, ScopeRef(ProfileId("p-1")), "2024-01-15").limit, money("40000.00"));
  ledger.when(refund("r-1", "40000.01")).then_rejected("REFUND_LIMIT_EXCEEDED");
  ledger.when(refund("r-1", "40000.00"));
  EXPECT_FALSE(ledger.error());
}

/// 366 days from 15 January 2024; from 15 April 275 are left: 366.00 × 275 / 366.
TEST(RefundReservation, ByDaysOfTheTermAtMost) {
  InMemoryLedger ledger = mca();
  ledger.at("2024-01-15").given(
      {reserved("r-1", "sub-01", "366.00", ReservationPayment::invoice)});
  ledger.at("2024-04-15");
  ledger.when(refund("r-1", "275.01")).then_rejected("AMOUNT_OUT_OF_RANGE", "/amount/amount");
  ledger.when(refund("r-1", "0.00")).then_rejected("AMOUNT_OUT_OF_RANGE", "/amount/amount");
  ledger.when(refund()).then({ReservationCancelled{kReservation, money("275.00"), money("275.00"),
                                                   day("2024-04-15")}});
}

TEST(RefundReservation, OfAProfileStandsOnItsNextInvoice) {
  InMemoryLedger ledger = mca();
  ledger.at("2024-01-15").given(
      {reserved("r-1", "sub-01", "366.00", ReservationPayment::invoice)});
  ledger.when(AdvanceClock{midnight("2024-02-05"), true});
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "366.00")});
  ledger.when(AdvanceClock{midnight("2024-04-15"), true});
  ledger.when(refund());
  ledger.given({cost("sub-01", "300.00", "2024-04-16")});
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  const InvoiceTotals totals = ledger.document(*ledger.invoices().back()).issued.totals;
  EXPECT_EQ(totals.billed, money("300.00"));
  EXPECT_EQ(totals.credits, money("275.00"));
  ledger.when(AdvanceClock{midnight("2024-06-09"), true});
  EXPECT_EQ(ledger.invoices().back()->total_minor, 0);
}

TEST(RefundReservation, NotYetInvoicedLowersThatDocument) {
  InMemoryLedger ledger = mosp(PaymentFamily::CheckWire);
  ledger.at("2024-03-01").given(
      {reserved("r-1", "sub-01", "365.00", ReservationPayment::invoice)});
  ledger.at("2024-03-11").when(refund());
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.billed, money("365.00"));
  EXPECT_EQ(totals.credits, money("355.00"));
  EXPECT_EQ(totals.sub_total, money("10.00"));
}

TEST(RefundReservation, SC_60_PaidByCardTheRestGoesBackToIt) {
  InMemoryLedger ledger = mosp();
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "400.00", ReservationPayment::card)});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceId original = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(original, "p-1", "484.00")});
  ledger.at("2024-03-02").when(refund("r-1", "300.00"));
  ASSERT_FALSE(ledger.error());
  EXPECT_EQ(ledger.state().invoice(original)->status, InvoiceStatus::Void);
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& now = *ledger.invoices()[1];
  const InvoiceTotals totals = ledger.document(now).issued.totals;
  EXPECT_EQ(totals.billed, money("400.00"));
  EXPECT_EQ(totals.credits, money("300.00"));
  EXPECT_EQ(totals.sub_total, money("100.00"));
  EXPECT_EQ(totals.tax, money("21.00"));
  EXPECT_EQ(now.status, InvoiceStatus::Paid);
  const auto back = ledger.outcome<InvoicePaymentReversed>();
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].amount, money("363.00"));
  EXPECT_EQ(back[0].reason, ReversalReason::Refund);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("484.00"));
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  EXPECT_EQ(ledger.invoices().size(), 2u);
}

TEST(RefundReservation, PaidByInvoiceTheRestIsKeptForReservations) {
  InMemoryLedger ledger = mosp(PaymentFamily::CheckWire);
  ledger.at("2024-03-01").given(
      {reserved("r-1", "sub-01", "400.00", ReservationPayment::invoice)});
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.given({payment(ledger.invoices()[0]->invoice_id, "p-1", "484.00")});
  ledger.when(refund("r-1", "300.00"));
  ASSERT_FALSE(ledger.error());
  EXPECT_TRUE(ledger.outcome<InvoicePaymentReversed>().empty());
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->status, InvoiceStatus::Paid);
  EXPECT_EQ(ledger.invoices()[1]->payments[0].amount_minor, 12100);
  const auto granted = ledger.outcome<CreditGranted>();
  ASSERT_EQ(granted.size(), 1u);
  EXPECT_EQ(granted[0].lot_id, LotId("r-1-refund"));
  EXPECT_EQ(granted[0].amount, money("363.00"));
  // Usage and Marketplace do not take it; the next reservation does.
  ledger.at("2024-04-20").given(
      {cost("sub-01", "50.00", "2024-04-20"),
       bought("c-1", "sub-01", PurchaseKind::Marketplace, "5.00", "2024-04-20"),
       reserved("r-2", "sub-01", "370.00", ReservationPayment::invoice)});
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  for (const Invoice* invoice : ledger.invoices()) {
    const InvoiceIssued& issued = ledger.document(*invoice).issued;
    if (issued.type == InvoiceType::AzureServices) {
      EXPECT_EQ(issued.totals.credit_applied, money("0.00"));
    }
    if (issued.period.start == day("2024-04-01") && issued.type == InvoiceType::AzureMarketplace) {
      EXPECT_EQ(issued.totals.free_azure_credit_applied, money("363.00"));
      EXPECT_EQ(issued.totals.sub_total, money("12.00"));
    }
  }
}

TEST(RefundReservation, NeedsARightAndSomethingLeft) {
  InMemoryLedger ledger = mosp();
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "400.00", ReservationPayment::card),
                                 monthly("r-2", "10.00", 2),
                                 linked("sara", "sara@contoso.example"),
                                 role(ScopeType::Subscription, "sub-01", Role::Reader, "sara")});
  ledger.when(refund(), as("sara")).then_rejected("NO_PERMISSION");
  ledger.when(refund(), as("nobody")).then_rejected("NOT_FOUND");
  ledger.when(refund("r-9")).then_rejected("NOT_FOUND");
  ledger.when(refund("r-2", "5.00")).then_rejected("AMOUNT_OUT_OF_RANGE", "/amount/amount");
  ledger.at("2025-03-01").when(refund()).then_rejected("AMOUNT_OUT_OF_RANGE", "/reservationId");
  ledger.when(refund("r-2")).then_rejected("AMOUNT_OUT_OF_RANGE", "/reservationId");
}

ExchangeReservation exchange(std::string_view amount, BillingFrequency frequency,
                             std::int32_t months) {
  ExchangeReservation command;
  command.reservation_id = kReservation;
  command.new_reservation_id = ReservationId("r-new");
  command.subscription_id = SubscriptionId("sub-01");
  command.amount = money(amount);
  command.term_months = months;
  command.billing_frequency = frequency;
  return command;
}

TEST(ExchangeReservation, SC_44_NotForLessThanWhatRemains) {
  InMemoryLedger ledger = mca();
  ledger.at("2024-01-15").given({monthly("r-1", "100.00", 36)});
  ledger.when(AdvanceClock{midnight("2025-06-20"), true});
  ledger.when(exchange("1799.99", BillingFrequency::Upfront, 12))
      .then_rejected("EXCHANGE_BELOW_REMAINING", "/amount/amount");
  ledger.when(exchange("149.99", BillingFrequency::Monthly, 12))
      .then_rejected("EXCHANGE_BELOW_REMAINING", "/amount/amount");
  ReservationPurchased purchased = monthly("r-new", "150.00", 12);
  purchased.purchased_on = day("2025-06-20");
  ledger.when(exchange("150.00", BillingFrequency::Monthly, 12))
      .then({ReservationExchanged{kReservation, ReservationId("r-new"), money("0.00"),
                                  money("1800.00"), day("2025-06-20")},
             purchased});
  EXPECT_EQ(limit_of(ledger, ScopeRef(ProfileId("p-1")), "2025-06-20").used, money("0.00"));
  ledger.when(exchange("150.00", BillingFrequency::Monthly, 12))
      .then_rejected("AMOUNT_OUT_OF_RANGE", "/reservationId");
  ledger.when(refund()).then_rejected("AMOUNT_OUT_OF_RANGE", "/reservationId");
  // 18 old instalments and 12 new ones.
  ledger.when(AdvanceClock{midnight("2027-12-09"), true});
  std::int64_t billed = 0;
  for (const Invoice* invoice : ledger.invoices()) billed += invoice->total_minor;
  EXPECT_EQ(billed, 180000 + 180000);
}

TEST(ExchangeReservation, ByCardTheNewOneIsInvoicedAtOnce) {
  InMemoryLedger ledger = mosp();
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "365.00", ReservationPayment::card)});
  ledger.at("2024-03-11").when(exchange("400.00", BillingFrequency::Upfront, 12));
  ASSERT_FALSE(ledger.error());
  // The old one, the same with what is given back, and the new one.
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
  std::vector<Money> sub_totals;
  for (const Invoice* invoice : ledger.invoices())
    sub_totals.push_back(ledger.document(*invoice).issued.totals.sub_total);
  EXPECT_EQ(sub_totals, (std::vector<Money>{money("365.00"), money("10.00"), money("400.00")}));
}

TEST(ExchangeReservation, RefusesWhatCannotBe) {
  InMemoryLedger ledger = mosp();
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "365.00", ReservationPayment::card)});
  ExchangeReservation command = exchange("400.00", BillingFrequency::Upfront, 12);
  command.new_reservation_id = kReservation;
  ledger.when(command).then_rejected("ALREADY_EXISTS", "/newReservationId");
  command = exchange("400.00", BillingFrequency::Upfront, 0);
  ledger.when(command).then_rejected("INVALID_FIELD", "/termMonths");
  command = exchange("0.00", BillingFrequency::Upfront, 12);
  ledger.when(command).then_rejected("INVALID_AMOUNT", "/amount/amount");
  command.amount = money("400.00", "USD");
  ledger.when(command).then_rejected("CURRENCY_MISMATCH", "/amount/currency");
  command = exchange("400.00", BillingFrequency::Upfront, 12);
  command.subscription_id = SubscriptionId("sub-09");
  ledger.when(command).then_rejected("UNKNOWN_REFERENCE", "/subscriptionId");
}

}  // namespace
}  // namespace daybook::testing
