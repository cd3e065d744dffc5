#include <gtest/gtest.h>

#include "ledger/domain/answers/credits_answer.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "tests/support/bookkept_ledger.h"
#include "tests/support/charge_facts.h"
#include "tests/support/move_facts.h"

/// What was recorded in one currency and stands on documents in another, since its subscription passed to
/// another payer (decision 0076).
namespace daybook::testing {
namespace {

constexpr std::string_view kSub = "sub-1";

template <class Fact>
Fact in(Fact fact, Currency currency) {
  fact.currency = currency;
  return fact;
}

ExchangeRateChanged rate(Currency to, std::string_view rate, std::string_view effective_on = "2023-12-01") {
  return {kEur, to, decimal(rate), day(effective_on)};
}

/// Two payers, one in euros, one in yen, and a subscription of the first.
std::vector<EventData> two_payers() {
  return {in(account("acc-e", AccountType::MOSP, "2024-01-01"), kEur),
          in(account("acc-j", AccountType::MOSP, "2024-01-01"), kJpy), price("vm", "1.00"),
          subscription(kSub, "acc-e", "2024-01-01")};
}

InMemoryLedger payers_with_rate() {
  InMemoryLedger ledger;
  ledger.at("2024-01-01").given(two_payers()).given({rate(kJpy, "160")});
  return ledger;
}

SubscriptionBillingTransferred to_yen(std::string_view accepted_on) {
  return transferred(kSub, "acc-e", "acc-j", accepted_on);
}

void run(InMemoryLedger& ledger, std::string_view through) {
  ledger.when(AdvanceClock{midnight(through), true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

/// What the documents of an account or profile come to before tax, without those over nothing.
std::vector<std::string> billed_to(const InMemoryLedger& ledger, std::string_view payer) {
  std::vector<std::string> result;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->status == InvoiceStatus::Void) continue;
    if (invoice->account_id.text() != payer && invoice->scope.id != payer) continue;
    const Money total = ledger.document(*invoice).issued.totals.sub_total;
    if (total.minor_units == 0) continue;
    result.push_back(total.amount_text() + " " + std::string(total.currency.text()));
  }
  return result;
}
using Texts = std::vector<std::string>;

const CreditLot* lot(const InMemoryLedger& ledger, std::string_view id) { return ledger.state().find<CreditLot>(id); }

TEST(Currencies, AMonthlyCreditIsRenewedInTheCurrencyOfWhoPays) {
  InMemoryLedger ledger = payers_with_rate();
  ledger.given({monthly_credit("vs", kSub, "50.00", "2024-01-01"), usage(kSub, "vm", "60", "2024-01-01")});
  run(ledger, "2024-01-10");
  ledger.at("2024-01-10T12:00:00Z").given({to_yen("2024-01-09"), usage(kSub, "vm", "60", "2024-01-10")});
  run(ledger, "2024-03-01");
  EXPECT_EQ(billed_to(ledger, "acc-e"), (Texts{"10.00 EUR"}));
  EXPECT_EQ(billed_to(ledger, "acc-j"), (Texts{"1600 JPY"}));
  EXPECT_EQ(lot(ledger, "vs")->expires_on, day("2024-01-10"));
  ASSERT_NE(lot(ledger, "vs.2024-01-10"), nullptr);
  EXPECT_EQ(lot(ledger, "vs.2024-01-10")->original, money("8000", "JPY"));
  EXPECT_EQ(lot(ledger, "vs.2024-01-10")->left_minor, 0);
  const auto view = credits_answer(ledger.state(), ledger.usage(), Viewer::operating(),
                                   ScopeRef(SubscriptionId(std::string(kSub))), ledger.now().date());
  ASSERT_TRUE(view);
  EXPECT_EQ(view->current_balance, money("8000", "JPY"));
}

TEST(Currencies, WhatIsLeftOfTheOldCreditIsClosedInItsOwnCurrency) {
  BookkeptLedger books;
  books.at("2024-01-01").given(two_payers()).given(
      {rate(kJpy, "160"), monthly_credit("vs", kSub, "50.00", "2024-01-01"), usage(kSub, "vm", "20", "2024-01-01")});
  books.when(AdvanceClock{midnight("2024-01-10"), true});
  books.at("2024-01-10T12:00:00Z").given({to_yen("2024-01-09")});
  books.when(AdvanceClock{midnight("2024-03-01"), true});
  EXPECT_EQ(lot(books.ledger(), "vs")->expired_minor, 3000);
  EXPECT_EQ(lot(books.ledger(), "vs")->current_minor(), 0);
  books.expect_agreement();
}

/// The day after it was accepted a run has renewed the credit in the old currency already.
TEST(Currencies, ATransferToldLateHasTheCreditOfItsFirstPeriod) {
  InMemoryLedger ledger = payers_with_rate();
  ledger.given({monthly_credit("vs", kSub, "50.00", "2024-01-01")});
  run(ledger, "2024-02-03");
  ASSERT_NE(lot(ledger, "vs.2024-02-01"), nullptr);
  ledger.at("2024-02-03T12:00:00Z").given({usage(kSub, "vm", "60", "2024-02-02"), to_yen("2024-01-31")});
  run(ledger, "2024-03-15");
  EXPECT_EQ(billed_to(ledger, "acc-e"), Texts{});
  EXPECT_EQ(billed_to(ledger, "acc-j"), (Texts{"1600 JPY"}));
  EXPECT_EQ(lot(ledger, "vs.2024-02-01")->left_minor, 5000);
  EXPECT_EQ(lot(ledger, "vs.2024-02-01")->expires_on, day("2024-02-01"));
  EXPECT_EQ(lot(ledger, "vs.2024-02-01.1")->original, money("8000", "JPY"));
}

TEST(Currencies, ATransferThatIsToComeLeavesTheCreditOfTodayAlone) {
  InMemoryLedger ledger = payers_with_rate();
  ledger.given({monthly_credit("vs", kSub, "50.00", "2024-01-01"), to_yen("2024-02-09"),
                usage(kSub, "vm", "60", "2024-01-05"), usage(kSub, "vm", "60", "2024-02-09"),
                usage(kSub, "vm", "60", "2024-02-10")});
  run(ledger, "2024-04-01");
  EXPECT_EQ(billed_to(ledger, "acc-e"), (Texts{"10.00 EUR", "10.00 EUR"}));
  EXPECT_EQ(billed_to(ledger, "acc-j"), (Texts{"1600 JPY"}));
}

TEST(Currencies, OtherCreditIsNotCarriedIntoAnotherCurrency) {
  InMemoryLedger ledger = payers_with_rate();
  ledger.given({granted("promo", kSub, CreditSource::Promotional, "80.00", "2024-01-01"),
                granted("short", kSub, CreditSource::Other, "5.00", "2024-01-01", "2024-01-10")});
  run(ledger, "2024-01-10");
  ledger.at("2024-01-10T12:00:00Z").post({to_yen("2024-01-09")}).then_rejected("CURRENCY_MISMATCH", "/data/toAccount");
  EXPECT_NE(ledger.error()->detail.find("'promo' has 80.00 EUR left"), std::string::npos) << ledger.error()->detail;
  ledger.given({adjusted("promo", "-80.00"), to_yen("2024-01-09")});
  // In one currency it goes along, as before.
  InMemoryLedger same = payers_with_rate();
  same.given({account("acc-f", AccountType::MOSP, "2024-01-01"),
              granted("promo", kSub, CreditSource::Promotional, "80.00", "2024-01-01"),
              transferred(kSub, "acc-e", "acc-f", "2024-01-09")});
}

TEST(Currencies, WithoutARateNothingIsTransferredThatNeedsOne) {
  InMemoryLedger ledger;
  ledger.at("2024-01-01").given(two_payers()).given({monthly_credit("vs", kSub, "50.00", "2024-01-01")});
  ledger.post({to_yen("2024-01-09")}).then_rejected("CURRENCY_MISMATCH", "/data/toAccount");
  ledger.given({rate(kJpy, "160"), to_yen("2024-01-09")});
  InMemoryLedger bought_before;
  bought_before.at("2024-01-01").given(two_payers()).given({reserved("r-1", kSub, "10.00", ReservationPayment::invoice)});
  bought_before.post({to_yen("2024-01-09")}).then_rejected("CURRENCY_MISMATCH", "/data/toAccount");
  InMemoryLedger nothing;
  nothing.at("2024-01-01").given(two_payers()).given({to_yen("2024-01-09")});
}

TEST(Currencies, ASpendingLimitIsReachedByCreditInTheSameCurrency) {
  InMemoryLedger ledger;
  OfferDefined offer;
  offer.offer_id = OfferId("MC");
  offer.name = "MC";
  offer.kind = OfferKind::MonthlyCredit;
  offer.monthly_credit = money("50.00");
  offer.spending_limit = SpendingLimit::On;
  SubscriptionCreated limited = subscription(kSub, "acc-e", "2024-01-01");
  limited.offer_id = offer.offer_id;
  limited.spending_limit = SpendingLimit::On;
  ledger.at("2024-01-01").given({in(account("acc-e", AccountType::MOSP, "2024-01-01"), kEur),
                                 in(account("acc-j", AccountType::MOSP, "2024-01-01"), kJpy),
                                 price("vm", "1.00"), rate(kJpy, "160"), offer, limited});
  run(ledger, "2024-01-10");
  ledger.at("2024-01-10T12:00:00Z").given({to_yen("2024-01-09"), usage(kSub, "vm", "40", "2024-01-10")});
  run(ledger, "2024-01-11");
  EXPECT_EQ(ledger.state().subscription(SubscriptionId(std::string(kSub)))->status, SubscriptionStatus::Active);
  ledger.given({usage(kSub, "vm", "10", "2024-01-11")});
  run(ledger, "2024-01-12");
  const auto reached = ledger.outcome<SpendingLimitReached>();
  ASSERT_EQ(reached.size(), 1u);
  EXPECT_EQ(reached[0].limit, money("8000", "JPY"));
  run(ledger, "2024-03-01");
  EXPECT_TRUE(ledger.invoices().empty());
}

ReservationPurchased monthly(std::string_view id, std::string_view amount, ReservationPayment mode) {
  ReservationPurchased fact = reserved(id, kSub, amount, mode);
  fact.billing_frequency = BillingFrequency::Monthly;
  return fact;
}

TEST(Currencies, InstalmentsAreExchangedOnTheDayOfIssue) {
  for (const ReservationPayment mode : {ReservationPayment::invoice, ReservationPayment::card}) {
    InMemoryLedger ledger = payers_with_rate();
    ledger.given({monthly("r-1", "10.01", mode), rate(kJpy, "150.5", "2024-03-20")});
    run(ledger, "2024-01-10");
    ledger.at("2024-01-10T12:00:00Z").given({to_yen("2024-01-09")});
    run(ledger, "2024-04-10");
    const bool by_card = mode == ReservationPayment::card;
    EXPECT_EQ(billed_to(ledger, "acc-e"), (Texts{"10.01 EUR"}));
    // 1601.6, then 1506.505: on 1 February and 1 March by card, on the 9th of the month after by invoice.
    EXPECT_EQ(billed_to(ledger, "acc-j"),
              by_card ? (Texts{"1602 JPY", "1602 JPY", "1507 JPY"}) : (Texts{"1602 JPY", "1507 JPY"}));
    const Invoice& last = *ledger.invoices().back();
    const InvoiceLine line = ledger.lines(last).at(0);
    EXPECT_EQ(line.value, decimal("1506.505"));
    EXPECT_EQ(line.pricing_currency, kEur);
    EXPECT_EQ(line.exchange_rate, decimal("150.5"));
    const std::vector<Position>& rates = ledger.document(last).issued.manifest.rate_positions;
    ASSERT_EQ(rates.size(), 1u);
    EXPECT_EQ(rates[0], ledger.state().exchange_rates(kEur, kJpy)->on(last.issue_date)->position);
  }
}

InMemoryLedger two_profiles(std::string_view to_rate) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("acc-m", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-m"),
                                 in(profile("p-2", "acc-m"), kUsd), rate(kUsd, to_rate),
                                 in_section(subscription(kSub, "acc-m", "2024-03-01"), "p-1")});
  return ledger;
}

PurchaseCharged in_usd(PurchaseCharged fact) {
  fact.amount.currency = kUsd;
  return fact;
}

TEST(Currencies, InstalmentsPurchasesAndRefundsBetweenProfiles) {
  InMemoryLedger ledger = two_profiles("1.1");
  ledger.at("2024-03-10").given({monthly("r-1", "10.00", ReservationPayment::invoice),
                                 bought("c-0", kSub, PurchaseKind::Marketplace, "50.00", "2024-03-02"),
                                 bought("c-1", kSub, PurchaseKind::Marketplace, "70.00", "2024-03-09")});
  ledger.given({moved(kSub, "p-1", "p-2", "2024-03-04")});
  run(ledger, "2024-04-05");
  EXPECT_EQ(billed_to(ledger, "p-1"), (Texts{"50.00 EUR"}));
  EXPECT_EQ(billed_to(ledger, "p-2"), (Texts{"88.00 USD"}));
  // What was paid in euros comes back where the subscription lies: 22.00 beside an instalment of 11.00 and 30.00.
  ledger.given({refunded("f-1", "c-1", "20.00", "2024-04-05"),
                in_usd(bought("c-2", kSub, PurchaseKind::Marketplace, "30.00", "2024-04-05"))});
  run(ledger, "2024-05-05");
  EXPECT_EQ(billed_to(ledger, "p-2"), (Texts{"88.00 USD", "19.00 USD"}));
}

/// what is taken back is worth what it was billed at, whatever the rate is by then, or is said to have been.
TEST(Currencies, ABilledRowIsTakenBackAtTheRateThatBilledIt) {
  for (const bool has_cost : {true, false}) {
    InMemoryLedger ledger;
    PriceChanged dollars = in(price("vm", "1.00"), kUsd);
    ledger.at("2024-03-05").given({in(account("acc-1", AccountType::MOSP, "2024-03-05"), kEur), dollars,
                                   subscription(kSub, "acc-1", "2024-03-05"),
                                   ExchangeRateChanged{kUsd, kEur, decimal("0.9"), day("2024-01-01")}});
    const auto row = [&](std::string_view id, std::string_view amount, std::string_view on) {
      UsageRecorded fact = has_cost ? in(cost(kSub, amount, on), kUsd) : usage(kSub, "vm", amount, on);
      fact.usage_id = std::string(id);
      return fact;
    };
    ledger.given({row("a", "100", "2024-03-10"), row("b", "10", "2024-03-11")});
    run(ledger, "2024-04-05");
    EXPECT_EQ(billed_to(ledger, "acc-1"), (std::vector<std::string>{"99.00 EUR"}));
    UsageAmended less;
    less.subscription_id = SubscriptionId(std::string(kSub));
    less.usage_id = "b";
    less.reason = "less than thought";
    (has_cost ? less.cost : less.quantity) = decimal("5");
    ledger.given({ExchangeRateChanged{kUsd, kEur, decimal("0.5"), day("2024-04-06")},
                  ExchangeRateChanged{kUsd, kEur, decimal("0.8"), day("2024-01-01")},
                  UsageVoided{less.subscription_id, "a", "never happened"}, less, row("c", "1000", "2024-04-10")});
    run(ledger, "2024-05-05");
    // 1,000 at 0.5, less 105 at 0.9.
    EXPECT_EQ(billed_to(ledger, "acc-1"), (std::vector<std::string>{"99.00 EUR", "405.50 EUR"}));
  }
}

TEST(Currencies, APurchaseIsInTheCurrencyOfItsDay) {
  InMemoryLedger ledger = two_profiles("1.1");
  ledger.at("2024-03-10").given({moved(kSub, "p-1", "p-2", "2024-03-09"), moved(kSub, "p-2", "p-1", "2024-03-20")});
  const auto euro = bought("c-1", kSub, PurchaseKind::Marketplace, "70.00", "2024-03-12");
  ledger.post({euro}).then_rejected("CURRENCY_MISMATCH", "/data/amount/currency");
  ledger.given({in_usd(euro), bought("c-2", kSub, PurchaseKind::Marketplace, "30.00", "2024-03-08")});
  ledger.post({in_usd(bought("c-3", kSub, PurchaseKind::Marketplace, "30.00", "2024-03-21"))})
      .then_rejected("CURRENCY_MISMATCH", "/data/amount/currency");
  run(ledger, "2024-04-05");
  EXPECT_EQ(billed_to(ledger, "p-1"), (Texts{"30.00 EUR"}));
  EXPECT_EQ(billed_to(ledger, "p-2"), (Texts{"70.00 USD"}));
}

/// Nobody can post this any more; a ledger that has it waits for the rate, as usage does.
TEST(Currencies, AChargeWithoutARateWaits) {
  InMemoryLedger ledger;
  ledger.at("2024-01-01").given(two_payers()).given({monthly("r-1", "10.00", ReservationPayment::card)});
  run(ledger, "2024-01-10");
  ledger.record(to_yen("2024-01-09"));
  run(ledger, "2024-02-20");
  EXPECT_EQ(billed_to(ledger, "acc-j"), Texts{});
  ledger.given({rate(kJpy, "160")});
  run(ledger, "2024-02-21");
  EXPECT_EQ(billed_to(ledger, "acc-j"), (Texts{"1600 JPY"}));
}

/// Paid in yen, though it was bought in euros: the same day's transfer was told later.
TEST(Currencies, AReservationIsGivenBackByTheRateThatChargedIt) {
  InMemoryLedger ledger = payers_with_rate();
  run(ledger, "2024-01-10");
  ledger.at("2024-01-10T12:00:00Z")
      .given({reserved("r-1", kSub, "366.00", ReservationPayment::invoice), to_yen("2024-01-05"),
              rate(kJpy, "100", "2024-03-01")});
  run(ledger, "2024-07-11");
  ASSERT_EQ(billed_to(ledger, "acc-j"), (Texts{"58560 JPY"}));
  RefundReservation command;
  command.reservation_id = ReservationId("r-1");
  ledger.when(command);
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  // 183 of 366 days, at 160.
  EXPECT_EQ(billed_to(ledger, "acc-j"), (Texts{"29280 JPY"}));
}

TEST(Currencies, ASupportPlanStaysInItsCurrency) {
  InMemoryLedger ledger = two_profiles("1.1");
  ledger.at("2024-03-10").given({support_plan("plan-1", kSub, "29.00", "2024-03-10")});
  ledger.post({moved(kSub, "p-1", "p-2", "2024-03-15")}).then_rejected("CURRENCY_MISMATCH", "/data/toScope");
}

}  // namespace
}  // namespace daybook::testing
