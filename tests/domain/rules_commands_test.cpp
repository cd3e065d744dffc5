#include <gtest/gtest.h>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/account.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/rules/mail.h"
#include "tests/support/billing_facts.h"

/// Every refusal of a command (domain.md 9.3, 5.5), and that wishes already true make nothing
/// happen.
namespace daybook::testing {
namespace {

const ScopeId kSub01Scope{"sub-01"};
const ScopeId kP1{"p-1"};

class Commands : public ::testing::Test {
 protected:
  Commands() {
    ledger.at("2024-03-12")
        .given(jeroens_account())
        .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
                in_section(subscription("sub-03", "acc-2", "2024-03-05"), "p-1"),
                card("card-1", "acc-1", {"sub-01"}),
                role(ScopeType::Subscription, "sub-01", Role::Owner, "owner"),
                role(ScopeType::Profile, "p-1", Role::Contributor, "contributor")});
  }
  InvoiceId an_invoice() {
    ledger.given({cost("sub-01", "40.00", "2024-03-07")})
        .when(AdvanceClock{midnight("2024-05-02"), true});
    return ledger.invoices().back()->invoice_id;
  }
  InMemoryLedger ledger;
};

TEST_F(Commands, NobodyReadsRequestsForSupport) {
  ledger.when(CreateSupportRequest(), as("jeroen")).then_rejected("SUPPORT_NOT_CONFIGURED");
}

TEST_F(Commands, TheClockOnlyMovesForward) {
  ledger.when(AdvanceClock{midnight("2024-03-11"), true}).then_rejected("CLOCK_NOT_FORWARD", "/to");
  ledger.when(AdvanceClock{midnight("2024-03-12"), true}).then_nothing();
  ledger.when(AdvanceClock{midnight("2024-03-13"), false})
      .then({ClockAdvanced{midnight("2024-03-13")}});
  EXPECT_EQ(ledger.state().clock().now, midnight("2024-03-13"));
}

TEST_F(Commands, RunsOfDaysToComeAreRefused) {
  ledger.when(RunInvoicing{day("2024-03-13")}).then_rejected("CLOCK_BEHIND");
  ledger.when(RunMospInvoicing{day("2024-03-13")}).then_rejected("CLOCK_BEHIND");
  ledger.when(RunMarketplaceInvoicing{day("2024-03-13")}).then_rejected("CLOCK_BEHIND");
  ledger.when(RunProfileInvoicing{day("2024-03-13")}).then_rejected("CLOCK_BEHIND");
  ledger.when(EvaluateDunning{day("2024-03-13")}).then_rejected("CLOCK_BEHIND");
}

TEST_F(Commands, WhatOnlyTheOperatorMayDo) {
  for (const CommandData& command : {CommandData(AdvanceClock{midnight("2024-03-13"), true}),
                                     CommandData(RunInvoicing{day("2024-03-12")}),
                                     CommandData(EvaluateDunning{day("2024-03-12")}),
                                     CommandData(DeliverInvoiceEmails{InvoiceId("E1")}),
                                     CommandData(SetPolicy{"ea.portalInvoices", {"true"}, {}}),
                                     CommandData(CreateKey{"k", {Right::Read}, {}, {}, {}})}) {
    ledger.when(command, as("jeroen")).then_rejected("FORBIDDEN");
    EXPECT_EQ(ledger.error()->kind, ErrorKind::Forbidden);
    ledger.when(command, Viewer::operating_in(kContoso)).then_rejected("FORBIDDEN");
  }
  ledger.when(RevokeKey{KeyId("k")}, Viewer::operating_in(kContoso)).then_rejected("FORBIDDEN");
}

TEST_F(Commands, SetInvoiceSharing) {
  ledger.when(SetInvoiceSharing{SubscriptionId("no"), true}, as("jeroen"))
      .then_rejected("NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("stranger")).then_rejected("NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen", "elsewhere"))
      .then_rejected("NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, Viewer::operating_in(TenantId("fabrikam")))
      .then_rejected("NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("owner")).then_rejected("NOT_ACCOUNT_ADMIN");
  // Who may not is told so before what there is (R-72).
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-03"), true}, as("contributor"))
      .then_rejected("NOT_ACCOUNT_ADMIN");
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-03"), true}).then_rejected("NOT_MOSP");
  ledger.when(ChangeAccountAdministrator{AccountId("acc-2"), kJeroen}, as("jeroen"))
      .then_rejected("NOT_ACCOUNT_ADMIN");
  ledger.when(ChangeAccountAdministrator{AccountId("acc-2"), kJeroen}).then_rejected("NOT_MOSP");
  ledger.when(SetInvoiceSharing{kSub01, false}, as("jeroen")).then_nothing();
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen")).then_nothing();
}

TEST_F(Commands, AssignRole) {
  const auto assign = [](ScopeType type, std::string_view scope, Role what, std::string_view who) {
    return AssignRole{type, ScopeId(std::string(scope)), what, IdentityId(std::string(who)), {}};
  };
  ledger.when(assign(ScopeType::Profile, "no", Role::Owner, "x")).then_rejected("NOT_FOUND");
  EXPECT_EQ(permission_reason(*ledger.error()), std::nullopt);
  ledger.when(assign(ScopeType::Profile, "p-1", Role::Owner, "x"), as("contributor"))
      .then_rejected("NO_PERMISSION");
  EXPECT_EQ(ledger.error()->kind, ErrorKind::Forbidden);
  EXPECT_EQ(permission_reason(*ledger.error()), "NO_PERMISSION_MCA");
  ledger.when(assign(ScopeType::Profile, "p-1", Role::BillingReader, "x"), as("jeroen"))
      .then_rejected("INVALID_FIELD", "/role");
  ledger.given({linked("foreigner", "f@fabrikam.example", "fabrikam")});
  ledger.when(assign(ScopeType::Profile, "p-1", Role::Reader, "foreigner"), as("jeroen"))
      .then_rejected("TENANT_NOT_ASSOCIATED", "/identityId");
  ledger
      .when(AssignRole{ScopeType::Profile, kP1, Role::Reader, {}, "nobody"}, as("jeroen"))
      .then_rejected("INVALID_EMAIL", "/email");
  ledger.when(AssignRole{ScopeType::Profile, kP1, Role::Reader, {}, {}}, as("jeroen"))
      .then_rejected("INVALID_FIELD", "/identityId");
  ledger.when(assign(ScopeType::Profile, "p-1", Role::Reader, "x"), as("jeroen"))
      .then({RoleAssigned{ScopeType::Profile, kP1, Role::Reader, IdentityId("x")}});
  ledger.when(assign(ScopeType::Profile, "p-1", Role::Reader, "x"), as("jeroen")).then_nothing();
  // A subscription's owner assigns its roles; so does the Account Administrator.
  ledger.when(assign(ScopeType::Subscription, "sub-01", Role::Reader, "x"), as("owner"));
  EXPECT_EQ(ledger.outcome<RoleAssigned>().size(), 1u);
  ledger.when(assign(ScopeType::Subscription, "sub-02", Role::Reader, "x"), as("jeroen"));
  EXPECT_EQ(ledger.outcome<RoleAssigned>().size(), 1u);
  // Under an agreement of profiles too (5.5), and of its own alone.
  ledger.given({in_section(subscription("sub-04", "acc-2", "2024-03-05"), "p-1"),
                role(ScopeType::Subscription, "sub-03", Role::Owner, "owner")});
  ledger.when(assign(ScopeType::Subscription, "sub-03", Role::Reader, "x"), as("owner"));
  EXPECT_EQ(ledger.outcome<RoleAssigned>().size(), 1u);
  ledger.when(assign(ScopeType::Subscription, "sub-04", Role::Reader, "x"), as("owner"))
      .then_rejected("NOT_FOUND");
  ledger.when(assign(ScopeType::Profile, "p-1", Role::Reader, "x"), as("owner"))
      .then_rejected("NO_PERMISSION");
}

TEST_F(Commands, RevokeRole) {
  const RevokeRole contributor{ScopeType::Profile, kP1, Role::Contributor,
                               IdentityId("contributor")};
  ledger.when(contributor, as("contributor")).then_rejected("NO_PERMISSION");
  ledger.when(contributor, as("jeroen"))
      .then({RoleRevoked{ScopeType::Profile, kP1, Role::Contributor, IdentityId("contributor")}});
  ledger.when(contributor, as("jeroen")).then_nothing();
}

TEST_F(Commands, EmailPreferences) {
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("no"), {}, {}}, as("jeroen"))
      .then_rejected("NOT_FOUND");
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("sub-03"), {}, {}}, as("jeroen"))
      .then_rejected("NOT_SUPPORTED", "/scopeType");
  ledger.when(OptInEmailInvoice{ScopeType::Account, ScopeId("acc-1"), {}, {}}, as("jeroen"))
      .then_rejected("NOT_SUPPORTED", "/scopeType");
  const AcceptEmailTerms terms{ScopeType::Subscription, kSub01Scope, "1"};
  ledger.when(terms, as("owner")).then_rejected("NOT_ACCOUNT_ADMIN");
  ledger.when(terms, as("jeroen"))
      .then({EmailInvoiceTermsAccepted{ScopeType::Subscription, kSub01Scope, "1", kJeroen}});
  ledger.when(terms, as("jeroen")).then_nothing();
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kSub01Scope, "nobody", {}}, as("jeroen"))
      .then_rejected("INVALID_EMAIL", "/preferredEmail");
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kSub01Scope, {}, true}, as("jeroen"))
      .then_rejected("PRODUCT_EXCLUDED", "/includeMarketplace");
  ledger
      .when(UpdatePreferredEmail{ScopeType::Subscription, kSub01Scope, "a@b.example"}, as("jeroen"))
      .then_rejected("NOT_OPTED_IN");
  EXPECT_EQ(ledger.error()->kind, ErrorKind::Conflict);
  ledger.when(AddEmailRecipient{ScopeType::Subscription, kSub01Scope, "a@b.example"}, as("jeroen"))
      .then_rejected("NOT_OPTED_IN");
  ledger.when(OptOutEmailInvoice{ScopeType::Subscription, kSub01Scope}, as("jeroen"))
      .then_nothing();
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kSub01Scope, {}, {}}, as("jeroen"));
  EXPECT_EQ(ledger.outcome<EmailInvoiceOptedIn>()[0].terms_version, "1");
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kSub01Scope, {}, {}}, as("jeroen"))
      .then_nothing();
  ledger.when(AddEmailRecipient{ScopeType::Subscription, kSub01Scope, "a@b.example "}, as("jeroen"))
      .then_rejected("INVALID_EMAIL", "/address");
  ledger.when(AddEmailRecipient{ScopeType::Subscription, kSub01Scope, "a@b.example"}, as("jeroen"));
  ledger.when(AddEmailRecipient{ScopeType::Subscription, kSub01Scope, "a@B.Example"}, as("jeroen"))
      .then_rejected("DUPLICATE", "/address");
  ledger.when(RemoveEmailRecipient{ScopeType::Subscription, kSub01Scope, {}, {}}, as("jeroen"))
      .then_rejected("INVALID_FIELD");
  ledger
      .when(RemoveEmailRecipient{ScopeType::Subscription, kSub01Scope, RecipientId("no"), {}},
            as("jeroen"))
      .then_rejected("UNKNOWN_REFERENCE", "/recipientId");
  ledger
      .when(RemoveEmailRecipient{ScopeType::Subscription, kSub01Scope, {}, "x@y.example"},
            as("jeroen"))
      .then_rejected("UNKNOWN_REFERENCE", "/address");
}

/// EML-18: two spellings of one domain are one address, so that of other letters is given as xn--.
TEST_F(Commands, ADomainOfOtherLettersIsGivenInItsAsciiForm) {
  ledger.when(OptInEmailInvoice{ScopeType::Profile, kP1, {}, {}}, as("contributor"));
  const auto add = [&](std::string_view address) -> InMemoryLedger& {
    return ledger.when(AddEmailRecipient{ScopeType::Profile, kP1, std::string(address)},
                       as("contributor"));
  };
  for (const std::string_view address : {"a@münchen.example", "a@MÜNCHEN.example"}) {
    add(address).then_rejected("INVALID_EMAIL", "/address");
    ASSERT_TRUE(ledger.error());
    EXPECT_NE(ledger.error()->detail.find("xn--"), std::string::npos) << ledger.error()->detail;
    ledger.when(UpdatePreferredEmail{ScopeType::Profile, kP1, std::string(address)}, as("contributor"))
        .then_rejected("INVALID_EMAIL", "/address");
  }
  add("ü@xn--mnchen-3ya.example");
  EXPECT_EQ(ledger.outcome<EmailRecipientAdded>().size(), 1u);
  add("ü@XN--MNCHEN-3YA.Example").then_rejected("DUPLICATE", "/address");
  ledger.given({linked("jeroen", "jeroen@contoso.example")});
  ledger.when(UpdateProfile{"jeroen@münchen.example", {}}, as("jeroen"))
      .then_rejected("INVALID_EMAIL", "/communicationEmail");
  ledger.post({AccountsPayableContactAdded{ProfileId("p-1"), Personal<std::string>("ap@münchen.example"), {}}})
      .then_rejected("INVALID_EMAIL", "/data/newValue");
}

TEST_F(Commands, EmailOfAProfileNeedsNoTerms) {
  ledger.when(OptInEmailInvoice{ScopeType::Profile, kP1, {}, {}}, as("contributor"));
  EXPECT_EQ(ledger.outcome<EmailInvoiceOptedIn>().size(), 1u);
}

TEST_F(Commands, RecipientsOfAProfileWithoutOptInWhereThePolicySaysSo) {
  const AddEmailRecipient add{ScopeType::Profile, kP1, "a@b.example"};
  ledger.when(add, as("contributor")).then_rejected("NOT_OPTED_IN");
  ledger.when(SetPolicy{"email.profileRecipients", {R"("independent")"}, {}});
  ledger.when(add, as("contributor"));
  EXPECT_EQ(ledger.outcome<EmailRecipientAdded>().size(), 1u);
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.outcome<InvoiceEmailQueued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoiceEmailQueued>()[0].because, EmailBecause::Recipient);
}

TEST_F(Commands, SupportPlansAreNotMailedWhereThePolicySaysSo) {
  ledger.given({support_plan("plan-1", "sub-02", "100.00", "2024-03-12")});
  ledger.when(SetPolicy{"email.supportPlans", {"false"}, {}});
  ledger.when(OptInEmailInvoice{ScopeType::SupportPlan, ScopeId("plan-1"), {}, {}}, as("jeroen"))
      .then_rejected("PRODUCT_EXCLUDED");
}

TEST_F(Commands, PartnerAccountsAreNotMailed) {
  BillingAccountOpened partner = account("acc-p", AccountType::MCA, "2024-03-01");
  partner.channel = SalesChannel::Partner;
  ledger.given({partner, profile("p-p", "acc-p")});
  ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-p"), {}, {}}, as("jeroen"))
      .then_rejected("NOT_SUPPORTED");
}

TEST_F(Commands, DeliverInvoiceEmails) {
  ledger.when(DeliverInvoiceEmails{InvoiceId("no")}).then_rejected("NOT_FOUND");
  const InvoiceId id = an_invoice();
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, kSub01Scope, "1"});
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, kSub01Scope, {}, {}});
  ledger.when(DeliverInvoiceEmails{id}).then_nothing();  // issued before the opt-in
}

TEST_F(Commands, PayNow) {
  const InvoiceId id = an_invoice();
  ledger.given({card("wire-1", "acc-1", {}, PaymentFamily::CheckWire), card("card-9", "acc-2")});
  ledger.when(PayNow{InvoiceId("no"), MethodId("card-1"), {}}, as("jeroen"))
      .then_rejected("NOT_FOUND");
  ledger.when(PayNow{id, MethodId("card-1"), {}}, as("owner"))
      .then_rejected("NOT_FOUND");  // toggle off
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  ledger.when(PayNow{id, MethodId("card-1"), {}}, as("owner")).then_rejected("NO_PERMISSION");
  ledger.when(PayNow{id, MethodId("card-9"), {}}, as("jeroen"))
      .then_rejected("UNKNOWN_REFERENCE", "/methodId");
  ledger.when(PayNow{id, MethodId("wire-1"), {}}, as("jeroen"))
      .then_rejected("METHOD_NOT_ALLOWED", "/methodId");
  ledger.given({decline(id, "p-0")});
  ledger.when(PayNow{id, MethodId("card-1"), {}}, as("jeroen"));
  EXPECT_EQ(ledger.outcome<InvoicePaymentSucceeded>().size(), 1u);
  EXPECT_EQ(ledger.outcome<InvoicePaid>().size(), 1u);
  EXPECT_EQ(ledger.outcome<SubscriptionReenabled>().size(), 1u);
  ledger.when(PayNow{id, MethodId("card-1"), {}}, as("jeroen")).then_rejected("ALREADY_PAID");
}

/// R-85: whichever direction of the rate is posted says what 50,000 dollars are.
TEST_F(Commands, TheCardLimitIsByTheRateOfEitherDirection) {
  const auto post_rate = [&](Currency from, Currency to, std::string_view rate) {
    ledger.given({ExchangeRateChanged{from, to, decimal(rate), day("2024-01-01")}});
  };
  const Currency yen = Currency::parse("JPY").value();
  BillingAccountOpened opened = account("acc-r", AccountType::MCA, "2024-03-01");
  opened.channel = SalesChannel::Representative;
  BillingProfileCreated p = profile("p-r", "acc-r");
  p.currency = yen;
  UsageRecorded yens = cost("yens", "7000000", "2024-03-12");
  yens.currency = yen;
  ledger.given({opened, p, in_section(subscription("yens", "acc-r", "2024-03-05"), "p-r"), yens, card("card-r", "acc-r")});
  post_rate(yen, kUsd, "0.008");
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const PayNow pay{ledger.invoices().back()->invoice_id, MethodId("card-r"), {}};
  // 7,000,000 yen are 56,000 dollars by the one; by the other 50,000 dollars are 6,950,000 yen, then 7,000,000.
  ledger.when(pay, as("jeroen")).then_rejected("AMOUNT_OVER_CARD_LIMIT");
  post_rate(kUsd, yen, "139");
  ledger.when(pay, as("jeroen")).then_rejected("AMOUNT_OVER_CARD_LIMIT");
  post_rate(kUsd, yen, "140");
  ledger.when(pay, as("jeroen"));
  EXPECT_FALSE(ledger.error());
}

TEST_F(Commands, SC_54_CardsPayARepresentativesInvoicesUpToFiftyThousandDollars) {
  BillingAccountOpened opened = account("acc-r", AccountType::MCA, "2024-03-01");
  opened.channel = SalesChannel::Representative;
  BillingProfileCreated p = profile("p-r", "acc-r");
  p.currency = kUsd;
  BillingProfileCreated q = profile("q-r", "acc-r");
  q.currency = kUsd;
  UsageRecorded much = cost("much", "60000.00", "2024-03-12");
  UsageRecorded less = cost("less", "49999.00", "2024-03-12");
  much.currency = less.currency = kUsd;
  ledger.given({opened, p, q, in_section(subscription("much", "acc-r", "2024-03-05"), "p-r"),
                in_section(subscription("less", "acc-r", "2024-03-05"), "q-r"), much, less,
                card("card-r", "acc-r")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  InvoiceId of_p;
  InvoiceId of_q;
  for (const Invoice* invoice : ledger.invoices())
    (invoice->scope.id == "p-r" ? of_p : of_q) = invoice->invoice_id;
  ledger.when(PayNow{of_p, MethodId("card-r"), {}}, as("jeroen"))
      .then_rejected("AMOUNT_OVER_CARD_LIMIT");
  EXPECT_NE(ledger.error()->detail.find("up to 50000 USD"), std::string::npos) << ledger.error()->detail;
  ledger.when(SetPolicy{"payment.cardLimit", {"59999"}, {}});
  ledger.when(PayNow{of_p, MethodId("card-r"), {}}, as("jeroen"))
      .then_rejected("AMOUNT_OVER_CARD_LIMIT");
  EXPECT_NE(ledger.error()->detail.find("up to 59999 USD"), std::string::npos) << ledger.error()->detail;
  ledger.when(PayNow{of_q, MethodId("card-r"), {}}, as("jeroen"));
  EXPECT_EQ(ledger.state().invoice(of_q)->status, InvoiceStatus::Paid);
}

TEST_F(Commands, SetPolicy) {
  ledger.when(SetPolicy{"no.such", {"true"}, {}}).then_rejected("INVALID_FIELD", "/policy");
  ledger.when(SetPolicy{"ea.portalInvoices", {R"("yes")"}, {}})
      .then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"invoiceDay.mpa", {"29"}, {}}).then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"dunning.retryDays", {"[3,7,"}, {}})
      .then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"mca.emailRoles", {R"(["Owner","Nobody"])"}, {}})
      .then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"mosp.delegatedFrom", {R"("2016-13-01")"}, {}})
      .then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"tax.receiptCountries", {R"(["nl"])"}, {}}).then_rejected("INVALID_FIELD", "/value");
  ledger.when(SetPolicy{"ea.portalInvoices", {"true"}, AccountId("acc-1")})
      .then_rejected("INVALID_FIELD", "/accountId");
  ledger.when(SetPolicy{"ea.portalInvoices", {"false"}, {}}).then_nothing();
  ledger.when(SetPolicy{"mca.emailRoles", {R"(["Owner","Contributor"])"}, {}});
  EXPECT_EQ(ledger.state().policies().words("mca.emailRoles"),
            (std::vector<std::string>{"Owner", "Contributor"}));
  EXPECT_EQ(ledger.state().policies().numbers("dunning.retryDays"),
            (std::vector<std::int32_t>{3, 7, 14, 21}));
}

TEST_F(Commands, EveryPolicyAllowsItsFirstValue) {
  std::string_view before;
  for (const SettingDefinition& each : all_policies()) {
    EXPECT_TRUE(check_policy(each.name, each.default_value)) << each.name;
    EXPECT_LT(before, each.name) << "the table is sorted by name";
    before = each.name;
  }
}

TEST_F(Commands, Keys) {
  ledger.when(CreateKey{"", {Right::Read}, {}, {}, {}}).then_rejected("INVALID_STRING", "/name");
  ledger.when(CreateKey{"meter", {}, {}, {}, {}}).then_rejected("INVALID_FIELD", "/rights");
  ledger.when(CreateKey{"mine", {Right::Read}, {}, kJeroen, {}})
      .then_rejected("INVALID_FIELD", "/rights");
  ledger.when(CreateKey{"meter", {Right::Read, Right::Ingest, Right::Read}, {}, {}, {}});
  ASSERT_EQ(ledger.outcome<KeyCreated>().size(), 1u);
  const KeyCreated key = ledger.outcome<KeyCreated>()[0];
  EXPECT_EQ(key.rights, (std::vector<Right>{Right::Ingest, Right::Read}));
  ledger.when(RevokeKey{KeyId("no")}).then_rejected("NOT_FOUND");
  ledger.when(RevokeKey{key.key_id}).then({KeyRevoked{key.key_id}});
  ledger.when(RevokeKey{key.key_id}).then_nothing();
}

TEST_F(Commands, APersonHasKeysOfHisOwn) {
  ledger.when(CreateKey{"laptop", {}, {}, IdentityId("stranger"), {}}, as("jeroen"))
      .then_rejected("FORBIDDEN");
  ledger.when(CreateKey{"laptop", {}, kContoso, {}, {}}, as("jeroen")).then_rejected("FORBIDDEN");
  ledger.when(CreateKey{"laptop", {}, {}, {}, {}}, as("jeroen"));
  ASSERT_EQ(ledger.outcome<KeyCreated>().size(), 1u);
  const KeyCreated key = ledger.outcome<KeyCreated>()[0];
  EXPECT_EQ(key.identity_id, kJeroen);
  EXPECT_TRUE(key.rights.empty());
  ledger.when(RevokeKey{key.key_id}, as("stranger")).then_rejected("NOT_FOUND");
  ledger.when(RevokeKey{KeyId("no")}, as("jeroen")).then_rejected("NOT_FOUND");
  ledger.when(RevokeKey{key.key_id}, as("jeroen")).then({KeyRevoked{key.key_id}});
}

TEST(EmailAddresses, AreJudgedByTheirShape) {
  for (const char* good :
       {"a@b", "jeroen@contoso.example", "first.last+tag@sub.example", "ü@münchen.example"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
  for (const char* bad : {"", "a", "@b", "a@", "a@@b", "a b@c", "a@b c", ".a@b", "a.@b", "a@.b",
                          "a@b.", "a@b..c", "a@-b", "a\n@b", "<a@b>", "a@b,c@d"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
  EXPECT_EQ(normalised_email("Jeroen@CONTOSO.Example"), "Jeroen@contoso.example");
}

}  // namespace
}  // namespace daybook::testing
