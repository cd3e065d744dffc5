#include <gtest/gtest.h>

#include "ledger/domain/answers/usage_answer.h"
#include "tests/support/move_facts.h"

/// Subscriptions that move between the sections and profiles of their account.
namespace daybook::testing {
namespace {

/// An MCA account with two profiles, the first with two sections.
InMemoryLedger two_profiles() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-m", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-m"),
              profile("p-2", "acc-m"), section("s-1", "p-1"), section("s-2", "p-1"),
              section("s-3", "p-2"),
              in_section(subscription("sub-1", "acc-m", "2024-03-01"), "s-1")});
  return ledger;
}

TEST(SubscriptionMoves, BetweenSectionsDividesTheInvoice) {
  InMemoryLedger ledger = two_profiles();
  ledger.at("2024-03-20")
      .given({cost("sub-1", "10.00", "2024-03-14"), cost("sub-1", "3.00", "2024-03-15"),
              moved("sub-1", "s-1", "s-2", "2024-03-15")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceIssued& invoice = issued(ledger, 0);
  EXPECT_EQ(invoice.profile_id, ProfileId("p-1"));
  EXPECT_EQ(invoice.totals.total, money("13.00"));
  ASSERT_EQ(invoice.sections.size(), 2u);
  EXPECT_EQ(invoice.sections[0].section_id, SectionId("s-1"));
  EXPECT_EQ(invoice.sections[0].total, money("10.00"));
  EXPECT_EQ(invoice.sections[1].section_id, SectionId("s-2"));
  EXPECT_EQ(invoice.sections[1].total, money("3.00"));
}

TEST(SubscriptionMoves, BetweenProfilesDividesTheMonth) {
  InMemoryLedger ledger = two_profiles();
  ledger.at("2024-03-20")
      .given({cost("sub-1", "10.00", "2024-03-14"), cost("sub-1", "3.00", "2024-03-15"),
              moved("sub-1", "s-1", "s-3", "2024-03-15")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(issued(ledger, 0).totals.total, money("10.00"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("3.00"));
  EXPECT_EQ(issued(ledger, 1).period, period("2024-03-01", "2024-04-01"));
  // Late rows go by their own day, too.
  ledger.given({cost("sub-1", "1.00", "2024-03-02"), cost("sub-1", "2.00", "2024-03-30")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  EXPECT_EQ(issued(ledger, 2).totals.total, money("1.00"));
  EXPECT_EQ(issued(ledger, 3).totals.total, money("2.00"));
}

/// the ladder is the profile's; what the former one owes brings nobody down in the new one.
TEST(SubscriptionMoves, AProfileThatIsPastDueTakesThemInAtItsOwnStep) {
  InMemoryLedger ledger = two_profiles();
  ledger.given({in_section(subscription("sub-2", "acc-m", "2024-03-01"), "s-3"), cost("sub-1", "10.00", "2024-03-14")});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  ledger.given({cost("sub-2", "3.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-06"), true});
  const Subscription* subscription = ledger.state().subscription(SubscriptionId("sub-1"));
  ASSERT_EQ(subscription->status, SubscriptionStatus::Disabled);
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-2"))->status, SubscriptionStatus::PastDue);
  ledger.given({moved("sub-1", "s-1", "s-3", "2024-06-06")});
  EXPECT_EQ(subscription->status, SubscriptionStatus::Active);
  ledger.when(AdvanceClock{midnight("2024-06-07"), true});
  EXPECT_EQ(subscription->status, SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-07-06"), true});
  EXPECT_EQ(subscription->status, SubscriptionStatus::Disabled);  // with its profile
}

TEST(SubscriptionMoves, PricesAreThoseOfThePlaceOfTheDay) {
  InMemoryLedger ledger = two_profiles();
  PriceChanged of_first = price("vm", "2.00");
  of_first.scope_type = ScopeType::Profile;
  of_first.scope_id = ScopeId("p-1");
  ledger.at("2024-03-20")
      .given({price("vm", "1.00"), of_first, usage("sub-1", "vm", "5", "2024-03-10"),
              usage("sub-1", "vm", "7", "2024-03-20"), moved("sub-1", "s-1", "s-3", "2024-03-15")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(issued(ledger, 0).totals.total, money("10.00"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("7.00"));
}

TEST(SubscriptionMoves, TheUsageOfBothPlacesIsShown) {
  InMemoryLedger ledger = two_profiles();
  ledger.at("2024-03-20")
      .given({cost("sub-1", "10.00", "2024-03-14"), cost("sub-1", "3.00", "2024-03-15"),
              moved("sub-1", "s-1", "s-3", "2024-03-15")});
  const auto total = [&](const ScopeRef& scope) {
    const auto view = usage_answer(ledger.state(), ledger.usage(), as("jeroen"), scope, UsageQuery(),
                                   PageRequest(), day("2024-03-20"));
    return view && !view->totals.empty() ? view->totals[0].cost.to_string() : std::string("none");
  };
  EXPECT_EQ(total(ScopeRef(SubscriptionId("sub-1"))), "13");
  EXPECT_EQ(total(ScopeRef(AccountId("acc-m"))), "13");
  EXPECT_EQ(total(ScopeRef(ProfileId("p-1"))), "10");
  EXPECT_EQ(total(ScopeRef(ProfileId("p-2"))), "3");
}

TEST(SubscriptionMoves, AreRefusedWhereTheyCannotBe) {
  InMemoryLedger ledger = two_profiles();
  ledger.given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-9", "acc-2"),
                section("s-9", "p-9"), account("acc-1", AccountType::MOSP, "2024-03-01"),
                subscription("sub-m", "acc-1", "2024-03-01")});
  const auto refused = [&](const EventData& fact, std::string_view code, std::string_view at) {
    ledger.post({fact}).then_rejected(code, at);
  };
  refused(moved("sub-1", "s-2", "s-3", "2024-03-15"), "UNKNOWN_REFERENCE", "/data/fromScope");
  refused(moved("sub-1", "s-1", "s-9", "2024-03-15"), "UNKNOWN_REFERENCE", "/data/toScope");
  refused(moved("sub-1", "s-1", "s-1", "2024-03-15"), "INVALID_FIELD", "/data/toScope");
  refused(moved("sub-m", "acc-1", "acc-2", "2024-03-15"), "UNKNOWN_REFERENCE", "/data/fromScope");
  refused(moved("sub-1", "s-1", "s-2", "2024-02-28"), "INVALID_TIME", "/data/effectiveDate");
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  refused(moved("sub-1", "s-1", "s-2", "2024-03-31"), "INVALID_TIME", "/data/effectiveDate");
  ledger.given({BillingAccountClosed{AccountId("acc-m"), "gone"}});
  refused(moved("sub-1", "s-1", "s-2", "2024-04-05"), "ACCOUNT_CLOSED", "/data/subscriptionId");
  refused(BillingAccountClosed{AccountId("acc-m"), "gone"}, "ACCOUNT_CLOSED", "/data/accountId");
  refused(BillingAccountClosed{AccountId("acc-9"), "gone"}, "UNKNOWN_REFERENCE",
          "/data/accountId");
}

}  // namespace
}  // namespace daybook::testing
