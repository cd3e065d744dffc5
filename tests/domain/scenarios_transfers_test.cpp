#include <gtest/gtest.h>

#include "ledger/domain/answers/usage_answer.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/move_facts.h"

/// Acceptance scenarios of domain.md 10 by their numbers: transfers (SC-27), and the
/// rulings that name them.
namespace daybook::testing {
namespace {

/// Kees's MOSP account of the 20th with a subscription of the 8th, and Lies's of the 3rd.
InMemoryLedger two_owners() {
  InMemoryLedger ledger;
  ledger.at("2020-09-08")
      .given({opened_by(account("acc-k", AccountType::MOSP, "2020-08-20"), "kees"),
              opened_by(account("acc-l", AccountType::MOSP, "2020-08-03"), "lies"),
              subscription("sub-1", "acc-k", "2020-09-08"), price("vm", "1.00")});
  return ledger;
}

TEST(SC_27_TransferToMca, OneLastInvoiceHoldsThePreviousAndTheOpenPeriod) {
  InMemoryLedger ledger = two_owners();
  ledger.given({account("acc-m", AccountType::MCA, "2020-09-01"), profile("p-1", "acc-m"),
                section("s-1", "p-1"), cost("sub-1", "30.00", "2020-09-20")});
  ledger.when(AdvanceClock{midnight("2020-11-16"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);  // 20 October, and p-1 of September and October
  ledger
      .given({cost("sub-1", "10.00", "2020-10-30"), cost("sub-1", "5.00", "2020-11-10"),
              cost("sub-1", "2.00", "2020-11-16"), cost("sub-1", "1.00", "2020-11-17")})
      .given({into_section(transferred("sub-1", "acc-k", "acc-m", "2020-11-16"), "s-1")});
  ledger.when(AdvanceClock{midnight("2020-12-31"), true});
  ASSERT_EQ(ledger.invoices().size(), 5u);
  EXPECT_EQ(issued(ledger, 3).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 3).issue_date, day("2020-11-20"));
  EXPECT_EQ(issued(ledger, 3).period, period("2020-10-08", "2020-11-17"));
  EXPECT_EQ(issued(ledger, 3).totals.total, money("17.00"));
  EXPECT_EQ(amounts(ledger, 3), (Amounts{{period("2020-10-08", "2020-11-08"), "10.00"},
                                         {period("2020-11-08", "2020-11-17"), "7.00"}}));
  // on the profile the period is the month, the line tells the days.
  EXPECT_EQ(issued(ledger, 4).profile_id, ProfileId("p-1"));
  EXPECT_EQ(issued(ledger, 4).period, period("2020-11-01", "2020-12-01"));
  EXPECT_EQ(issued(ledger, 4).totals.total, money("1.00"));
}

TEST(SC_27_TransferToMca, IncludedQuantitiesBeginAnewInEachPeriodOfTheLastInvoice) {
  InMemoryLedger ledger = two_owners();
  PriceChanged included = price("disk", "1.00");
  included.included_quantity = decimal("10");
  ledger.given({included, account("acc-m", AccountType::MCA, "2020-11-01"),
                profile("p-1", "acc-m"), section("s-1", "p-1")});
  ledger.at("2020-11-16")
      .given({usage("sub-1", "disk", "12", "2020-10-10"), usage("sub-1", "disk", "13", "2020-11-10"),
              into_section(transferred("sub-1", "acc-k", "acc-m", "2020-11-16"), "s-1")});
  ledger.when(AdvanceClock{midnight("2020-11-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(amounts(ledger, 0), (Amounts{{period("2020-10-08", "2020-11-08"), "2.00"},
                                         {period("2020-11-08", "2020-11-17"), "3.00"}}));
}

TEST(BillingOwnershipTransfer, AnchorsTheNewPeriodsOnTheDayOfAcceptance) {
  // accepted on the 9th, every 9th; the first period begins the day after it.
  InMemoryLedger ledger = two_owners();
  ledger.at("2020-10-09")
      .given({cost("sub-1", "30.00", "2020-10-09"), cost("sub-1", "4.00", "2020-10-10"),
              cost("sub-1", "5.00", "2020-11-08"), cost("sub-1", "6.00", "2020-11-09"),
              transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  ledger.when(AdvanceClock{midnight("2021-01-03"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(issued(ledger, 0).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 0).issue_date, day("2020-10-20"));
  EXPECT_EQ(issued(ledger, 0).period, period("2020-09-08", "2020-10-10"));
  EXPECT_EQ(issued(ledger, 1).account_id, AccountId("acc-l"));
  EXPECT_EQ(issued(ledger, 1).period, period("2020-10-10", "2020-11-09"));
  EXPECT_EQ(issued(ledger, 1).issue_date, day("2020-12-03"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("9.00"));
  EXPECT_EQ(issued(ledger, 2).period, period("2020-11-09", "2020-12-09"));
  EXPECT_EQ(issued(ledger, 2).totals.total, money("6.00"));
}

TEST(BillingOwnershipTransfer, LateUsageIsBilledToWhoeverOwnedItsDay) {
  InMemoryLedger ledger = two_owners();
  ledger.at("2020-10-09")
      .given({cost("sub-1", "30.00", "2020-10-09"), cost("sub-1", "4.00", "2020-10-10"),
              transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  ledger.when(AdvanceClock{midnight("2020-12-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ledger.given({cost("sub-1", "7.00", "2020-09-30"), cost("sub-1", "8.00", "2020-10-20")});
  ledger.when(AdvanceClock{midnight("2021-01-31"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  EXPECT_EQ(issued(ledger, 2).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 2).issue_date, day("2020-12-20"));
  EXPECT_EQ(issued(ledger, 2).totals.total, money("7.00"));
  EXPECT_EQ(issued(ledger, 3).account_id, AccountId("acc-l"));
  EXPECT_EQ(issued(ledger, 3).totals.total, money("8.00"));
}

TEST(BillingOwnershipTransfer, ComesBackAndIsBilledForItsNewTimeAlone) {
  InMemoryLedger ledger = two_owners();
  ledger.at("2020-10-09").given({cost("sub-1", "30.00", "2020-10-09"),
                                 transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  ledger.when(AdvanceClock{midnight("2020-10-21"), true});
  ledger.given({cost("sub-1", "1.00", "2020-10-15"), cost("sub-1", "2.00", "2020-10-22"),
                transferred("sub-1", "acc-l", "acc-k", "2020-10-21")});
  ledger.when(AdvanceClock{midnight("2020-12-31"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(issued(ledger, 1).account_id, AccountId("acc-l"));
  EXPECT_EQ(issued(ledger, 1).period, period("2020-10-10", "2020-10-22"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("1.00"));
  EXPECT_EQ(issued(ledger, 2).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 2).period, period("2020-10-22", "2020-11-21"));
  EXPECT_EQ(issued(ledger, 2).totals.total, money("2.00"));
}

TEST(BillingOwnershipTransfer, MarketplaceOfTheMonthIsDivided) {
  InMemoryLedger ledger = two_owners();
  const auto product = [](std::string_view amount, std::string_view on) {
    UsageRecorded row = cost("sub-1", amount, on);
    row.publisher_type = PublisherType::Marketplace;
    row.is_credit_eligible = false;
    return row;
  };
  ledger.at("2020-10-16")
      .given({product("5.00", "2020-10-16"), product("6.00", "2020-10-17"),
              transferred("sub-1", "acc-k", "acc-l", "2020-10-16")});
  ledger.when(AdvanceClock{midnight("2021-03-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(issued(ledger, 0).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 0).type, InvoiceType::AzureMarketplace);
  EXPECT_EQ(issued(ledger, 0).issue_date, day("2020-11-09"));
  EXPECT_EQ(issued(ledger, 0).period, period("2020-10-01", "2020-10-17"));
  EXPECT_EQ(issued(ledger, 1).account_id, AccountId("acc-l"));
  EXPECT_EQ(issued(ledger, 1).period, period("2020-10-17", "2020-11-01"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("6.00"));
}

TEST(BillingOwnershipTransfer, EachOwnerSeesTheInvoicesOfHisOwnTime) {
  InMemoryLedger ledger = two_owners();
  ledger.given({role(ScopeType::Subscription, "sub-1", Role::Reader, "rosa")});
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-1"), true});
  ledger.at("2020-10-09")
      .post({cost("sub-1", "30.00", "2020-10-09"), cost("sub-1", "4.00", "2020-10-10"),
             transferred("sub-1", "acc-k", "acc-l", "2020-10-09")})
      .then({InvoiceSharingDisabled{SubscriptionId("sub-1")}});
  ledger.when(AdvanceClock{midnight("2020-12-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const auto sees = [&](std::string_view who, std::size_t n) {
    return may(ledger.state(), as(who), Action::ViewInvoices,
               AccessObject::of(*ledger.invoices()[n]));
  };
  EXPECT_TRUE(sees("kees", 0).allowed);
  EXPECT_FALSE(sees("kees", 1).seen);
  EXPECT_FALSE(sees("lies", 0).seen);
  EXPECT_TRUE(sees("lies", 1).allowed);
  // The new owner shares his own documents; those from before are no longer shared.
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-1"), true}, as("lies"));
  EXPECT_FALSE(sees("rosa", 0).allowed);
  EXPECT_TRUE(sees("rosa", 1).allowed);
}

TEST(BillingOwnershipTransfer, MailToTheOldOwnersAddressesEnds) {
  InMemoryLedger ledger = two_owners();
  ledger.given({linked("kees", "kees@x.example")});
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, ScopeId("sub-1"), "1"}, as("kees"));
  OptInEmailInvoice opt_in;
  opt_in.scope_type = ScopeType::Subscription;
  opt_in.scope_id = ScopeId("sub-1");
  ledger.when(opt_in, as("kees"));
  ledger.when(AddEmailRecipient{ScopeType::Subscription, ScopeId("sub-1"), "fin@x.example"},
              as("kees"));
  ASSERT_FALSE(ledger.error());
  ledger.at("2020-10-09").post({transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  EXPECT_EQ(ledger.outcome<EmailRecipientRemoved>().size(), 1u);
  ASSERT_EQ(ledger.outcome<EmailInvoiceOptedOut>().size(), 1u);
  EXPECT_EQ(ledger.outcome<EmailInvoiceOptedOut>()[0].reason, "Transferred");
  // The new owner's addresses do not get the old one's last invoice.
  ledger.given({linked("lies", "lies@y.example"), cost("sub-1", "5.00", "2020-10-01"),
                cost("sub-1", "6.00", "2020-10-20")});
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, ScopeId("sub-1"), "1"}, as("lies"));
  ledger.when(opt_in, as("lies"));
  ASSERT_FALSE(ledger.error());
  ledger.when(AdvanceClock{midnight("2020-10-31"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  ledger.when(AdvanceClock{midnight("2020-12-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ASSERT_EQ(ledger.outcome<InvoiceEmailQueued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceEmailQueued>()[0].identity_id, IdentityId("lies"));
}

TEST(BillingOwnershipTransfer, RolesEndWhereTheDirectoryChanges) {
  InMemoryLedger ledger = two_owners();
  ledger.given({role(ScopeType::Subscription, "sub-1", Role::Owner, "rosa")});
  SubscriptionBillingTransferred transfer = transferred("sub-1", "acc-k", "acc-l", "2020-10-09");
  transfer.move_tenant = true;
  ledger.at("2020-10-09").post({transfer}).then(
      {RoleRevoked{ScopeType::Subscription, ScopeId("sub-1"), Role::Owner, IdentityId("rosa")}});
}

TEST(BillingOwnershipTransfer, WhatTheOldOwnerOwesBlocksNoLonger) {
  InMemoryLedger ledger = two_owners();
  ledger.given({card("card-k", "acc-k", {"sub-1"}), cost("sub-1", "30.00", "2020-09-20")});
  ledger.when(AdvanceClock{midnight("2020-10-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.given({decline(ledger.invoices()[0]->invoice_id, "p-0")});
  const SubscriptionId id("sub-1");
  ASSERT_EQ(ledger.state().subscription(id)->status, SubscriptionStatus::PastDue);
  ledger.post({transferred("sub-1", "acc-k", "acc-l", "2020-10-20")})
      .then({SubscriptionReenabled{id, SuspensionReason::PastDue, {}, day("2020-10-20")}});
  EXPECT_FALSE(ledger.state().subscription(id)->payment_method_id);
  // The ladder of the old account goes on without it.
  ledger.when(AdvanceClock{midnight("2020-12-20"), true});
  EXPECT_EQ(ledger.state().subscription(id)->status, SubscriptionStatus::Active);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
}

/// the ladder is that of the profile which has it now, however far what the old owner owes had brought it.
TEST(BillingOwnershipTransfer, AProfileThatIsPastDueTakesThemInAtItsOwnStep) {
  InMemoryLedger ledger = two_owners();
  ledger.given({card("card-k", "acc-k", {"sub-1"}), cost("sub-1", "30.00", "2020-09-20"),
                account("acc-m", AccountType::MCA, "2020-09-01"), profile("p-1", "acc-m"), section("s-1", "p-1"),
                in_section(subscription("sub-2", "acc-m", "2020-09-01"), "s-1"), cost("sub-2", "3.00", "2020-09-20")});
  ledger.when(AdvanceClock{midnight("2020-10-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ASSERT_EQ(ledger.invoices()[1]->account_id, AccountId("acc-k"));
  ledger.given({decline(ledger.invoices()[1]->invoice_id, "p-0")});
  ledger.when(AdvanceClock{midnight("2020-11-10"), true});
  const auto status = [&](std::string_view id) {
    return ledger.state().subscription(SubscriptionId(std::string(id)))->status;
  };
  ASSERT_EQ(status("sub-1"), SubscriptionStatus::Warned);
  ASSERT_EQ(status("sub-2"), SubscriptionStatus::PastDue);
  ledger.given({into_section(transferred("sub-1", "acc-k", "acc-m", "2020-11-10"), "s-1")});
  EXPECT_EQ(status("sub-1"), SubscriptionStatus::Active);
  ledger.when(AdvanceClock{midnight("2020-11-11"), true});
  EXPECT_EQ(status("sub-1"), SubscriptionStatus::PastDue);
  const Date since = *ledger.invoices()[0]->past_due_since;
  ledger.when(AdvanceClock{Instant::start_of(since.plus_days(20)), true});
  EXPECT_EQ(status("sub-1"), SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{Instant::start_of(since.plus_days(21)), true});
  EXPECT_EQ(status("sub-1"), SubscriptionStatus::Warned);
  EXPECT_EQ(status("sub-2"), SubscriptionStatus::Warned);
}

TEST(BillingOwnershipTransfer, TheLastInvoiceIsPaidAsBefore) {
  InMemoryLedger ledger = two_owners();
  ledger.given({card("card-k", "acc-k", {"sub-1"}), cost("sub-1", "30.00", "2020-09-20")});
  ledger.at("2020-09-30").given({transferred("sub-1", "acc-k", "acc-l", "2020-09-30")});
  ledger.when(AdvanceClock{midnight("2020-10-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(issued(ledger, 0).method_id, MethodId("card-k"));
}

TEST(BillingOwnershipTransfer, AVoidLastInvoiceIsBilledAgainToTheOldOwner) {
  InMemoryLedger ledger = two_owners();
  ledger.at("2020-10-09")
      .given({cost("sub-1", "30.00", "2020-09-20"), cost("sub-1", "5.00", "2020-10-09"),
              cost("sub-1", "4.00", "2020-10-10"),
              transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  ledger.when(AdvanceClock{midnight("2020-10-21"), true});
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "wrong address", std::nullopt});
  ASSERT_FALSE(ledger.error());
  ledger.when(AdvanceClock{midnight("2020-12-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(issued(ledger, 1).account_id, AccountId("acc-k"));
  EXPECT_EQ(issued(ledger, 1).issue_date, day("2020-11-20"));
  EXPECT_EQ(issued(ledger, 1).period, period("2020-09-08", "2020-10-10"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("35.00"));
  EXPECT_EQ(issued(ledger, 2).account_id, AccountId("acc-l"));
  EXPECT_EQ(issued(ledger, 2).totals.total, money("4.00"));
}

TEST(BillingOwnershipTransfer, IsRefusedWhereItCannotBe) {
  InMemoryLedger ledger = two_owners();
  ledger.given({account("acc-m", AccountType::MCA, "2020-09-01"), profile("p-1", "acc-m"),
                section("s-1", "p-1"), account("acc-c", AccountType::MOSP, "2020-09-01"),
                BillingAccountClosed{AccountId("acc-c"), "moved away"}});
  const auto refused = [&](const EventData& fact, std::string_view code, std::string_view at) {
    ledger.post({fact}).then_rejected(code, at);
  };
  refused(transferred("sub-9", "acc-k", "acc-l", "2020-10-09"), "UNKNOWN_REFERENCE",
          "/data/subscriptionId");
  refused(transferred("sub-1", "acc-l", "acc-k", "2020-10-09"), "UNKNOWN_REFERENCE",
          "/data/fromAccount");
  refused(transferred("sub-1", "acc-k", "acc-9", "2020-10-09"), "UNKNOWN_REFERENCE",
          "/data/toAccount");
  refused(transferred("sub-1", "acc-k", "acc-c", "2020-10-09"), "ACCOUNT_CLOSED",
          "/data/toAccount");
  refused(transferred("sub-1", "acc-k", "acc-k", "2020-10-09"), "INVALID_FIELD",
          "/data/toAccount");
  refused(transferred("sub-1", "acc-k", "acc-m", "2020-10-09"), "INVALID_FIELD",
          "/data/invoiceSectionId");
  refused(into_section(transferred("sub-1", "acc-k", "acc-m", "2020-10-09"), "s-9"),
          "UNKNOWN_REFERENCE", "/data/invoiceSectionId");
  refused(into_section(transferred("sub-1", "acc-k", "acc-l", "2020-10-09"), "s-1"),
          "UNKNOWN_REFERENCE", "/data/invoiceSectionId");
  refused(transferred("sub-1", "acc-k", "acc-l", "2020-08-31"), "INVALID_TIME",
          "/data/acceptedOn");
  ledger.given({cost("sub-1", "1.00", "2020-09-20")});
  ledger.when(AdvanceClock{midnight("2020-10-20"), true});
  refused(transferred("sub-1", "acc-k", "acc-l", "2020-10-06"), "INVALID_TIME",
          "/data/acceptedOn");
  ledger.given({SubscriptionCancelled{SubscriptionId("sub-1"), "no need", std::nullopt}});
  refused(transferred("sub-1", "acc-k", "acc-l", "2020-10-20"), "NOT_SUPPORTED",
          "/data/subscriptionId");
  ledger.given({SubscriptionDeleted{SubscriptionId("sub-1"), "no need", std::nullopt}});
  refused(transferred("sub-1", "acc-k", "acc-l", "2020-10-20"), "SUBSCRIPTION_DELETED",
          "/data/subscriptionId");
}

TEST(BillingOwnershipTransfer, OfPrepaidKeysSupportPlansAndTheUnpaidIsRefused) {
  InMemoryLedger ledger = two_owners();
  SubscriptionCreated prepaid = subscription("aio", "acc-k", "2020-09-08");
  prepaid.offer_id = OfferId("MS-AZR-0111P");
  ledger.given({prepaid, subscription("sup", "acc-k", "2020-09-08"),
                support_plan("plan-1", "sup", "100.00", "2020-09-08"),
                cost("sub-1", "30.00", "2020-09-20")});
  ledger.post({transferred("aio", "acc-k", "acc-l", "2020-10-09")}).then_rejected("NOT_SUPPORTED");
  ledger.post({transferred("sup", "acc-k", "acc-l", "2020-10-09")}).then_rejected("NOT_SUPPORTED");
  ledger.when(AdvanceClock{midnight("2020-10-20"), true});
  const auto services = [&] {
    for (const Invoice* invoice : ledger.invoices())
      if (invoice->type == InvoiceType::AzureServices) return invoice->invoice_id;
    return InvoiceId();
  }();
  ledger.given({decline(services, "p-0")});
  ledger.when(AdvanceClock{midnight("2020-11-20"), true});
  ASSERT_EQ(ledger.state().subscription(SubscriptionId("sub-1"))->status,
            SubscriptionStatus::Disabled);
  ledger.post({transferred("sub-1", "acc-k", "acc-l", "2020-11-20")})
      .then_rejected("BALANCE_OUTSTANDING");
}

TEST(BillingOwnershipTransfer, TheNewOwnerIsShownTheUsageOfHisOwnTime) {
  InMemoryLedger ledger = two_owners();
  ledger.at("2020-10-09")
      .given({cost("sub-1", "30.00", "2020-10-09"), cost("sub-1", "4.00", "2020-10-10"),
              transferred("sub-1", "acc-k", "acc-l", "2020-10-09")});
  const auto total = [&](const Viewer& viewer, const ScopeRef& scope) {
    const auto view = usage_answer(ledger.state(), ledger.usage(), viewer, scope, UsageQuery(),
                                   PageRequest(), day("2020-10-10"));
    return view && !view->totals.empty() ? view->totals[0].cost.to_string() : std::string("none");
  };
  const ScopeRef subscription{SubscriptionId("sub-1")};
  EXPECT_EQ(total(as("lies"), subscription), "4");
  EXPECT_EQ(total(as("kees"), subscription), "none");
  EXPECT_EQ(total(as("kees"), ScopeRef(AccountId("acc-k"))), "30");
  EXPECT_EQ(total(Viewer::operating(), subscription), "34");
}

}  // namespace
}  // namespace daybook::testing
