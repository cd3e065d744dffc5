#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "ledger/domain/commands/runs.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/subscription.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// SC-35 of domain.md 10, and how a free trial ends (3.6).
namespace daybook::testing {
namespace {

/// A MOSP account opened on the day of its free subscription, SC-35.
InMemoryLedger free_account() {
  InMemoryLedger ledger;
  SubscriptionCreated created = subscription("sub-free", "acc-1", "2024-03-01");
  created.offer_id = OfferId("MS-AZR-0044P");
  created.spending_limit = SpendingLimit::On;
  ledger.at("2024-03-01")
      .given({account("acc-1", AccountType::MOSP, "2024-03-01"), created,
              granted("trial", "sub-free", CreditSource::FreeTrial, "200.00", "2024-03-01",
                      "2024-03-31")});
  ledger.at("2024-03-10").given({cost("sub-free", "60.00", "2024-03-09")});
  return ledger;
}

TEST(ScenariosOfTrials, SC_35_AFreeAccountEndsWithItsCredit) {
  InMemoryLedger ledger = free_account();
  ledger.when(AdvanceClock{midnight("2024-03-31"), true});
  const auto expired = ledger.outcome<CreditExpired>();
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].amount, money("140.00"));
  const Subscription* subscription = ledger.state().subscription(SubscriptionId("sub-free"));
  EXPECT_EQ(subscription->status, SubscriptionStatus::Disabled);
  EXPECT_EQ(subscription->status_reason, SuspensionReason::Expired);
  EXPECT_EQ(subscription->status_since, day("2024-03-31"));
  // The lot still covers what is dated before.
  ledger.when(AdvanceClock{midnight("2024-04-01"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  const auto applied = ledger.outcome<CreditApplied>();
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied[0].amount, money("60.00"));
}

TEST(ScenariosOfTrials, SC_35_WithTheSpendingLimitRemovedAFreeAccountBecomesPayAsYouGo) {
  InMemoryLedger ledger = free_account();
  const SubscriptionId id("sub-free");
  ledger.given({SpendingLimitRemoved{id, std::nullopt}});
  ledger.when(AdvanceClock{midnight("2024-03-30"), true});
  EXPECT_EQ(ledger.state().subscription(id)->offer_id, OfferId("MS-AZR-0044P"));
  ledger.when(AdvanceClock{midnight("2024-03-31"), true});
  EXPECT_EQ(ledger.state().subscription(id)->status, SubscriptionStatus::Active);
  EXPECT_EQ(ledger.state().subscription(id)->offer_id, OfferId("MS-AZR-0003P"));
  EXPECT_EQ(ledger.outcome<OfferUpgraded>(),
            (std::vector{OfferUpgraded{id, OfferId("MS-AZR-0044P"), OfferId("MS-AZR-0003P")}}));
  ledger.when(RunInvoicing{day("2024-03-31")}).then_nothing();
}

TEST(ScenariosOfTrials, ATrialThatOutlivedItsCreditIsNotEndedByALimitThatWasToComeBack) {
  // The limit is away until 1 April, the trial ends on 31 March, and all of its credit is used.
  InMemoryLedger ledger = free_account();
  ledger.given({SpendingLimitRemoved{SubscriptionId("sub-free"), SpendingLimitMode::currentPeriod},
                cost("sub-free", "190.00", "2024-03-09")});
  ledger.when(AdvanceClock{midnight("2024-04-01"), true});
  const Subscription* subscription = ledger.state().subscription(SubscriptionId("sub-free"));
  EXPECT_EQ(subscription->offer_id, OfferId("MS-AZR-0003P"));
  EXPECT_EQ(subscription->spending_limit, SpendingLimit::Off);
  EXPECT_EQ(subscription->status, SubscriptionStatus::Active);
  ledger.when(RunInvoicing{day("2024-04-01")}).then_nothing();
}

TEST(ScenariosOfTrials, OneThatEndedWithItsLimitIsNotUpgradedByRunsAfterTheLimitWasRemoved) {
  for (const std::string_view used : {"20.00", "140.00"}) {
    InMemoryLedger ledger = free_account();
    ledger.given({cost("sub-free", used, "2024-03-09")});
    ledger.when(AdvanceClock{midnight("2024-03-11"), true});  // 140.00: the limit is reached
    ledger.when(AdvanceClock{midnight("2024-05-10"), true});
    const Subscription* subscription = ledger.state().subscription(SubscriptionId("sub-free"));
    ASSERT_EQ(subscription->status, SubscriptionStatus::Disabled) << used;
    ledger.given({SpendingLimitRemoved{SubscriptionId("sub-free"), std::nullopt}});
    EXPECT_EQ(subscription->status, SubscriptionStatus::Active) << used;
    ledger.when(RunInvoicing{day("2024-05-10")});
    EXPECT_TRUE(ledger.outcome<OfferUpgraded>().empty()) << used;
  }
}

}  // namespace
}  // namespace daybook::testing
