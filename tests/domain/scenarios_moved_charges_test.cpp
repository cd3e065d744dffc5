#include <gtest/gtest.h>

#include "tests/support/charge_facts.h"
#include "tests/support/issued.h"
#include "tests/support/move_facts.h"

/// Purchases, reservations, credit and limits of a subscription that moves in the middle of a
/// period: what is dated before stands with where it was, the rest with where it is.
namespace daybook::testing {
namespace {

/// A document by its day, its type, who pays it, and what it comes to before tax.
struct Paid {
  std::string date;
  InvoiceType type = InvoiceType::AzureServices;
  std::string account;
  std::string amount;
  friend bool operator==(const Paid&, const Paid&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Paid& paid) {
    return out << paid.date << ' ' << wire_name(paid.type) << ' ' << paid.account << ' '
               << paid.amount;
  }
};

/// All documents over more than nothing.
std::vector<Paid> paid(const InMemoryLedger& ledger) {
  std::vector<Paid> result;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->total_minor == 0) continue;
    result.push_back({invoice->issue_date.text(), invoice->type, invoice->account_id.text(),
                      ledger.document(*invoice).issued.totals.sub_total.amount_text()});
  }
  return result;
}

constexpr InvoiceType kMarket = InvoiceType::AzureMarketplace;
constexpr InvoiceType kProfile = InvoiceType::Profile;

ReservationPurchased monthly(std::string_view id, ReservationPayment mode) {
  ReservationPurchased fact = reserved(id, "sub-01", "100.00", mode);
  fact.billing_frequency = BillingFrequency::Monthly;
  fact.term_months = 4;
  return fact;
}

InMemoryLedger two_accounts(ReservationPayment mode) {
  InMemoryLedger ledger;
  ledger.at("2024-03-10")
      .given({account("acc-1", AccountType::MOSP, "2024-03-02"),
              account("acc-2", AccountType::MOSP, "2024-03-02"),
              subscription("sub-01", "acc-1", "2024-03-05"), card("card-1", "acc-1", {"sub-01"})})
      .given({monthly("r-1", mode)});
  return ledger;
}

void run(InMemoryLedger& ledger, std::string_view through) {
  ledger.when(AdvanceClock{midnight(through), true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

TEST(MovedCharges, InstalmentsAfterAnUpgradeStandOnTheProfilesInvoice) {
  for (const ReservationPayment mode : {ReservationPayment::card, ReservationPayment::invoice}) {
    InMemoryLedger ledger = two_accounts(mode);
    run(ledger, "2024-04-15");
    ledger.given({upgraded("acc-1", AccountType::MOSP, "2024-04-15", {created("p-1", {"sub-01"})})});
    run(ledger, "2024-08-09");
    const bool by_card = mode == ReservationPayment::card;
    EXPECT_EQ(paid(ledger), (std::vector<Paid>{
                                {by_card ? "2024-03-10" : "2024-04-09", kMarket, "acc-1", "100.00"},
                                {by_card ? "2024-04-10" : "2024-05-09", kMarket, "acc-1", "100.00"},
                                {"2024-06-09", kProfile, "acc-1", "100.00"},
                                {"2024-07-09", kProfile, "acc-1", "100.00"}}));
  }
}

TEST(MovedCharges, InstalmentsAfterATransferAreTheNewAccounts) {
  for (const ReservationPayment mode : {ReservationPayment::card, ReservationPayment::invoice}) {
    InMemoryLedger ledger = two_accounts(mode);
    run(ledger, "2024-04-20");
    ledger.given({transferred("sub-01", "acc-1", "acc-2", "2024-04-20")});
    run(ledger, "2024-08-09");
    const bool by_card = mode == ReservationPayment::card;
    EXPECT_EQ(paid(ledger), (std::vector<Paid>{
                                {by_card ? "2024-03-10" : "2024-04-09", kMarket, "acc-1", "100.00"},
                                {by_card ? "2024-04-10" : "2024-05-09", kMarket, "acc-1", "100.00"},
                                {by_card ? "2024-05-10" : "2024-06-09", kMarket, "acc-2", "100.00"},
                                {by_card ? "2024-06-10" : "2024-07-09", kMarket, "acc-2",
                                 "100.00"}}));
  }
}

InMemoryLedger two_profiles() {
  InMemoryLedger ledger;
  ledger.at("2024-03-10")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
              profile("p-2", "acc-1"),
              in_section(subscription("sub-01", "acc-1", "2024-03-05"), "p-1")});
  return ledger;
}

/// What each profile was charged, invoice by invoice.
std::vector<std::string> charged(const InMemoryLedger& ledger, std::string_view profile) {
  std::vector<std::string> result;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->scope.id == profile)
      result.push_back(ledger.document(*invoice).issued.totals.sub_total.amount_text());
  }
  return result;
}

TEST(MovedCharges, EachProfileHasTheInstalmentsOfItsOwnDays) {
  InMemoryLedger ledger = two_profiles();
  ledger.given({monthly("r-1", ReservationPayment::invoice)});
  run(ledger, "2024-04-20");
  ledger.given({moved("sub-01", "p-1", "p-2", "2024-04-20")});
  run(ledger, "2024-08-05");
  EXPECT_EQ(charged(ledger, "p-1"),
            (std::vector<std::string>{"100.00", "100.00", "0.00", "0.00", "0.00"}));
  EXPECT_EQ(charged(ledger, "p-2"),
            (std::vector<std::string>{"0.00", "0.00", "100.00", "100.00", "0.00"}));
}

TEST(MovedCharges, APurchaseStandsWithWhoHadTheSubscriptionOnItsDay) {
  // One of before is posted after, one of after is posted before the move is known.
  InMemoryLedger ledger = two_profiles();
  run(ledger, "2024-03-22");
  ledger.given({bought("after", "sub-01", PurchaseKind::Licence, "7.00", "2024-03-22")});
  ledger.given({moved("sub-01", "p-1", "p-2", "2024-03-20")});
  ledger.given({bought("before", "sub-01", PurchaseKind::Licence, "5.00", "2024-03-19")});
  run(ledger, "2024-04-05");
  EXPECT_EQ(charged(ledger, "p-1"), (std::vector<std::string>{"5.00"}));
  EXPECT_EQ(charged(ledger, "p-2"), (std::vector<std::string>{"7.00"}));
}

/// Section, kind and value of every charge of a profile's invoices that is none of usage.
std::vector<std::string> in_sections(const InMemoryLedger& ledger, std::string_view profile) {
  std::vector<std::string> result;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->scope.id != profile) continue;
    for (const InvoiceLine& line : ledger.lines(*invoice)) {
      if (line.meter_id) continue;
      result.push_back((line.section_id ? line.section_id->text() : "none") + " " +
                       std::string(wire_name(line.charge_type)) + " " + line.value.to_string());
    }
  }
  return result;
}

TEST(MovedCharges, AChargeStandsInTheSectionOfItsOwnDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-10")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
              profile("p-2", "acc-1"), section("a", "p-1"), section("b", "p-1"),
              section("c", "p-2"), in_section(subscription("sub-01", "acc-1", "2024-03-05"), "a")});
  ledger.given({monthly("r-1", ReservationPayment::invoice),
                bought("c-1", "sub-01", PurchaseKind::Licence, "5.00", "2024-03-10")});
  run(ledger, "2024-03-20");
  ledger.given({moved("sub-01", "a", "b", "2024-03-20"),
                bought("c-2", "sub-01", PurchaseKind::Licence, "7.00", "2024-03-20")});
  run(ledger, "2024-03-25");
  ledger.given({refunded("c-3", "c-1", "2.00", "2024-03-25"),
                moved("sub-01", "b", "c", "2024-03-30"),
                bought("c-4", "sub-01", PurchaseKind::Licence, "9.00", "2024-03-30")});
  run(ledger, "2024-05-05");
  EXPECT_EQ(in_sections(ledger, "p-1"),
            (std::vector<std::string>{"a Purchase 100", "a Purchase 5", "b Purchase 7",
                                      "b Refund -2"}));
  EXPECT_EQ(in_sections(ledger, "p-2"),
            (std::vector<std::string>{"c Purchase 9", "c Purchase 100"}));
}

TEST(MovedCharges, OnItsFirstDayAPurchaseIsOfTheNewPlaceHoweverOftenItMoves) {
  // A move on the day of creation, and two on one day: a place of no days has no charges.
  InMemoryLedger ledger = two_profiles();
  ledger.given({profile("p-3", "acc-1"),
                bought("first", "sub-01", PurchaseKind::Licence, "5.00", "2024-03-05"),
                moved("sub-01", "p-1", "p-2", "2024-03-05")});
  ledger.given({bought("c-1", "sub-01", PurchaseKind::Licence, "7.00", "2024-03-10"),
                refunded("c-2", "c-1", "1.00", "2024-03-10"),
                monthly("r-1", ReservationPayment::invoice),
                moved("sub-01", "p-2", "p-1", "2024-03-10"), moved("sub-01", "p-1", "p-3", "2024-03-10")});
  run(ledger, "2024-04-05");
  EXPECT_EQ(charged(ledger, "p-1"), (std::vector<std::string>{"0.00"}));
  EXPECT_EQ(charged(ledger, "p-2"), (std::vector<std::string>{"5.00"}));
  EXPECT_EQ(charged(ledger, "p-3"), (std::vector<std::string>{"106.00"}));
}

TEST(MovedCharges, ASupportTermIsOfTheProfileOfItsFirstDay) {
  InMemoryLedger ledger = two_profiles();
  SubscriptionCreated own = in_section(subscription("sub-s", "acc-1", "2024-03-10"), "p-1");
  own.offer_id = OfferId("MS-AZR-0041P");
  ledger.given({own, support_plan("plan-1", "sub-s", "30.00", "2024-03-10")});
  run(ledger, "2024-03-20");
  ledger.given({moved("sub-s", "p-1", "p-2", "2024-03-20")});
  run(ledger, "2024-05-05");
  EXPECT_EQ(charged(ledger, "p-1"), (std::vector<std::string>{"30.00", "0.00"}));
  EXPECT_EQ(charged(ledger, "p-2"), (std::vector<std::string>{"0.00", "30.00"}));
}

TEST(MovedCharges, ARefundComesToTheSameAccountWhereItsSubscriptionLies) {
  InMemoryLedger ledger = two_profiles();
  ledger.given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-12")});
  run(ledger, "2024-04-05");
  ledger.given({moved("sub-01", "p-1", "p-2", "2024-04-06"), cost("sub-01", "80.00", "2024-04-07")});
  ledger.given({refunded("c-2", "c-1", "20.00", "2024-04-08")});
  run(ledger, "2024-05-05");
  EXPECT_EQ(charged(ledger, "p-1"), (std::vector<std::string>{"50.00", "0.00"}));
  EXPECT_EQ(charged(ledger, "p-2"), (std::vector<std::string>{"0.00", "60.00"}));
}

TEST(MovedCharges, MarketplaceOfAMonthIsCutByATransfer) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-03-02"),
              account("acc-2", AccountType::MOSP, "2024-03-02"),
              subscription("sub-01", "acc-1", "2024-03-05")});
  ledger.given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "5.00", "2024-03-10")});
  run(ledger, "2024-03-20");
  ledger.given({transferred("sub-01", "acc-1", "acc-2", "2024-03-20")});
  run(ledger, "2024-03-25");
  ledger.given({bought("c-2", "sub-01", PurchaseKind::Marketplace, "7.00", "2024-03-25")});
  run(ledger, "2024-05-09");
  EXPECT_EQ(paid(ledger), (std::vector<Paid>{{"2024-04-09", kMarket, "acc-1", "5.00"},
                                             {"2024-04-09", kMarket, "acc-2", "7.00"}}));
}

TEST(MovedCharges, ASpendingLimitCountsTheNewOwnersPeriodAlone) {
  InMemoryLedger ledger;
  SubscriptionCreated limited = subscription("sub-v", "acc-1", "2024-03-05");
  limited.spending_limit = SpendingLimit::On;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-03-05"),
              account("acc-2", AccountType::MOSP, "2024-03-05"), limited,
              monthly_credit("vs", "sub-v", "150.00", "2024-03-05")});
  run(ledger, "2024-03-20");
  ledger.given({cost("sub-v", "100.00", "2024-03-19"),
                transferred("sub-v", "acc-1", "acc-2", "2024-03-20")});
  run(ledger, "2024-03-22");
  ledger.given({cost("sub-v", "149.99", "2024-03-21")});
  run(ledger, "2024-03-24");
  const auto status = [&] {
    return ledger.state().subscription(SubscriptionId("sub-v"))->status;
  };
  EXPECT_EQ(status(), SubscriptionStatus::Active);
  ledger.given({cost("sub-v", "0.01", "2024-03-24")});
  run(ledger, "2024-03-25");
  EXPECT_EQ(status(), SubscriptionStatus::Disabled);
  run(ledger, "2024-04-20");
  EXPECT_EQ(status(), SubscriptionStatus::Active);
}

TEST(MovedCharges, CreditOfAProfileCoversTheDaysSpentInIt) {
  InMemoryLedger ledger = two_profiles();
  ledger.given({profile_credit("promo", "p-1", "30.00", "2024-03-01")});
  run(ledger, "2024-03-20");
  ledger.given({cost("sub-01", "40.00", "2024-03-12"),
                moved("sub-01", "p-1", "p-2", "2024-03-20")});
  ledger.given({cost("sub-01", "25.00", "2024-03-20")});
  run(ledger, "2024-04-05");
  EXPECT_EQ(charged(ledger, "p-1"), (std::vector<std::string>{"10.00"}));
  EXPECT_EQ(charged(ledger, "p-2"), (std::vector<std::string>{"25.00"}));
}

TEST(MovedCharges, SupportTermsOfAnUpgradedAccountStandOnceEach) {
  InMemoryLedger ledger;
  SubscriptionCreated of_plan = subscription("sup", "acc-1", "2024-03-28");
  of_plan.offer_id = OfferId("MS-AZR-0041P");
  ledger.at("2024-03-28").given({account("acc-1", AccountType::MOSP, "2024-02-02"), of_plan});
  ledger.given({support_plan("plan-1", "sup", "100.00", "2024-03-28")});
  run(ledger, "2024-05-10");
  ledger.given({upgraded("acc-1", AccountType::MOSP, "2024-05-10", {created("p-1", {"sup"})})});
  run(ledger, "2024-07-09");
  EXPECT_EQ(paid(ledger),
            (std::vector<Paid>{{"2024-03-28", InvoiceType::AzureSupport, "acc-1", "100.00"},
                               {"2024-05-02", InvoiceType::AzureSupport, "acc-1", "100.00"},
                               {"2024-06-09", kProfile, "acc-1", "100.00"},
                               {"2024-07-09", kProfile, "acc-1", "100.00"}}));
}

}  // namespace
}  // namespace daybook::testing
