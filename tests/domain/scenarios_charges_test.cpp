#include <gtest/gtest.h>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/provider.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"
#include "tests/support/move_facts.h"

/// Acceptance scenarios of domain.md 10 about credit and spending limits, by their numbers, and the
/// rules beside them.
namespace daybook::testing {
namespace {

/// A Visual Studio subscription of 5 March with 150.00 a month, in the account of SC-03.
InMemoryLedger with_monthly_credit(std::string_view used,
                                   SpendingLimit limit = SpendingLimit::Off) {
  InMemoryLedger ledger;
  SubscriptionCreated created = subscription("sub-vs", "acc-1", "2024-03-05");
  created.offer_id = OfferId("MS-AZR-0063P");
  created.spending_limit = limit;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), created,
              monthly_credit("vs", "sub-vs", "150.00", "2024-03-05")});
  ledger.at("2024-03-20").given({cost("sub-vs", used, "2024-03-19")});
  return ledger;
}

NoInvoiceReason reason_of(const InMemoryLedger& ledger, std::string_view start) {
  const BilledPeriod* billed = ledger.state().billed_period(
      ScopeRef(SubscriptionId("sub-vs")), InvoiceType::AzureServices, day(start));
  EXPECT_NE(billed, nullptr);
  return billed != nullptr && billed->reason ? *billed->reason : NoInvoiceReason::NotYetInvoiced;
}

TEST(ScenariosOfCharges, SC_31_BelowTheMonthlyCreditThereIsNoInvoice) {
  InMemoryLedger ledger = with_monthly_credit("149.99");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  EXPECT_EQ(reason_of(ledger, "2024-03-05"), NoInvoiceReason::WithinCredit);
  const auto applied = ledger.outcome<CreditApplied>();
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied[0].lot_id, LotId("vs"));
  EXPECT_EQ(applied[0].amount, money("149.99"));
  EXPECT_FALSE(applied[0].invoice_id);
}

TEST(ScenariosOfCharges, SC_32_ExactlyTheMonthlyCreditIsWithinIt) {
  InMemoryLedger ledger = with_monthly_credit("150.00");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  EXPECT_EQ(reason_of(ledger, "2024-03-05"), NoInvoiceReason::WithinCredit);
}

TEST(ScenariosOfCharges, SC_33_WhatExceedsTheMonthlyCreditIsInvoiced) {
  InMemoryLedger ledger = with_monthly_credit("150.01");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.billed, money("150.01"));
  EXPECT_EQ(totals.free_azure_credit_applied, money("150.00"));
  EXPECT_EQ(totals.credit_applied, money("150.00"));
  EXPECT_EQ(totals.sub_total, money("0.01"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[0])[0].credit, money("150.00"));
}

TEST(ScenariosOfCharges, SC_34_CreditDoesNotCoverMarketplace) {
  InMemoryLedger ledger = with_monthly_credit("20.00");
  UsageRecorded market = cost("sub-vs", "5.00", "2024-03-19");
  market.publisher_type = PublisherType::Marketplace;
  ledger.given({market});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->type, InvoiceType::AzureMarketplace);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-04-09"));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("5.00"));
}

/// T-MOSP-12: nothing is carried over.
TEST(ScenariosOfCharges, MonthlyCreditIsRenewedEveryPeriodAndNotCarriedOver) {
  InMemoryLedger ledger = with_monthly_credit("20.00");
  ledger.at("2024-04-20").given({cost("sub-vs", "200.00", "2024-04-19")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  const auto renewed = ledger.outcome<MonthlyCreditRenewed>();
  ASSERT_EQ(renewed.size(), 2u);
  EXPECT_EQ(renewed[0].lot_id, LotId("vs.2024-04-05"));
  EXPECT_EQ(renewed[0].previous_lot_id, LotId("vs"));
  EXPECT_EQ(renewed[0].period, period("2024-04-05", "2024-05-05"));
  EXPECT_EQ(renewed[1].lot_id, LotId("vs.2024-05-05"));
  const auto expired = ledger.outcome<CreditExpired>();
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].amount, money("130.00"));
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("50.00"));
}

TEST(ScenariosOfCharges, SC_36_ReachingTheSpendingLimitDisablesUntilTheNextPeriod) {
  InMemoryLedger ledger = with_monthly_credit("0.00", SpendingLimit::On);
  ledger.given({cost("sub-vs", "149.99", "2024-03-19")});
  ledger.when(AdvanceClock{midnight("2024-03-20"), true});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-vs"))->status,
            SubscriptionStatus::Active);
  ledger.at("2024-03-21").given({cost("sub-vs", "0.01", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-03-21"), true});
  const auto reached = ledger.outcome<SpendingLimitReached>();
  ASSERT_EQ(reached.size(), 1u);
  EXPECT_EQ(reached[0].limit, money("150.00"));
  EXPECT_EQ(reached[0].period, period("2024-03-05", "2024-04-05"));
  const Subscription* subscription = ledger.state().subscription(SubscriptionId("sub-vs"));
  EXPECT_EQ(subscription->status, SubscriptionStatus::Disabled);
  EXPECT_EQ(subscription->status_reason, SuspensionReason::SpendingLimitReached);
  EXPECT_EQ(subscription->status_since, day("2024-03-21"));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const auto reenabled = ledger.outcome<SubscriptionReenabled>();
  ASSERT_EQ(reenabled.size(), 1u);
  EXPECT_EQ(reenabled[0].effective_on, day("2024-04-05"));
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
}

/// with the limit on, nothing beyond the credit is billed.
TEST(ScenariosOfCharges, NothingBeyondTheSpendingLimitIsBilled) {
  InMemoryLedger ledger = with_monthly_credit("180.00", SpendingLimit::On);
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  EXPECT_EQ(reason_of(ledger, "2024-03-05"), NoInvoiceReason::WithinCredit);
}

TEST(ScenariosOfCharges, RemovingTheSpendingLimitReenablesAtOnceAndComesBackWithTheNextPeriod) {
  InMemoryLedger ledger = with_monthly_credit("180.00", SpendingLimit::On);
  ledger.when(AdvanceClock{midnight("2024-03-21"), true});
  const SubscriptionId id("sub-vs");
  ledger.at("2024-03-22")
      .post({SpendingLimitRemoved{id, SpendingLimitMode::currentPeriod}})
      .then({SubscriptionReenabled{
          id, SuspensionReason::SpendingLimitReached, {}, day("2024-03-22")}});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(ledger.outcome<SpendingLimitRestored>().size(), 1u);
  EXPECT_EQ(ledger.state().subscription(id)->spending_limit, SpendingLimit::On);
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("30.00"));
}

TEST(ScenariosOfCharges, SC_37_CreditComesAfterReturnsAndBeforeTax) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({vat(), account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-01"), "p-1"),
              profile_credit("promo", "p-1", "200.00", "2024-03-01")})
      .given({cost("sub-01", "1000.00", "2024-03-10"),
              cost("sub-01", "-50.00", "2024-03-11", ChargeType::Refund)});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.billed, money("1000.00"));
  EXPECT_EQ(totals.credits, money("50.00"));
  EXPECT_EQ(totals.credit_applied, money("200.00"));
  EXPECT_EQ(totals.sub_total, money("750.00"));
  EXPECT_EQ(totals.tax, money("157.50"));
  EXPECT_EQ(totals.total, money("907.50"));
}

TEST(ScenariosOfCharges, SC_38_CreditIsSplitOverSectionsInProportion) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              section("a", "p-1"), section("b", "p-1"),
              in_section(subscription("sub-a", "acc-2", "2024-03-01"), "a"),
              in_section(subscription("sub-b", "acc-2", "2024-03-01"), "b"),
              profile_credit("promo", "p-1", "200.00", "2024-03-01")})
      .given({cost("sub-a", "400.00", "2024-03-10"), cost("sub-b", "600.00", "2024-03-11")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued& issued = ledger.document(*ledger.invoices()[0]).issued;
  ASSERT_EQ(issued.sections.size(), 2u);
  EXPECT_EQ(issued.sections[0].credit, money("80.00"));
  EXPECT_EQ(issued.sections[0].total, money("320.00"));
  EXPECT_EQ(issued.sections[1].credit, money("120.00"));
  EXPECT_EQ(issued.sections[1].total, money("480.00"));
  EXPECT_EQ(issued.totals.sub_total, money("800.00"));
}

/// 2.8 step 6: by expiry, and each only for what is dated in its days.
TEST(ScenariosOfCharges, LotsAreUsedByExpiryAndCoverTheirOwnDaysAlone) {
  InMemoryLedger ledger;
  CreditGranted late = profile_credit("late", "p-1", "100.00", "2024-03-16");
  CreditGranted early = profile_credit("early", "p-1", "50.00", "2024-03-01");
  early.expires_on = day("2024-03-16");
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-01"), "p-1"), late, early})
      .given({cost("sub-01", "30.00", "2024-03-15"), cost("sub-01", "40.00", "2024-03-16")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 0);
  const auto applied = ledger.outcome<CreditApplied>();
  ASSERT_EQ(applied.size(), 2u);
  EXPECT_EQ(applied[0].lot_id, LotId("early"));
  EXPECT_EQ(applied[0].amount, money("30.00"));
  EXPECT_EQ(applied[1].lot_id, LotId("late"));
  EXPECT_EQ(applied[1].amount, money("40.00"));
  const auto expired = ledger.outcome<CreditExpired>();
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].amount, money("20.00"));
}

TEST(ScenariosOfCharges, AnOfferWithCreditGrantsItToNewSubscriptions) {
  OfferDefined offer;
  offer.offer_id = OfferId("club");
  offer.name = "Club";
  offer.kind = OfferKind::MonthlyCredit;
  offer.monthly_credit = money("25.00");
  offer.spending_limit = SpendingLimit::On;
  SubscriptionCreated created = subscription("sub-c", "acc-1", "2024-03-05");
  created.offer_id = offer.offer_id;
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-02-02"), offer});
  ledger.post({created}).then({CreditGranted{ScopeType::Subscription, ScopeId("sub-c"),
                                             LotId("sub-c-credit"), CreditSource::MonthlyCredit,
                                             money("25.00"), day("2024-03-05"), std::nullopt}});
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-c"))->spending_limit,
            SpendingLimit::On);
}

OfferDefined club() {
  OfferDefined offer;
  offer.offer_id = OfferId("club");
  offer.name = "Club";
  offer.kind = OfferKind::MonthlyCredit;
  offer.monthly_credit = money("25.00");
  return offer;
}

SubscriptionCreated of_club(SubscriptionCreated fact) {
  fact.offer_id = OfferId("club");
  return fact;
}

TEST(ScenariosOfCharges, TheCreditOfAnOfferEndsWithItsSubscriptionOnAProfileToo) {
  for (const bool deleted : {true, false}) {
    InMemoryLedger ledger;
    ledger.at("2024-03-05")
        .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"), club()})
        .given({of_club(in_section(subscription("sub-c", "acc-2", "2024-03-05"), "p-1"))});
    ledger.when(AdvanceClock{midnight("2024-04-01"), true});
    ASSERT_EQ(ledger.outcome<MonthlyCreditRenewed>().size(), 1u);
    EXPECT_EQ(ledger.outcome<MonthlyCreditRenewed>()[0].scope_id, ScopeId("p-1"));
    ledger.at("2024-04-10").given(
        {SubscriptionCancelled{SubscriptionId("sub-c"), "gone", day("2024-04-10")}});
    if (deleted) ledger.given({SubscriptionDeleted{SubscriptionId("sub-c"), "gone"}});
    ledger.when(AdvanceClock{midnight("2024-07-01"), true});
    EXPECT_TRUE(ledger.outcome<MonthlyCreditRenewed>().empty());
  }
}

/// 1.6: pay-as-you-go has no credit. What the running period was given stays till its end.
TEST(ScenariosOfCharges, AnUpgradeToPayAsYouGoEndsTheMonthlyCredit) {
  const OfferId pay_as_you_go("MS-AZR-0003P");
  for (const bool posted : {true, false}) {
    InMemoryLedger ledger;
    SubscriptionCreated created = subscription("sub-c", "acc-1", "2024-03-05");
    created.offer_id = OfferId(posted ? "MS-AZR-0063P" : "club");
    ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-03-05"), club(), created});
    if (posted) ledger.given({monthly_credit("vs", "sub-c", "25.00", "2024-03-05")});
    ledger.when(AdvanceClock{midnight("2024-04-10"), true});
    ledger.given({OfferUpgraded{SubscriptionId("sub-c"), created.offer_id, pay_as_you_go},
                  cost("sub-c", "40.00", "2024-04-10")});
    ledger.when(AdvanceClock{midnight("2024-05-10"), true});
    EXPECT_TRUE(ledger.outcome<MonthlyCreditRenewed>().empty());
    ledger.given({cost("sub-c", "40.00", "2024-05-10")});
    ledger.when(AdvanceClock{midnight("2024-06-05"), true});
    ASSERT_EQ(ledger.invoices().size(), 2u);
    EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("15.00"));
    EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("40.00"));
  }
}

TEST(ScenariosOfCharges, AnUpgradeEndsTheMonthlyCreditOfAProfileToo) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"), club()})
      .given({of_club(in_section(subscription("sub-c", "acc-2", "2024-03-05"), "p-1")),
              of_club(in_section(subscription("sub-d", "acc-2", "2024-03-05"), "p-1"))});
  ledger.given({OfferUpgraded{SubscriptionId("sub-c"), OfferId("club"), OfferId("MS-AZR-0003P")}});
  ledger.when(AdvanceClock{midnight("2024-04-01"), true});
  const auto renewed = ledger.outcome<MonthlyCreditRenewed>();
  ASSERT_EQ(renewed.size(), 1u);
  EXPECT_EQ(renewed[0].previous_lot_id, LotId("sub-d-credit"));
}

/// Another offer with monthly credit: what was granted goes on.
TEST(ScenariosOfCharges, AnUpgradeToAnotherOfferWithMonthlyCreditKeepsIt) {
  InMemoryLedger ledger = with_monthly_credit("20.00");
  ledger.given({OfferUpgraded{SubscriptionId("sub-vs"), ledger.state().subscription(SubscriptionId("sub-vs"))->offer_id,
                              OfferId("MS-AZR-0063P")}});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(ledger.outcome<MonthlyCreditRenewed>().size(), 1u);
}

TEST(ScenariosOfCharges, TheCreditOfAnOfferFollowsItsSubscription) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              profile("p-2", "acc-2"), club()})
      .given({of_club(in_section(subscription("sub-c", "acc-2", "2024-03-05"), "p-1"))});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ledger.post({moved("sub-c", "p-1", "p-2", "2024-04-11")})
      .then({CreditGranted{ScopeType::Profile, ScopeId("p-2"), LotId("sub-c-credit-2024-04-11"),
                           CreditSource::MonthlyCredit, money("25.00"), day("2024-04-11"),
                           std::nullopt}});
  ledger.when(AdvanceClock{midnight("2024-05-01"), true});
  const auto renewed = ledger.outcome<MonthlyCreditRenewed>();
  ASSERT_EQ(renewed.size(), 1u);
  EXPECT_EQ(renewed[0].scope_id, ScopeId("p-2"));
  EXPECT_EQ(renewed[0].lot_id, LotId("sub-c-credit-2024-04-11.2024-05-01"));
}

TEST(ScenariosOfCharges, ATransferResetsTheMonthlyCreditOnItsDay) {
  // T-MOSP-12: accepted 9 September, every 9th; by R-61 from the day after.
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-03-05"),
              account("acc-2", AccountType::MOSP, "2024-03-05"),
              subscription("sub-v", "acc-1", "2024-03-05"),
              monthly_credit("vs", "sub-v", "150.00", "2024-03-05")});
  ledger.when(AdvanceClock{midnight("2024-09-09"), true});
  ledger.given({cost("sub-v", "40.00", "2024-09-06"),
                transferred("sub-v", "acc-1", "acc-2", "2024-09-09")});
  ledger.when(AdvanceClock{midnight("2024-09-10"), true});
  auto renewed = ledger.outcome<MonthlyCreditRenewed>();
  ASSERT_EQ(renewed.size(), 1u);
  EXPECT_EQ(renewed[0].period, period("2024-09-10", "2024-10-09"));
  ledger.given({cost("sub-v", "150.00", "2024-09-20")});
  ledger.when(AdvanceClock{midnight("2024-10-09"), true});
  renewed = ledger.outcome<MonthlyCreditRenewed>();
  ASSERT_EQ(renewed.size(), 1u);
  EXPECT_EQ(renewed[0].period, period("2024-10-09", "2024-11-09"));
  // The old owner's 110.00 that are left are nobody's: each period has its own 150.00.
  ledger.given({cost("sub-v", "150.01", "2024-10-20")});
  ledger.when(AdvanceClock{midnight("2024-12-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("0.01"));
}

TEST(CreditFacts, AreRefusedWithTheirCodes) {
  InMemoryLedger ledger = with_monthly_credit("1.00");
  const auto lot = [](std::string_view id) { return monthly_credit(id, "sub-vs", "10.00", "2024-03-05"); };
  ledger.post({lot("vs")}).then_rejected("ALREADY_EXISTS", "/data/lotId");
  CreditGranted empty = lot("a");
  empty.expires_on = empty.start_on;
  ledger.post({empty}).then_rejected("EXPIRED_LOT", "/data/expiresOn");
  CreditGranted dollars = lot("b");
  dollars.amount = money("10.00", "USD");
  ledger.post({dollars}).then_rejected("CURRENCY_MISMATCH", "/data/amount/currency");
  CreditGranted nothing = lot("c");
  nothing.amount = money("0.00");
  ledger.post({nothing}).then_rejected("INVALID_AMOUNT", "/data/amount/amount");
  ledger.post({monthly_credit("d", "sub-no", "10.00", "2024-03-05")})
      .then_rejected("UNKNOWN_REFERENCE", "/data/scopeId");
  CreditGranted section = lot("e");
  section.scope_type = ScopeType::Section;
  ledger.post({section}).then_rejected("INVALID_FIELD", "/data/scopeType");

  ledger.post({adjusted("no-lot", "1.00")}).then_rejected("UNKNOWN_REFERENCE", "/data/lotId");
  ledger.post({adjusted("vs", "-150.01")})
      .then_rejected("AMOUNT_OUT_OF_RANGE", "/data/amount/amount");
  ledger.post({adjusted("vs", "-50.00")}).then_nothing();
  EXPECT_EQ(ledger.state().find<CreditLot>("vs")->left_minor, 10000);
  ledger.at("2024-04-05").post({adjusted("vs", "1.00")}).then_rejected("EXPIRED_LOT", "/data/lotId");
}

TEST(OfferFacts, AreRefusedWithTheirCodes) {
  InMemoryLedger ledger = with_monthly_credit("1.00");
  OfferDefined offer;
  offer.offer_id = OfferId("club");
  offer.name = "Club";
  offer.trial_days = 0;
  ledger.post({offer}).then_rejected("INVALID_FIELD", "/data/trialDays");
  offer.trial_days.reset();
  ledger.post({offer}, "contoso").then_rejected("FORBIDDEN");
  const SubscriptionId id("sub-vs");
  ledger.post({OfferUpgraded{id, OfferId("other"), OfferId("MS-AZR-0003P")}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/fromOffer");
  ledger.post({SpendingLimitRemoved{SubscriptionId("no"), std::nullopt}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/subscriptionId");
  ledger.post({SpendingLimitRestored{SubscriptionId("no"), std::nullopt}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/subscriptionId");
}

}  // namespace
}  // namespace daybook::testing
