#include <gtest/gtest.h>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/move_facts.h"

/// Acceptance scenarios of domain.md 10 by their numbers: upgrades (SC-26, SC-28), and the rulings
/// that name them.
namespace daybook::testing {
namespace {

TEST(SC_26_UpgradeFromMospToMca, EndsEveryOpenPeriodAndBeginsTheMonthTheDayAfter) {
  InMemoryLedger ledger;
  ledger.at("2024-02-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-05"),
              subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-02", "acc-1", "2024-03-10")});
  ledger.at("2024-04-04")
      .given({cost("sub-01", "40.00", "2024-03-20"), cost("sub-01", "2.00", "2024-04-04"),
              cost("sub-02", "25.00", "2024-03-20"), cost("sub-01", "7.00", "2024-04-05"),
              cost("sub-02", "9.00", "2024-04-30")})
      .given({upgraded("acc-1", AccountType::MOSP, "2024-04-04",
                       {created("p-1", {"sub-01"}), created("p-2", {"sub-02"})})});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});

  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(issued(ledger, 0).period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(issued(ledger, 1).period, period("2024-03-10", "2024-04-05"));
  EXPECT_EQ(issued(ledger, 0).totals.total, money("42.00"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("25.00"));
  for (std::size_t n = 0; n < 2; ++n) {
    EXPECT_EQ(issued(ledger, n).issue_date, day("2024-04-05"));
    EXPECT_EQ(issued(ledger, n).type, InvoiceType::AzureServices);
    EXPECT_EQ(issued(ledger, n).account_type, AccountType::MOSP);
    EXPECT_EQ(issued(ledger, n).invoice_id.text().front(), 'E');
  }

  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  for (std::size_t n = 2; n < 4; ++n) {
    EXPECT_EQ(issued(ledger, n).issue_date, day("2024-05-09"));
    EXPECT_EQ(issued(ledger, n).period, period("2024-04-05", "2024-05-01"));
    EXPECT_EQ(issued(ledger, n).account_type, AccountType::MCA);
  }
  EXPECT_EQ(issued(ledger, 2).totals.total, money("7.00"));
  EXPECT_EQ(issued(ledger, 3).totals.total, money("9.00"));
  ledger.when(AdvanceClock{midnight("2024-06-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 6u);
  EXPECT_EQ(issued(ledger, 4).period, period("2024-05-01", "2024-06-01"));
}

TEST(SC_26_UpgradeFromMospToMca, BillsWhatComesLateByTheRulesOfItsDay) {
  InMemoryLedger ledger;
  ledger.at("2024-02-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-05"),
              subscription("sub-01", "acc-1", "2024-03-05")});
  ledger.at("2024-04-04")
      .given({cost("sub-01", "40.00", "2024-03-20"),
              upgraded("acc-1", AccountType::MOSP, "2024-04-04", {created("p-1", {"sub-01"})})});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ledger.given({cost("sub-01", "3.00", "2024-04-02"), cost("sub-01", "5.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-05-10"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(issued(ledger, 1).issue_date, day("2024-05-05"));
  EXPECT_EQ(issued(ledger, 1).type, InvoiceType::AzureServices);
  EXPECT_EQ(amounts(ledger, 1), (Amounts{{period("2024-03-05", "2024-04-05"), "3.00"}}));
  EXPECT_EQ(issued(ledger, 2).type, InvoiceType::Profile);
  EXPECT_EQ(issued(ledger, 2).totals.total, money("5.00"));
}

TEST(SC_26_UpgradeFromMospToMca, KeepsWhoHadAccess) {
  InMemoryLedger ledger;
  ledger.at("2024-02-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-05"),
              subscription("sub-01", "acc-1", "2024-02-05"),
              subscription("sub-02", "acc-1", "2024-02-05"),
              role(ScopeType::Subscription, "sub-01", Role::Reader, "rosa"),
              role(ScopeType::Subscription, "sub-01", Role::ServiceAdministrator, "sam"),
              role(ScopeType::Subscription, "sub-02", Role::Reader, "rob")});
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), true});
  ledger.at("2024-03-04")
      .post({cost("sub-01", "40.00", "2024-02-20"),
             upgraded("acc-1", AccountType::MOSP, "2024-03-04",
                      {created("p-1", {"sub-01"}), created("p-2", {"sub-02"})})})
      .then({role(ScopeType::Account, "acc-1", Role::Owner, "jeroen"),
             role(ScopeType::Profile, "p-1", Role::Reader, "rosa")});
  ledger.given({role(ScopeType::Account, "acc-1", Role::Reader, "ria")});
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  // the last document by the rules of MOSP, and by the roles of the account.
  const AccessObject last = AccessObject::of(*ledger.invoices()[0]);
  const AccessObject first_month = AccessObject::of(*ledger.invoices()[1]);
  const auto sees = [&](std::string_view who, const AccessObject& document) {
    return may(ledger.state(), as(who), Action::ViewInvoices, document).allowed;
  };
  for (std::string_view who : {"jeroen", "rosa", "ria"}) {
    EXPECT_TRUE(sees(who, last)) << who;
    EXPECT_TRUE(sees(who, first_month)) << who;
  }
  EXPECT_TRUE(sees("sam", last));
  EXPECT_FALSE(sees("sam", first_month));
  EXPECT_FALSE(sees("rob", last));
}

TEST(SC_26_UpgradeFromMospToMca, ASupportPlanIsBilledOnceForEachTerm) {
  InMemoryLedger ledger;
  ledger.at("2024-02-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-05"),
              subscription("sup", "acc-1", "2024-03-28")});
  ledger.at("2024-03-28").given({support_plan("plan-1", "sup", "100.00", "2024-03-28")});
  ledger.at("2024-04-04")
      .given({upgraded("acc-1", AccountType::MOSP, "2024-04-04", {created("p-1", {"sup"})})});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(issued(ledger, 0).type, InvoiceType::AzureSupport);
  EXPECT_EQ(amounts(ledger, 1), (Amounts{{period("2024-04-28", "2024-05-28"), "100.00"}}));
  EXPECT_EQ(amounts(ledger, 2), (Amounts{{period("2024-05-28", "2024-06-28"), "100.00"}}));
}

TEST(SC_28_UpgradeFromEaToMca, TheFirstMonthBeginsTheDayAfter) {
  InMemoryLedger ledger;
  // On the 5th of the month after, though the account says nothing of a representative (T-MCA-6).
  const BillingAccountOpened agreement = account("acc-e", AccountType::EA, "2024-03-01");
  EnrollmentRegistered enrollment;
  enrollment.enrollment_id = EnrollmentId("enr-1");
  enrollment.account_id = AccountId("acc-e");
  enrollment.start_date = day("2024-03-01");
  enrollment.channel = EnrollmentChannel::Direct;
  enrollment.billing_cycle = BillingCycle::Monthly;
  SubscriptionCreated lies_in = subscription("sub-e", "acc-e", "2024-03-01");
  lies_in.enrollment_account_id = EnrollmentAccountId("ea-1");
  ledger.at("2024-03-01")
      .given({agreement, enrollment,
              EnrollmentAccountAdded{EnrollmentAccountId("ea-1"), EnrollmentId("enr-1"),
                                     std::nullopt, "Lab", IdentityId("otto")},
              lies_in});
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  ledger.given({cost("sub-e", "11.00", "2024-05-19"), cost("sub-e", "13.00", "2024-05-20")})
      .given({upgraded("acc-e", AccountType::EA, "2024-05-19", {created("p-1", {"sub-e"})})});
  ledger.when(AdvanceClock{midnight("2024-06-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(issued(ledger, 0).type, InvoiceType::EnrollmentOverage);
  EXPECT_EQ(issued(ledger, 0).account_type, AccountType::EA);
  EXPECT_EQ(issued(ledger, 0).period, period("2024-05-01", "2024-05-20"));
  EXPECT_EQ(issued(ledger, 0).issue_date, day("2024-06-02"));
  EXPECT_EQ(issued(ledger, 0).totals.total, money("11.00"));
  EXPECT_EQ(issued(ledger, 1).issue_date, day("2024-06-05"));
  EXPECT_EQ(issued(ledger, 1).period, period("2024-05-20", "2024-06-01"));
  EXPECT_EQ(issued(ledger, 1).totals.total, money("13.00"));

  // What comes late for the agreement is billed by it, alone, on its next run date.
  ledger.given({cost("sub-e", "4.00", "2024-05-18")});
  ledger.when(AdvanceClock{midnight("2024-07-04"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  ledger.when(AdvanceClock{midnight("2024-07-31"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
}

TEST(AnUpgrade, IsRefusedWhereItCannotBe) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-05"),
              subscription("sub-01", "acc-1", "2024-02-05"),
              account("acc-m", AccountType::MCA, "2024-02-05"), profile("p-m", "acc-m"),
              account("acc-2", AccountType::MOSP, "2024-02-05"),
              subscription("sub-02", "acc-2", "2024-02-05")});
  const auto refused = [&](const EventData& fact, std::string_view code, std::string_view at) {
    ledger.post({fact}).then_rejected(code, at);
  };
  const auto to_profile = [](CreatedProfile profile) {
    return upgraded("acc-1", AccountType::MOSP, "2024-03-05", {std::move(profile)});
  };
  refused(upgraded("acc-9", AccountType::MOSP, "2024-03-05", {}), "UNKNOWN_REFERENCE",
          "/data/accountId");
  refused(upgraded("acc-1", AccountType::EA, "2024-03-05", {}), "INVALID_FIELD", "/data/fromType");
  refused(upgraded("acc-m", AccountType::MCA, "2024-03-05", {}), "INVALID_FIELD", "/data/toType");
  refused(upgraded("acc-1", AccountType::MOSP, "2024-01-05", {}), "INVALID_TIME",
          "/data/effectiveDate");
  refused(to_profile(created("p-m", {"sub-01"})), "ALREADY_EXISTS",
          "/data/createdProfiles/0/profileId");
  refused(to_profile(created("p-1", {"sub-02"})), "UNKNOWN_REFERENCE",
          "/data/createdProfiles/0/subscriptionIds/0");
  refused(to_profile(created("p-1", {"sub-01", "sub-01"})), "INVALID_FIELD",
          "/data/createdProfiles/0/subscriptionIds/1");
  refused(to_profile(created("p-1", {})), "INVALID_FIELD", "/data/createdProfiles");
  CreatedProfile taken = created("p-1", {"sub-01"});
  taken.section_id = SectionId("p-m");
  refused(to_profile(taken), "ALREADY_EXISTS", "/data/createdProfiles/0/sectionId");
  ledger.given({to_profile(created("p-1", {"sub-01"}))});
  refused(to_profile(created("p-2", {"sub-01"})), "INVALID_FIELD", "/data/fromType");
}

}  // namespace
}  // namespace daybook::testing
