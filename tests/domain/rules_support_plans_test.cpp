#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/facts/support_plan.h"
#include "tests/support/billing_facts.h"

/// Support plans end with their own subscription (PRD-4, decision 0096), and are not charged while it is not (3.6, decision 0103).
namespace daybook::testing {
namespace {

using ::testing::ElementsAre;

class SupportPlans : public ::testing::Test {
 protected:
  /// A plan bought on 28 March 2024; its later terms are billed on the 2nd.
  SupportPlans() {
    ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02")});
    SubscriptionCreated own = subscription("sup", "acc-1", "2024-03-28");
    own.offer_id = OfferId("MS-AZR-0041P");
    ledger.at("2024-03-28").given({own, support_plan("plan-1", "sup", "100.00", "2024-03-28")});
  }
  std::vector<std::string> terms_billed() const {
    std::vector<std::string> found;
    for (const Invoice* invoice : ledger.invoices()) {
      if (invoice->type == InvoiceType::AzureSupport) found.push_back(invoice->period.start.text());
    }
    return found;
  }

  InMemoryLedger ledger;
};

TEST_F(SupportPlans, AreBilledNoMoreOnceTheirSubscriptionIsCancelled) {
  ledger.when(AdvanceClock{midnight("2024-05-10"), true});
  ledger.given({SubscriptionCancelled{SubscriptionId("sup"), "x", day("2024-05-10")}});
  const auto ended = ledger.outcome<SupportPlanCancelled>();
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].effective_on, day("2024-05-10"));
  ledger.given({SubscriptionDeleted{SubscriptionId("sup"), "x", day("2024-05-11")}});
  EXPECT_TRUE(ledger.outcome<SupportPlanCancelled>().empty()) << "it has ended";
  ledger.when(AdvanceClock{midnight("2024-09-10"), true});
  EXPECT_THAT(terms_billed(), ElementsAre("2024-03-28", "2024-04-28"));
}

TEST_F(SupportPlans, AreBilledNoMoreOnceTheirSubscriptionIsDeletedForWantOfPayment) {
  ledger.given({decline(ledger.invoices().at(0)->invoice_id, "p-1")});
  ledger.when(AdvanceClock{midnight("2025-03-10"), true});
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sup"))->status, SubscriptionStatus::Deleted);
  const auto* plan = ledger.state().support_plan(PlanId("plan-1"));
  ASSERT_TRUE(plan->cancelled_on.has_value());
  const std::vector<std::string> terms = terms_billed();
  EXPECT_LT(terms.back(), plan->cancelled_on->text());
  EXPECT_LT(terms.size(), 9u);
}

/// Declined on 28 March, it is restricted from 19 April and disabled from 28 April on; paid on 10 June.
TEST_F(SupportPlans, AreNotChargedForTermsThatBeginWhileTheirSubscriptionIsDisabled) {
  const InvoiceId first = ledger.invoices().at(0)->invoice_id;
  const SubscriptionId sup("sup");
  ledger.given({decline(first, "p-1")});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  ASSERT_EQ(ledger.state().subscription(sup)->status, SubscriptionStatus::Disabled);
  EXPECT_THAT(terms_billed(), ElementsAre("2024-03-28"));
  EXPECT_EQ(next_invoice_date(ledger.state(), *ledger.state().subscription(sup)), std::nullopt);
  ledger.given({payment(first, "p-2", "100.00")});
  ASSERT_EQ(ledger.state().subscription(sup)->status, SubscriptionStatus::Active);
  EXPECT_EQ(next_invoice_date(ledger.state(), *ledger.state().subscription(sup)), day("2024-07-02"));
  ledger.when(AdvanceClock{midnight("2024-08-02"), true});
  EXPECT_THAT(terms_billed(), ElementsAre("2024-03-28", "2024-06-28", "2024-07-28"));
}

/// Past due it is charged as ever, and a term that began before stands.
TEST_F(SupportPlans, AreChargedForTermsThatBeginWhileTheirSubscriptionIsPastDue) {
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  ledger.given({decline(ledger.invoices().at(0)->invoice_id, "p-1")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_THAT(terms_billed(), ElementsAre("2024-03-28", "2024-04-28"));
}

TEST_F(SupportPlans, OfAProfileAreNotChargedWhileItIsDisabled) {
  InMemoryLedger other;
  SubscriptionCreated own = in_section(subscription("sup", "acc-2", "2024-03-28"), "p-1");
  own.offer_id = OfferId("MS-AZR-0041P");
  other.at("2024-03-28").given({account("acc-2", AccountType::MCA, "2024-03-28"), profile("p-1", "acc-2"), own,
                                support_plan("plan-1", "sup", "100.00", "2024-03-28")});
  other.when(AdvanceClock{midnight("2024-08-05"), true});
  // Due on 5 May, past due from the 6th, restricted from the 27th, disabled from 5 June: the terms of 28 May and later.
  std::int64_t billed = 0;
  for (const Invoice* invoice : other.invoices()) billed += invoice->total_minor;
  EXPECT_EQ(billed, 20000);
}

TEST_F(SupportPlans, GoOnUntilTheyAreCancelledThemselves) {
  ledger.when(AdvanceClock{midnight("2024-05-10"), true});
  ledger.given({SupportPlanCancelled{PlanId("plan-1"), day("2024-05-10")},
                SubscriptionCancelled{SubscriptionId("sup"), "x", day("2024-05-20")}});
  EXPECT_TRUE(ledger.outcome<SupportPlanCancelled>().empty());
  EXPECT_EQ(ledger.state().support_plan(PlanId("plan-1"))->cancelled_on, day("2024-05-10"));
}

}  // namespace
}  // namespace daybook::testing
