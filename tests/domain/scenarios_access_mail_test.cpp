#include <gtest/gtest.h>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/billing_facts.h"

/// Acceptance scenarios of domain.md 10.4 and 10.5 by their numbers.
namespace daybook::testing {
namespace {

const ScopeId kScope01{"sub-01"};
const ScopeId kScope02{"sub-02"};

/// Both subscriptions of Jeroen's account invoiced on 2024-05-02; reader has a role on sub-01.
InMemoryLedger invoiced() {
  InMemoryLedger ledger;
  ledger.given(jeroens_account())
      .given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-02", "25.00", "2024-03-12"),
              linked("reader", "reader@contoso.example"),
              linked("stranger", "stranger@contoso.example"),
              role(ScopeType::Subscription, "sub-01", Role::Reader, "reader")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

Permission view(const InMemoryLedger& ledger, std::string_view who, const Invoice& invoice) {
  return may(ledger.state(), as(who), Action::ViewInvoices, AccessObject::of(invoice));
}

TEST(Scenarios, SC_61_ARoleCountsOnlyWithTheToggleOfItsSubscription) {
  InMemoryLedger ledger = invoiced();
  const Invoice& of_sub_01 = *ledger.invoices()[0];
  const Invoice& of_sub_02 = *ledger.invoices()[1];
  EXPECT_EQ(view(ledger, "reader", of_sub_01), (Permission{false, true, "NO_PERMISSION_NOT_AA"}));
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), true}, as("jeroen"))
      .then({InvoiceSharingEnabled{SubscriptionId("sub-01")}});
  EXPECT_TRUE(view(ledger, "reader", of_sub_01).allowed);
  EXPECT_FALSE(view(ledger, "reader", of_sub_02).allowed);
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), false}, as("jeroen"));
  EXPECT_FALSE(view(ledger, "reader", of_sub_01).allowed);
}

TEST(Scenarios, SC_62_TheToggleGrantsNothingWithoutARole) {
  InMemoryLedger ledger = invoiced();
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), true}, as("jeroen"));
  EXPECT_EQ(view(ledger, "stranger", *ledger.invoices()[0]),
            (Permission{false, false, "NO_PERMISSION_NOT_AA"}));
}

TEST(Scenarios, SC_63_DocumentsBeforeDecember2016AreForTheAdministrator) {
  InMemoryLedger ledger;
  ledger.at("2016-09-01")
      .given({account("acc-1", AccountType::MOSP, "2016-08-30"),
              subscription("sub-01", "acc-1", "2016-09-01"),
              role(ScopeType::Subscription, "sub-01", Role::Owner, "owner"),
              cost("sub-01", "1.00", "2016-10-05"), cost("sub-01", "1.00", "2016-11-05")});
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), true});
  ledger.when(AdvanceClock{midnight("2016-12-30"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const Invoice& november = *ledger.invoices()[0];
  const Invoice& december = *ledger.invoices()[1];
  EXPECT_EQ(november.issue_date, day("2016-11-30"));
  EXPECT_FALSE(view(ledger, "owner", november).allowed);
  EXPECT_TRUE(view(ledger, "jeroen", november).allowed);
  EXPECT_TRUE(view(ledger, "owner", december).allowed);
}

TEST(Scenarios, SC_64_SupportPlanInvoicesAreForTheAdministratorAlone) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .given(jeroens_account())
      .given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28"),
              role(ScopeType::Subscription, "sub-02", Role::Owner, "owner")});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_FALSE(view(ledger, "owner", *ledger.invoices()[0]).allowed);
  EXPECT_TRUE(view(ledger, "jeroen", *ledger.invoices()[0]).allowed);
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-02"), true}, as("jeroen"))
      .then_rejected("SUPPORT_PLAN_NOT_SHAREABLE");
}

/// One account with two profiles, an invoice of each, and one person per role.
InMemoryLedger two_profiles() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              profile("p-2", "acc-2"), in_section(subscription("a", "acc-2", "2024-03-01"), "p-1"),
              in_section(subscription("b", "acc-2", "2024-03-01"), "p-2"),
              cost("a", "10.00", "2024-03-02"), cost("b", "20.00", "2024-03-02"),
              card("card-2", "acc-2"), role(ScopeType::Profile, "p-1", Role::Owner, "owner"),
              role(ScopeType::Profile, "p-1", Role::Contributor, "contributor"),
              role(ScopeType::Profile, "p-1", Role::Reader, "reader"),
              role(ScopeType::Profile, "p-1", Role::InvoiceManager, "manager"),
              role(ScopeType::Account, "acc-2", Role::Reader, "account-reader"),
              role(ScopeType::Section, "p-1", Role::Owner, "section-owner")});
  for (const char* who : {"owner", "contributor", "reader", "manager", "account-reader"}) {
    ledger.given({linked(who, std::string(who) + "@contoso.example")});
  }
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  return ledger;
}

TEST(Scenarios, SC_65_AnInvoiceManagerPaysAReaderDoesNot) {
  InMemoryLedger ledger = two_profiles();
  const InvoiceId id = ledger.invoices()[0]->invoice_id;
  EXPECT_TRUE(view(ledger, "reader", *ledger.invoices()[0]).allowed);
  EXPECT_TRUE(view(ledger, "manager", *ledger.invoices()[0]).allowed);
  ledger.when(PayNow{id, MethodId("card-2"), std::nullopt}, as("reader"))
      .then_rejected("NO_PERMISSION");
  ledger.when(PayNow{id, MethodId("card-2"), PaymentId("p-1")}, as("manager"));
  ledger.then({InvoicePaymentSucceeded{id, PaymentId("p-1"), money("10.00"), day("2024-04-05"),
                                       PaymentFamily::CreditCard, MethodId("card-2")},
               InvoicePaid{id, day("2024-04-05")}});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
}

TEST(Scenarios, SC_66_RolesOnTheAccountHoldForAllProfiles) {
  InMemoryLedger ledger = two_profiles();
  EXPECT_TRUE(view(ledger, "account-reader", *ledger.invoices()[0]).allowed);
  EXPECT_TRUE(view(ledger, "account-reader", *ledger.invoices()[1]).allowed);
  EXPECT_TRUE(view(ledger, "jeroen", *ledger.invoices()[1]).allowed);
}

TEST(Scenarios, SC_67_AnotherProfileIsInvisible) {
  InMemoryLedger ledger = two_profiles();
  EXPECT_EQ(view(ledger, "owner", *ledger.invoices()[1]),
            (Permission{false, false, "NO_PERMISSION_MCA"}));
  EXPECT_EQ(view(ledger, "section-owner", *ledger.invoices()[0]),
            (Permission{false, true, "NO_PERMISSION_MCA"}));
}

TEST(Scenarios, SC_71_TheLastOwnerStays) {
  InMemoryLedger ledger = two_profiles();
  const RevokeRole last{ScopeType::Profile, ScopeId("p-1"), Role::Owner, IdentityId("owner")};
  ledger.when(last).then_rejected("LAST_SCOPE_OWNER");
  ledger.post({RoleRevoked{ScopeType::Profile, ScopeId("p-1"), Role::Owner, IdentityId("owner")}})
      .then_rejected("LAST_SCOPE_OWNER");
  ledger.given({role(ScopeType::Profile, "p-1", Role::Owner, "second")});
  ledger.when(last).then(
      {RoleRevoked{ScopeType::Profile, ScopeId("p-1"), Role::Owner, IdentityId("owner")}});
  // The account has its Owner from the one who signed it up.
  ledger.when(RevokeRole{ScopeType::Account, ScopeId("acc-2"), Role::Owner, kJeroen})
      .then_rejected("LAST_SCOPE_OWNER");
}

// Mail

InMemoryLedger before_mail() {
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-02", "25.00", "2024-03-12")});
  return ledger;
}

void opt_in(InMemoryLedger& ledger, const ScopeId& scope) {
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, scope, "2024-01"}, as("jeroen"));
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, scope, std::nullopt, std::nullopt},
              as("jeroen"));
}

void add_recipient(InMemoryLedger& ledger, std::string_view address) {
  ledger.when(AddEmailRecipient{ScopeType::Subscription, kScope01, std::string(address)},
              as("jeroen"));
}

std::vector<std::string> mailed(const InMemoryLedger& ledger) {
  std::vector<std::string> result;
  for (const InvoiceEmailQueued& mail : ledger.outcome<InvoiceEmailQueued>()) {
    result.push_back(mail.scope_id.text() + " " + *mail.address.value);
  }
  return result;
}
using Mails = std::vector<std::string>;

TEST(Scenarios, SC_72_NoOptInWithoutAcceptedTerms) {
  InMemoryLedger ledger = before_mail();
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, kScope01, std::nullopt, std::nullopt},
            as("jeroen"))
      .then_rejected("TERMS_NOT_ACCEPTED");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 2u);
  EXPECT_TRUE(mailed(ledger).empty());
}

TEST(Scenarios, SC_73_OnlyTheOptedInSubscriptionIsMailed) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  EXPECT_TRUE(ledger.state().email_preference(ScopeRef(SubscriptionId("sub-01")))->opted_in());
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 jeroen@contoso.example"}));
  EXPECT_EQ(ledger.outcome<InvoiceEmailQueued>()[0].because, EmailBecause::AccountAdministrator);
  // Delivering again finds nothing to do.
  ledger.when(DeliverInvoiceEmails{ledger.invoices()[0]->invoice_id}).then_nothing();
}

TEST(Scenarios, SC_73_ThePreferredAddressIsUsed) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  ledger.when(UpdatePreferredEmail{ScopeType::Subscription, kScope01, "jj@home.example"},
              as("jeroen"));
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 jj@home.example"}));
}

TEST(Scenarios, SC_74_RecipientsGetTheMailAndNoPermission) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  add_recipient(ledger, "fin@x.nl");
  add_recipient(ledger, "cfo@x.nl");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(mailed(ledger),
            (Mails{"sub-01 jeroen@contoso.example", "sub-01 fin@x.nl", "sub-01 cfo@x.nl"}));
  ledger.given({linked("fin", "fin@x.nl")});
  EXPECT_FALSE(view(ledger, "fin", *ledger.invoices()[0]).seen);
}

TEST(Scenarios, SC_75_ARemovedRecipientIsNotMailedNextMonth) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  add_recipient(ledger, "fin@x.nl");
  add_recipient(ledger, "cfo@x.nl");
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.when(RemoveEmailRecipient{ScopeType::Subscription, kScope01, std::nullopt, "cfo@X.nl"},
              as("jeroen"));
  ASSERT_EQ(ledger.outcome<EmailRecipientRemoved>().size(), 1u);
  const auto& recipients =
      ledger.state().email_preference(ScopeRef(SubscriptionId("sub-01")))->recipients;
  ASSERT_EQ(recipients.size(), 1u);
  EXPECT_EQ(recipients[0].address.value, "fin@x.nl");
  ledger.given({cost("sub-01", "7.00", "2024-04-20")})
      .when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 jeroen@contoso.example", "sub-01 fin@x.nl"}));
}

TEST(Scenarios, SC_76_OptingOutForgetsTheRecipients) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  add_recipient(ledger, "fin@x.nl");
  const RecipientId fin = ledger.state()
                              .email_preference(ScopeRef(SubscriptionId("sub-01")))
                              ->recipients[0]
                              .recipient_id;
  ledger.when(OptOutEmailInvoice{ScopeType::Subscription, kScope01}, as("jeroen"))
      .then({EmailRecipientRemoved{ScopeType::Subscription, kScope01, fin},
             EmailInvoiceOptedOut{ScopeType::Subscription, kScope01, std::nullopt}});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_TRUE(mailed(ledger).empty());
  // The terms are remembered; the recipients are not.
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kScope01, std::nullopt, std::nullopt},
              as("jeroen"));
  EXPECT_EQ(ledger.outcome<EmailInvoiceOptedIn>().size(), 1u);
  EXPECT_TRUE(
      ledger.state().email_preference(ScopeRef(SubscriptionId("sub-01")))->recipients.empty());
}

TEST(Scenarios, SC_77_MarketplaceInvoicesAreNotMailed) {
  InMemoryLedger ledger = before_mail();
  opt_in(ledger, kScope01);
  UsageRecorded spot = cost("sub-01", "12.34", "2024-03-20");
  spot.pricing_model = PricingModel::Spot;
  ledger.given({spot}).when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceIssued>()[0].type, InvoiceType::AzureMarketplace);
  EXPECT_TRUE(mailed(ledger).empty());
}

TEST(Scenarios, SC_78_AnOptedInSupportPlanIsMailed) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .given(jeroens_account())
      .given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  const ScopeId plan("plan-1");
  ledger.when(AcceptEmailTerms{ScopeType::SupportPlan, plan, "1"}, as("jeroen"));
  ledger.when(OptInEmailInvoice{ScopeType::SupportPlan, plan, std::nullopt, std::nullopt},
              as("jeroen"));
  // Not for the invoice issued before.
  ledger.when(DeliverInvoiceEmails{ledger.invoices()[0]->invoice_id}).then_nothing();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"plan-1 jeroen@contoso.example"}));
}

TEST(Scenarios, SC_79_OnlyTheAdministratorOptsIn) {
  InMemoryLedger ledger = before_mail();
  ledger.given({role(ScopeType::Subscription, "sub-01", Role::Contributor, "contributor")});
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, kScope01, std::nullopt, std::nullopt},
            as("contributor"))
      .then_rejected("NOT_ACCOUNT_ADMIN");
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, kScope01, std::nullopt, std::nullopt},
            as("stranger"))
      .then_rejected("NOT_FOUND");
  SubscriptionCreated in_open = subscription("sub-aio", "acc-1", "2024-03-11");
  in_open.offer_id = OfferId("MS-AZR-0111P");
  ledger.given({in_open});
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, ScopeId("sub-aio"), "1"}, as("jeroen"));
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("sub-aio"), std::nullopt,
                              std::nullopt},
            as("jeroen"))
      .then_rejected("NOT_SUPPORTED");
  BillingAccountOpened government = account("acc-gov", AccountType::MOSP, "2024-03-01");
  government.cloud = Cloud::Government;
  ledger.given({government, subscription("sub-gov", "acc-gov", "2024-03-11")});
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("sub-gov"), std::nullopt,
                              std::nullopt},
            as("jeroen"))
      .then_rejected("NOT_SUPPORTED");
}

TEST(Scenarios, SC_80_RoleHoldersOfAnOptedInProfileAreMailed) {
  InMemoryLedger ledger = two_profiles();
  ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-1"), std::nullopt, std::nullopt},
              as("contributor"));
  EXPECT_EQ(ledger.outcome<EmailInvoiceOptedIn>().size(), 1u);
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"p-1 owner@contoso.example", "p-1 contributor@contoso.example",
                                   "p-1 reader@contoso.example", "p-1 manager@contoso.example"}));
}

TEST(Scenarios, SC_81_AReaderDoesNotChangeThePreference) {
  InMemoryLedger ledger = two_profiles();
  ledger
      .when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-1"), std::nullopt, std::nullopt},
            as("reader"))
      .then_rejected("NOT_PROFILE_CONTRIBUTOR");
}

TEST(Scenarios, SC_83_WhoLostTheRoleGetsNothing) {
  InMemoryLedger ledger = two_profiles();
  ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-1"), std::nullopt, std::nullopt},
              as("owner"));
  ledger.given({RoleRevoked{ScopeType::Profile, ScopeId("p-1"), Role::InvoiceManager,
                            IdentityId("manager")}});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(mailed(ledger).size(), 3u);
}

TEST(Scenarios, SC_86_AViewerWithoutRelationSeesNothing) {
  InMemoryLedger ledger = invoiced();
  const Permission stranger = view(ledger, "stranger", *ledger.invoices()[0]);
  EXPECT_FALSE(stranger.seen);
  // In another directory not even those with a role.
  EXPECT_EQ(may(ledger.state(), as("jeroen", "elsewhere"), Action::ViewInvoices,
                AccessObject::of(*ledger.invoices()[0])),
            (Permission{false, false, "WRONG_TENANT"}));
  EXPECT_TRUE(may_in_own_tenant(ledger.state(), kJeroen, Action::ViewInvoices,
                                AccessObject::of(*ledger.invoices()[0])));
}

TEST(Scenarios, SC_110_AnotherAdministratorTakesOver) {
  InMemoryLedger ledger = invoiced();
  opt_in(ledger, kScope01);
  ledger.given({linked("anna", "anna@contoso.example"),
                AccountAdministratorChanged{AccountId("acc-1"), IdentityId("anna"), std::nullopt,
                                            std::nullopt}});
  EXPECT_FALSE(view(ledger, "jeroen", *ledger.invoices()[0]).seen);
  EXPECT_TRUE(view(ledger, "anna", *ledger.invoices()[0]).allowed);
  ledger.given({cost("sub-01", "7.00", "2024-04-20")})
      .when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 anna@contoso.example"}));
}

/// Decision 0085: the opt-in and its recipients remain, the address that the old one preferred does not.
TEST(Scenarios, SC_110_AnAddressThatTheOldAdministratorPreferredGetsNothingMore) {
  InMemoryLedger ledger = invoiced();
  const ScopeRef scope(SubscriptionId("sub-01"));
  opt_in(ledger, kScope01);
  ledger.when(UpdatePreferredEmail{ScopeType::Subscription, kScope01, "jeroen@home.example"}, as("jeroen"));
  const AccountAdministratorChanged to_anna{AccountId("acc-1"), IdentityId("anna"), std::nullopt, std::nullopt};
  ledger.given({linked("anna", "anna@contoso.example"),
                AccountAdministratorChanged{AccountId("acc-1"), kJeroen, std::nullopt, std::nullopt}});
  EXPECT_TRUE(ledger.state().email_preference(scope)->preferred_email) << "he is the same";
  ledger.given({to_anna});
  ledger.given({cost("sub-01", "7.00", "2024-04-20")})
      .when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 anna@contoso.example"}));
  ledger.when(UpdatePreferredEmail{ScopeType::Subscription, kScope01, "bills@contoso.example"}, as("anna"));
  ledger.given({cost("sub-01", "7.00", "2024-05-20")})
      .when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(mailed(ledger), (Mails{"sub-01 bills@contoso.example"}));
}

}  // namespace
}  // namespace daybook::testing
