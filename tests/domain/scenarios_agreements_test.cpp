#include <gtest/gtest.h>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/facts/customer.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/billing_facts.h"

/// Acceptance scenarios of domain.md 10 by their numbers: partners (MPA).
namespace daybook::testing {
namespace {

const CustomerId kFabrikam{"fabrikam"};

SubscriptionCreated of_customer(SubscriptionCreated fact, std::string_view profile,
                                std::string_view customer = "fabrikam") {
  fact.profile_id = ProfileId(std::string(profile));
  fact.customer_id = CustomerId(std::string(customer));
  fact.offer_id = OfferId("MS-AZR-0017G");
  return fact;
}

BillingProfileCreated partner_profile(std::string_view id, Currency currency = kEur) {
  BillingProfileCreated fact;
  fact.profile_id = ProfileId(std::string(id));
  fact.account_id = AccountId("acc-p");
  fact.currency = currency;
  return fact;
}

/// A partner with the customer Fabrikam, whose plan began on 2024-10-15.
InMemoryLedger partner() {
  InMemoryLedger ledger;
  ledger.at("2024-10-01")
      .given({account("acc-p", AccountType::MPA, "2024-10-01"), partner_profile("p-eur"),
              CustomerRegistered{kFabrikam, AccountId("acc-p"), TenantId("fabrikam"), "Fabrikam"},
              linked("fay", "fay@fabrikam.example", "fabrikam")});
  ledger.at("2024-10-15")
      .given({of_customer(subscription("sub-f", "acc-p", "2024-10-15"), "p-eur")});
  return ledger;
}

TEST(Scenarios, SC_18_APartnerIsInvoicedOnTheEighthForTheMonthBefore) {
  InMemoryLedger ledger = partner();
  ledger.given({cost("sub-f", "60.00", "2024-10-20"), cost("sub-f", "70.00", "2024-11-02")});
  ledger.when(AdvanceClock{midnight("2024-12-08"), true});
  const auto invoices = ledger.invoices();
  ASSERT_EQ(invoices.size(), 2u);
  EXPECT_EQ(invoices[0]->issue_date, day("2024-11-08"));
  EXPECT_EQ(invoices[0]->period, period("2024-10-01", "2024-11-01"));
  EXPECT_EQ(invoices[0]->amount_due(), money("60.00"));
  EXPECT_EQ(invoices[1]->issue_date, day("2024-12-08"));
  EXPECT_EQ(invoices[1]->period, period("2024-11-01", "2024-12-01"));
  EXPECT_EQ(invoices[1]->amount_due(), money("70.00"));
}

TEST(Scenarios, SC_19_EveryCurrencyHasItsProfileAndItsInvoice) {
  InMemoryLedger ledger = partner();
  UsageRecorded dollars = cost("sub-d", "20.00", "2024-10-21");
  dollars.currency = kUsd;
  ledger.given({partner_profile("p-usd", kUsd),
                of_customer(subscription("sub-d", "acc-p", "2024-10-15"), "p-usd"), dollars,
                cost("sub-f", "60.00", "2024-10-20")});
  ledger.when(AdvanceClock{midnight("2024-11-08"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("60.00"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("20.00", "USD"));
}

TEST(Scenarios, SC_56_APartnerHasSixtyDays) {
  InMemoryLedger ledger = partner();
  ledger.when(AdvanceClock{midnight("2024-11-08"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->due_date, day("2025-01-07"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.payment_term_days, 60);
}

TEST(Scenarios, SC_70_ACustomerOfAPartnerSeesNeitherInvoicesNorUsage) {
  InMemoryLedger ledger = partner();
  ledger.given({role(ScopeType::Subscription, "sub-f", Role::Owner, "fay"),
                cost("sub-f", "60.00", "2024-10-20")});
  ledger.when(AdvanceClock{midnight("2024-11-08"), true});
  const Viewer fay = as("fay", "fabrikam");
  const AccessObject own = AccessObject::of(ScopeRef(SubscriptionId("sub-f")));
  for (const Action action : {Action::ViewInvoices, Action::ViewUsage, Action::DownloadUsage}) {
    EXPECT_EQ(may(ledger.state(), fay, action, own), (Permission{false, true, "CSP_CUSTOMER"}));
  }
  EXPECT_FALSE(may(ledger.state(), fay, Action::ViewInvoices,
                   AccessObject::of(*ledger.invoices()[0]))
                   .seen);
}

TEST(Scenarios, SC_106_WithCostVisibilityACustomerSeesTheUsageOfHisSubscription) {
  InMemoryLedger ledger = partner();
  ledger.given({of_customer(subscription("sub-g", "acc-p", "2024-10-15"), "p-eur"),
                role(ScopeType::Subscription, "sub-f", Role::Reader, "fay")});
  const Viewer fay = as("fay", "fabrikam");
  const AccessObject own = AccessObject::of(ScopeRef(SubscriptionId("sub-f")));
  ledger.when(SetCustomerCostVisibility{kFabrikam, true}, as("jeroen"))
      .then({CustomerCostVisibilityChanged{kFabrikam, true}});
  EXPECT_TRUE(may(ledger.state(), fay, Action::ViewUsage, own).allowed);
  EXPECT_EQ(may(ledger.state(), fay, Action::ViewInvoices, own),
            (Permission{false, true, "CSP_CUSTOMER"}));
  EXPECT_EQ(may(ledger.state(), fay, Action::DownloadUsage, own),
            (Permission{false, true, "CSP_CUSTOMER"}));
  // Another subscription of his employer, on which he has no role, stays unseen.
  EXPECT_FALSE(may(ledger.state(), fay, Action::ViewUsage,
                   AccessObject::of(ScopeRef(SubscriptionId("sub-g"))))
                   .seen);
  ledger.when(SetCustomerCostVisibility{kFabrikam, true}, as("jeroen")).then_nothing();
  ledger.when(SetCustomerCostVisibility{kFabrikam, false}, as("jeroen"));
  EXPECT_FALSE(may(ledger.state(), fay, Action::ViewUsage, own).allowed);
}

TEST(CustomerCostVisibility, IsForOwnersOfThePartnersAccount) {
  InMemoryLedger ledger = partner();
  ledger.given({linked("ria", "ria@contoso.example"), linked("gus", "gus@contoso.example"),
                role(ScopeType::Account, "acc-p", Role::Reader, "ria"),
                role(ScopeType::Account, "acc-p", Role::AdminAgent, "gus"),
                role(ScopeType::Subscription, "sub-f", Role::Owner, "fay")});
  ledger.when(SetCustomerCostVisibility{kFabrikam, true}, as("ria")).then_rejected("NO_PERMISSION");
  ledger.when(SetCustomerCostVisibility{kFabrikam, true}, as("fay", "fabrikam"))
      .then_rejected("NOT_FOUND");
  ledger.when(SetCustomerCostVisibility{CustomerId("nobody"), true}).then_rejected("NOT_FOUND");
  // CF-07: an admin agent of the partner counts as its owner.
  ledger.when(SetCustomerCostVisibility{kFabrikam, true}, as("gus"));
  EXPECT_EQ(ledger.outcome<CustomerCostVisibilityChanged>().size(), 1u);
}

TEST(CustomerRoles, ACustomersIdentityGetsARoleOnHisSubscriptionAlone) {
  InMemoryLedger ledger = partner();
  ledger.when(AssignRole{ScopeType::Subscription, ScopeId("sub-f"), Role::Reader,
                         IdentityId("fay"), std::nullopt});
  EXPECT_EQ(ledger.outcome<RoleAssigned>().size(), 1u);
  ledger
      .when(AssignRole{ScopeType::Profile, ScopeId("p-eur"), Role::Reader, IdentityId("fay"),
                       std::nullopt})
      .then_rejected("TENANT_NOT_ASSOCIATED");
}

TEST(Customers, AreRegisteredUnderPartnersAlone) {
  InMemoryLedger ledger = partner();
  ledger.given({account("acc-m", AccountType::MCA, "2024-10-01")});
  ledger.post({CustomerRegistered{CustomerId("c"), AccountId("acc-m"), TenantId("t"), "C"}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/accountId");
  ledger.post({CustomerRegistered{kFabrikam, AccountId("acc-p"), TenantId("t"), "Again"}})
      .then_rejected("ALREADY_EXISTS", "/data/customerId");
}

}  // namespace
}  // namespace daybook::testing
