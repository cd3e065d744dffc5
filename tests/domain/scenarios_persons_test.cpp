#include <gtest/gtest.h>

#include "ledger/domain/answers/billing_scopes_answer.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/account.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/customer.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/support/billing_facts.h"

/// Acceptance scenarios of domain.md 10 by their numbers: persons, invitations, the scopes they
/// reach.
namespace daybook::testing {
namespace {

const ScopeId kJeroensProfile{"p-1"};

AssignRole manager_by_email(std::string_view email) {
  return {ScopeType::Profile, kJeroensProfile, Role::InvoiceManager, std::nullopt, std::string(email)};
}

/// An MCA account of the directory contoso with one profile.
InMemoryLedger agreement() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

bool manages(const InMemoryLedger& ledger, std::string_view who) {
  const Access* access = ledger.state().access(ScopeRef(ProfileId("p-1")));
  return access != nullptr &&
         access->holds(IdentityId(std::string(who)), Role::InvoiceManager);
}

TEST(Scenarios, SC_98_MailGoesToTheCommunicationEmail) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(jeroens_account()).given({cost("sub-01", "40.00", "2024-03-07")});
  const ScopeId scope("sub-01");
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, scope, "1"}, as("jeroen"));
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, scope, std::nullopt, std::nullopt},
              as("jeroen"));
  ledger.when(UpdateProfile{"jj@home.example", Language::nl}, as("jeroen"))
      .then({CommunicationEmailChanged{kJeroen, Personal<std::string>("jj@home.example")},
             LanguageChanged{kJeroen, Language::nl}});
  ledger.when(UpdateProfile{"jj@home.example", Language::nl}, as("jeroen")).then_nothing();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].address.value, "jj@home.example");
  // The sign-in e-mail, which access is judged by, stays.
  EXPECT_EQ(ledger.state().identity(kJeroen)->email.value, "jeroen@contoso.example");
  ledger.when(UpdateProfile{"", std::nullopt}, as("jeroen"))
      .then({CommunicationEmailChanged{kJeroen, std::nullopt}});
}

TEST(Scenarios, SC_99_ARoleByEmailGoesToTheIdentityOfTheDirectory) {
  InMemoryLedger ledger = agreement();
  ledger.given({linked("ivo", "ivo@contoso.example"),
                linked("ivo-elsewhere", "ivo@contoso.example", "elsewhere")});
  ledger.when(manager_by_email("ivo@Contoso.example"), as("jeroen"))
      .then({RoleAssigned{ScopeType::Profile, kJeroensProfile, Role::InvoiceManager, IdentityId("ivo")}});
  ledger.when(manager_by_email("ivo@contoso.example"), as("jeroen")).then_nothing();
  ledger.given({linked("ivo-2", "ivo@contoso.example")});
  ledger.when(manager_by_email("ivo@contoso.example"), as("jeroen"))
      .then_rejected("AMBIGUOUS_IDENTITY", "/email");
  EXPECT_NE(ledger.error()->detail.find("ivo-2"), std::string::npos);
  EXPECT_EQ(ledger.error()->detail.find("elsewhere"), std::string::npos);
}

TEST(Scenarios, SC_100_AnInvitationBecomesTheRoleWhenThePersonComes) {
  InMemoryLedger ledger = agreement();
  ledger.when(OptInEmailInvoice{ScopeType::Profile, kJeroensProfile, std::nullopt, std::nullopt},
              as("jeroen"));
  ledger.when(manager_by_email("new@contoso.example"), as("jeroen"));
  const auto invited = ledger.outcome<RoleInvited>();
  ASSERT_EQ(invited.size(), 1u);
  EXPECT_EQ(invited[0].expires_on, day("2024-03-31"));
  EXPECT_EQ(invited[0].invited_by, kJeroen);
  ledger.when(manager_by_email("new@contoso.example"), as("jeroen")).then_rejected("DUPLICATE");
  ledger.at("2024-03-04").post({linked("nora", "new@contoso.example")});
  ledger.then({RoleInvitationAccepted{invited[0].invitation_id, ScopeType::Profile, kJeroensProfile,
                                      IdentityId("nora")},
               RoleAssigned{ScopeType::Profile, kJeroensProfile, Role::InvoiceManager,
                            IdentityId("nora")}});
  EXPECT_TRUE(manages(ledger, "nora"));
  ledger.when(WithdrawInvitation{invited[0].invitation_id}, as("jeroen"))
      .then_rejected("ALREADY_ACCEPTED");
}

TEST(Scenarios, SC_100_OnDay31TheInvitationIsGone) {
  InMemoryLedger ledger = agreement();
  ledger.when(manager_by_email("new@contoso.example"), as("jeroen"));
  ledger.when(AdvanceClock{midnight("2024-03-30"), true});
  EXPECT_TRUE(ledger.outcome<RoleInvitationExpired>().empty());
  ledger.when(AdvanceClock{midnight("2024-03-31"), true});
  EXPECT_EQ(ledger.outcome<RoleInvitationExpired>().size(), 1u);
  ledger.given({linked("nora", "new@contoso.example")});
  EXPECT_TRUE(ledger.events().empty());
  EXPECT_FALSE(manages(ledger, "nora"));
}

TEST(Invitations, AreForIdentitiesOfTheDirectoryAlone) {
  InMemoryLedger ledger = agreement();
  ledger.when(manager_by_email("new@contoso.example"), as("jeroen"));
  ledger.given({linked("nora", "new@contoso.example", "elsewhere")});
  EXPECT_FALSE(manages(ledger, "nora"));
  ledger.given({AssociatedTenantAdded{AccountId("acc-2"), TenantId("elsewhere")},
                linked("nora", "new@contoso.example", "elsewhere")});
  EXPECT_TRUE(manages(ledger, "nora"));
}

TEST(Invitations, AreWithdrawnByWhoeverAssignsRoles) {
  InMemoryLedger ledger = agreement();
  ledger.given({linked("ria", "ria@contoso.example"),
                role(ScopeType::Profile, "p-1", Role::Reader, "ria")});
  ledger.when(manager_by_email("new@contoso.example"), as("jeroen"));
  const InvitationId id = ledger.outcome<RoleInvited>()[0].invitation_id;
  ledger.when(WithdrawInvitation{InvitationId("none")}).then_rejected("NOT_FOUND");
  ledger.when(WithdrawInvitation{id}, as("ria")).then_rejected("NO_PERMISSION");
  ledger.when(WithdrawInvitation{id}, as("stranger")).then_rejected("NOT_FOUND");
  ledger.when(WithdrawInvitation{id}, as("jeroen"))
      .then({RoleInvitationWithdrawn{id, ScopeType::Profile, kJeroensProfile}});
  ledger.when(WithdrawInvitation{id}, as("jeroen")).then_nothing();
  ledger.given({linked("nora", "new@contoso.example")});
  EXPECT_FALSE(manages(ledger, "nora"));
}

TEST(Invitations, RefuseWhatIsWrong) {
  InMemoryLedger ledger = agreement();
  ledger.when(manager_by_email("nobody"), as("jeroen")).then_rejected("INVALID_EMAIL", "/email");
  AssignRole both = manager_by_email("new@contoso.example");
  both.identity_id = IdentityId("nora");
  ledger.when(both).then_rejected("INVALID_FIELD", "/identityId");
  both.identity_id.reset();
  both.email.reset();
  ledger.when(both).then_rejected("INVALID_FIELD", "/identityId");
}

TEST(UpdatingAProfile, IsForThePerson) {
  InMemoryLedger ledger = agreement();
  ledger.when(UpdateProfile{"a@b.example", std::nullopt}).then_rejected("NO_IDENTITY");
  ledger.when(UpdateProfile{"nobody", std::nullopt}, as("jeroen"))
      .then_rejected("INVALID_EMAIL", "/communicationEmail");
  ledger.when(UpdateProfile{"a@b.example", std::nullopt}, as("never-linked"))
      .then_rejected("NOT_FOUND");
}

TEST(Scenarios, SC_110_TheAdministratorHandsTheAccountOver) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({linked("anna", "anna@contoso.example"), linked("eve", "eve@x.example", "elsewhere"),
              account("acc-2", AccountType::MCA, "2024-03-01")});
  const AccountId id("acc-1");
  ledger.when(ChangeAccountAdministrator{id, IdentityId("anna")}, as("anna"))
      .then_rejected("NOT_FOUND");
  ledger.given({role(ScopeType::Subscription, "sub-01", Role::Owner, "anna")});
  ledger.when(ChangeAccountAdministrator{id, IdentityId("anna")}, as("anna"))
      .then_rejected("NOT_ACCOUNT_ADMIN");
  ledger.when(ChangeAccountAdministrator{id, IdentityId("eve")}, as("jeroen"))
      .then_rejected("TENANT_NOT_ASSOCIATED", "/identityId");
  ledger.when(ChangeAccountAdministrator{AccountId("acc-2"), IdentityId("anna")})
      .then_rejected("NOT_MOSP");
  ledger.when(ChangeAccountAdministrator{id, IdentityId("anna")}, as("jeroen"))
      .then({AccountAdministratorChanged{id, IdentityId("anna"), kJeroen, day("2024-03-12")}});
  ledger.when(ChangeAccountAdministrator{id, IdentityId("anna")}, as("anna")).then_nothing();
  // Of a fact the ledger fills in who was before.
  ledger.given({AccountAdministratorChanged{id, IdentityId("otto"), std::nullopt, std::nullopt}});
  EXPECT_EQ(ledger.state().account(id)->administrator, IdentityId("otto"));
}

std::vector<std::string> reached(const InMemoryLedger& ledger, const Viewer& viewer) {
  const auto answer = billing_scopes_answer(ledger.state(), viewer, {});
  std::vector<std::string> texts;
  if (!answer) return texts;
  for (const BillingScopeView& scope : answer->items)
    texts.push_back(std::string(wire_name(scope.scope_type)) + "/" + scope.scope_id.text());
  return texts;
}

TEST(Scenarios, SC_115_ThePersonReachesWhatHeHasARoleOn) {
  InMemoryLedger ledger = agreement();
  BillingAccountOpened own = account("acc-1", AccountType::MOSP, "2024-03-01");
  own.signed_up_by = IdentityId("ria");
  ledger.given({own, subscription("sub-01", "acc-1", "2024-03-01"),
                subscription("sub-s", "acc-1", "2024-03-01"),
                support_plan("plan-1", "sub-s", "100.00", "2024-03-01"),
                profile("p-2", "acc-2"), linked("ria", "ria@contoso.example"),
                role(ScopeType::Profile, "p-1", Role::Reader, "ria")});
  EXPECT_EQ(reached(ledger, as("ria")),
            (std::vector<std::string>{"Account/acc-1", "Profile/p-1", "Subscription/sub-01",
                                      "Subscription/sub-s", "SupportPlan/plan-1"}));
  const auto answer = billing_scopes_answer(ledger.state(), as("ria"), {});
  ASSERT_TRUE(answer.has_value());
  const BillingScopeView& profile = answer->items[1];
  EXPECT_EQ(profile.account_type, AccountType::MCA);
  EXPECT_EQ(profile.roles, (std::vector<OwnRoleView>{{"Reader", false}}));
  EXPECT_EQ(profile.can, (std::vector<ScopeAbility>{ScopeAbility::ViewInvoices,
                                                    ScopeAbility::DownloadUsage}));
  EXPECT_EQ(answer->items[2].roles, (std::vector<OwnRoleView>{{"AccountAdministrator", true}}));
  EXPECT_EQ(profile.may_ask_for, std::vector<ScopeRequest>{});
  EXPECT_EQ(answer->items[0].may_ask_for,
            (std::vector<ScopeRequest>{ScopeRequest::CreateSubscription, ScopeRequest::ManagePaymentMethods}));
  EXPECT_TRUE(reached(ledger, as("ria", "elsewhere")).empty());
  EXPECT_EQ(billing_scopes_answer(ledger.state(), Viewer::operating(), {}).error().code,
            "NOT_FOUND");
}

TEST(BillingScopes, NameWhatOnlyTheProgramThatPostsFactsCanDo) {
  InMemoryLedger ledger = agreement();
  ledger.given({linked("olga", "olga@contoso.example"), linked("mia", "mia@contoso.example"),
                role(ScopeType::Account, "acc-2", Role::Owner, "olga"),
                role(ScopeType::Profile, "p-1", Role::InvoiceManager, "mia")});
  const auto may_ask_for = [&](const char* identity, std::size_t index) {
    return billing_scopes_answer(ledger.state(), as(identity), {})->items.at(index).may_ask_for;
  };
  using Requests = std::vector<ScopeRequest>;
  EXPECT_EQ(may_ask_for("olga", 0), (Requests{ScopeRequest::CreateProfile, ScopeRequest::CreateSubscription,
                                              ScopeRequest::ManagePaymentMethods}));
  EXPECT_EQ(may_ask_for("olga", 1), (Requests{ScopeRequest::CreateSection, ScopeRequest::CreateSubscription,
                                              ScopeRequest::ManagePaymentMethods}));
  EXPECT_EQ(may_ask_for("mia", 0), Requests{ScopeRequest::CreateSubscription});
  ledger.when(SetPolicy{"mca.invoiceManagerCreates", JsonText{"\"never\""}, {}});  // CF-14
  EXPECT_EQ(may_ask_for("mia", 0), Requests{});
}

TEST(Scenarios, SC_103_APartnersPagesOpenWithTheFirstPlan) {
  InMemoryLedger ledger;
  BillingProfileCreated of_partner = profile("p-p", "acc-p");
  ledger.at("2024-10-01")
      .given({account("acc-p", AccountType::MPA, "2024-10-01"), of_partner,
              CustomerRegistered{CustomerId("c-1"), AccountId("acc-p"), TenantId("t-c"), "C"}});
  const auto of_account = [&] {
    return billing_scopes_answer(ledger.state(), as("jeroen"), {}).value().items.front();
  };
  EXPECT_FALSE(of_account().available);
  EXPECT_TRUE(of_account().hint.has_value());
  SubscriptionCreated plan = subscription("sub-p", "acc-p", "2024-10-02");
  plan.profile_id = ProfileId("p-p");
  plan.customer_id = CustomerId("c-1");
  plan.offer_id = OfferId("MS-AZR-0017G");
  ledger.given({plan});
  EXPECT_TRUE(of_account().available);
  EXPECT_FALSE(of_account().hint.has_value());
}

}  // namespace
}  // namespace daybook::testing
