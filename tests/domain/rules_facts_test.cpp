#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/customer.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "tests/domain/facts_support.h"

/// Every refusal of a fact (api.md 3, domain.md 9.3), and what follows from those accepted.
namespace daybook::testing {
namespace {

const AccountId kAcc2{"acc-2"};

TEST_F(Facts, WhatTheLedgerDecidesIsNotPosted) {
  refuses(InvoicePaid{InvoiceId("E1"), day("2024-03-12")}, "LEDGER_DECIDES");
}

TEST_F(Facts, BillingAccountOpened) {
  refuses(account("acc-1", AccountType::MOSP, "2024-03-12"), "ALREADY_EXISTS", "/data/accountId");
  BillingAccountOpened bad_country = account("new", AccountType::MOSP, "2024-03-12");
  bad_country.country = "nl";
  refuses(bad_country, "INVALID_STRING", "/data/country");
}

TEST_F(Facts, AKeyOfATenantKnowsItsAccountsAlone) {
  ledger.post({account("new", AccountType::MOSP, "2024-03-12")}, "fabrikam")
      .then_rejected("FORBIDDEN", "/data/tenantId");
  ledger.post({subscription("new", "acc-1", "2024-03-12")}, "fabrikam")
      .then_rejected("UNKNOWN_REFERENCE");
  ledger.post({price("vm", "1")}, "contoso").then_rejected("FORBIDDEN");
  ledger.post({vat()}, "contoso").then_rejected("FORBIDDEN");
  ledger.post({cost("sub-01", "1", "2024-03-12")}, "fabrikam")
      .then_rejected("UNKNOWN_REFERENCE", "/data/subscriptionId");
  ledger.post({cost("sub-01", "1", "2024-03-12")}, "contoso");
  EXPECT_FALSE(ledger.error());
  ledger.post({linked("x", "x@y.example", "fabrikam")}, "contoso")
      .then_rejected("FORBIDDEN", "/data/tenantId");
}

TEST_F(Facts, AssociatedTenants) {
  refuses(AssociatedTenantAdded{AccountId("no"), TenantId("t")}, "UNKNOWN_REFERENCE",
          "/data/accountId");
  refuses(AssociatedTenantRemoved{kAcc2, TenantId("t")}, "UNKNOWN_REFERENCE", "/data/tenantId");
  accepts(AssociatedTenantAdded{kAcc2, TenantId("t")});
  EXPECT_TRUE(ledger.state().account(kAcc2)->allows(TenantId("t")));
  accepts(AssociatedTenantRemoved{kAcc2, TenantId("t")});
  EXPECT_FALSE(ledger.state().account(kAcc2)->allows(TenantId("t")));
}

TEST_F(Facts, ChangesOfAnAccount) {
  Address address{"Contoso BV", {}, {}, {}, {}, {}, "NL", {}};
  refuses(SoldToChanged{AccountId("no"), Personal<Address>(address)}, "UNKNOWN_REFERENCE",
          "/data/accountId");
  accepts(SoldToChanged{kAcc1, Personal<Address>(address)});
  address.country = "Netherlands";
  refuses(SoldToChanged{kAcc1, Personal<Address>(address)}, "INVALID_STRING",
          "/data/newValue/country");
  refuses(TaxIdChanged{AccountId("no"), "1"}, "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(AccountAdministratorChanged{kAcc2, kJeroen, {}, {}}, "NOT_MOSP", "/data/accountId");
  refuses(AccountAdministratorChanged{AccountId("no"), kJeroen, {}, {}}, "UNKNOWN_REFERENCE",
          "/data/accountId");
}

TEST_F(Facts, BillingProfileCreated) {
  refuses(profile("p-1", "acc-2"), "ALREADY_EXISTS", "/data/profileId");
  refuses(profile("s-1", "acc-2"), "ALREADY_EXISTS", "/data/profileId");
  refuses(profile("p-2", "no"), "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(profile("p-2", "acc-1"), "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(profile("p-2", "acc-2", 32), "INVALID_FIELD", "/data/invoiceDay");
  BillingProfileCreated p2 = profile("p-2", "acc-2");
  p2.payment_term_days = -1;
  refuses(p2, "INVALID_FIELD", "/data/paymentTermDays");
  p2.payment_term_days = 14;
  p2.default_payment_method = MethodId("card-1");  // of the other account
  refuses(p2, "UNKNOWN_REFERENCE", "/data/defaultPaymentMethod");
  Address address{"Contoso BV", {}, {}, {}, {}, {}, "nl", {}};
  p2.default_payment_method.reset();
  p2.bill_to = Personal<Address>(address);
  refuses(p2, "INVALID_STRING", "/data/billTo/country");
  refuses(BillToChanged{ProfileId("no"), Personal<Address>(address)}, "UNKNOWN_REFERENCE",
          "/data/profileId");
  refuses(PoNumberChanged{ProfileId("no"), "4711"}, "UNKNOWN_REFERENCE", "/data/profileId");
}

TEST_F(Facts, InvoiceSections) {
  refuses(section("s-1", "p-1"), "ALREADY_EXISTS", "/data/sectionId");
  accepts(profile("p-2", "acc-2"));
  refuses(section("p-2", "p-1"), "ALREADY_EXISTS", "/data/sectionId");
  accepts(section("p-2", "p-2"));
  refuses(section("s-2", "no"), "UNKNOWN_REFERENCE", "/data/profileId");
  refuses(InvoiceSectionRenamed{SectionId("no"), "New"}, "UNKNOWN_REFERENCE", "/data/sectionId");
  accepts(InvoiceSectionRenamed{SectionId("s-1"), "New"});
  EXPECT_EQ(ledger.state().section(SectionId("s-1"))->name, "New");
}

TEST_F(Facts, CustomerRegistered) {
  refuses(CustomerRegistered{CustomerId("c"), kAcc2, TenantId("t"), "C"}, "UNKNOWN_REFERENCE",
          "/data/accountId");
  accepts(account("acc-3", AccountType::MPA, "2024-03-01"));
  accepts(CustomerRegistered{CustomerId("c"), AccountId("acc-3"), TenantId("t"), "C"});
  refuses(CustomerRegistered{CustomerId("c"), AccountId("acc-3"), TenantId("t"), "C"},
          "ALREADY_EXISTS", "/data/customerId");
}

TEST_F(Facts, SubscriptionCreated) {
  refuses(subscription("sub-01", "acc-1", "2024-03-12"), "ALREADY_EXISTS", "/data/subscriptionId");
  refuses(subscription("new", "no", "2024-03-12"), "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(subscription("new", "acc-2", "2024-03-12"), "INVALID_FIELD", "/data/invoiceSectionId");
  refuses(in_section(subscription("new", "acc-2", "2024-03-12"), "no"), "UNKNOWN_REFERENCE",
          "/data/invoiceSectionId");
  refuses(in_section(subscription("new", "acc-1", "2024-03-12"), "s-1"), "UNKNOWN_REFERENCE",
          "/data/invoiceSectionId");
  accepts(account("acc-3", AccountType::MPA, "2024-03-01"));
  refuses(subscription("new", "acc-3", "2024-03-12"), "INVALID_FIELD", "/data/profileId");
  SubscriptionCreated of_partner = subscription("new", "acc-3", "2024-03-12");
  of_partner.profile_id = ProfileId("p-1");
  refuses(of_partner, "UNKNOWN_REFERENCE", "/data/profileId");
  SubscriptionCreated fact = subscription("new", "acc-1", "2024-03-12");
  fact.profile_id = ProfileId("p-1");
  refuses(fact, "UNKNOWN_REFERENCE", "/data/profileId");
  fact.profile_id.reset();
  fact.enrollment_account_id = EnrollmentAccountId("e");
  refuses(fact, "UNKNOWN_REFERENCE", "/data/enrollmentAccountId");
  fact.enrollment_account_id.reset();
  fact.customer_id = CustomerId("c");
  refuses(fact, "UNKNOWN_REFERENCE", "/data/customerId");
  fact.customer_id.reset();
  fact.reseller_id = ResellerId("reseller-1");  // of a partner's customers alone
  refuses(fact, "INVALID_FIELD", "/data/resellerId");
  fact.reseller_id.reset();
  fact.payment_method_id = MethodId("no");
  refuses(fact, "UNKNOWN_REFERENCE", "/data/paymentMethodId");
  fact.payment_method_id = MethodId("card-1");
  accepts(fact);
  EXPECT_EQ(ledger.state().subscriptions_on(MethodId("card-1")),
            (std::vector<std::string>{"new", "sub-01"}));
}

TEST_F(Facts, NoNewSubscriptionOnAProfileThatIsNotActive) {
  ledger.given({cost("sub-03", "10.00", "2024-03-07")})
      .when(AdvanceClock{midnight("2024-05-27"), true});
  ASSERT_EQ(ledger.state().profile(ProfileId("p-1"))->status, ProfileStatus::Warned);
  refuses(in_section(subscription("new", "acc-2", "2024-05-27"), "s-1"),
          "BILLING_PROFILE_NOT_ACTIVE", "/data/invoiceSectionId");
}

TEST_F(Facts, SubscriptionCancelledAndDeleted) {
  refuses(SubscriptionCancelled{SubscriptionId("no"), "", {}}, "UNKNOWN_REFERENCE",
          "/data/subscriptionId");
  refuses(SubscriptionCancelled{kSub01, "", day("2024-03-04")}, "INVALID_TIME",
          "/data/effectiveOn");
  refuses(SubscriptionDeleted{kSub01, "", {}}, "NOT_CANCELLED", "/data/subscriptionId");
  accepts(SubscriptionCancelled{kSub01, "", {}});
  refuses(SubscriptionCancelled{kSub01, "", {}}, "ALREADY_EXISTS", "/data/subscriptionId");
  accepts(SubscriptionDeleted{kSub01, "", {}});
  refuses(SubscriptionDeleted{kSub01, "", {}}, "SUBSCRIPTION_DELETED", "/data/subscriptionId");
  refuses(cost("sub-01", "1", "2024-03-12"), "SUBSCRIPTION_DELETED", "/data/subscriptionId");
}

TEST_F(Facts, SupportPlans) {
  refuses(support_plan("plan", "no", "100.00", "2024-03-12"), "UNKNOWN_REFERENCE",
          "/data/subscriptionId");
  SupportPlanPurchased dollars = support_plan("plan", "sub-01", "100.00", "2024-03-12");
  dollars.price = money("100.00", "USD");
  refuses(dollars, "CURRENCY_MISMATCH", "/data/price/currency");
  refuses(support_plan("plan", "sub-01", "0.00", "2024-03-12"), "INVALID_AMOUNT",
          "/data/price/amount");
  accepts(support_plan("plan", "sub-01", "100.00", "2024-03-12"));
  refuses(support_plan("plan", "sub-02", "100.00", "2024-03-12"), "ALREADY_EXISTS", "/data/planId");
  refuses(support_plan("plan-2", "sub-01", "100.00", "2024-03-12"), "ALREADY_EXISTS",
          "/data/subscriptionId");
  refuses(SupportPlanCancelled{PlanId("no"), {}}, "UNKNOWN_REFERENCE", "/data/planId");
}

TEST_F(Facts, PriceChanged) {
  PriceChanged both = price("vm", "1");
  both.tiers.push_back({decimal("0"), decimal("1")});
  refuses(both, "INVALID_FIELD", "/data/unitPrice");
  PriceChanged neither = price("vm", "1");
  neither.unit_price.reset();
  refuses(neither, "INVALID_FIELD", "/data/unitPrice");
  refuses(price("vm", "-1"), "INVALID_AMOUNT", "/data/unitPrice");
  refuses(tiers("vm", {{"1", "1"}}), "INVALID_FIELD", "/data/tiers/0/from");
  refuses(tiers("vm", {{"0", "1"}, {"5", "1"}, {"5", "2"}}), "INVALID_FIELD", "/data/tiers/2/from");
  refuses(tiers("vm", {{"0", "1"}, {"5", "-1"}}), "INVALID_AMOUNT", "/data/tiers/1/unitPrice");
  PriceChanged included = price("vm", "1");
  included.included_quantity = decimal("-1");
  refuses(included, "INVALID_AMOUNT", "/data/includedQuantity");
  PriceChanged scoped = price("vm", "1");
  scoped.scope_type = ScopeType::Account;
  refuses(scoped, "INVALID_FIELD", "/data/scopeId");
  scoped.scope_id = ScopeId("no");
  refuses(scoped, "UNKNOWN_REFERENCE", "/data/scopeId");
  scoped.scope_type = ScopeType::Section;
  refuses(scoped, "INVALID_FIELD", "/data/scopeType");
  scoped.scope_type = ScopeType::Enrollment;
  refuses(scoped, "UNKNOWN_REFERENCE", "/data/scopeId");
}

TEST_F(Facts, AnotherPriceOfTheSameDayNamesTheOneItReplaces) {
  accepts(price("vm", "1"));
  const Position first = ledger.head();
  refuses(price("vm", "2"), "ALREADY_EXISTS", "/data/effectiveOn");
  PriceChanged second = price("vm", "2");
  second.replaces = first + 100;
  refuses(second, "ALREADY_EXISTS", "/data/effectiveOn");
  second.replaces = first;
  accepts(second);
  PriceChanged other_day = price("vm", "2", "2024-04-01");
  other_day.replaces = first;
  refuses(other_day, "UNKNOWN_REFERENCE", "/data/replaces");
  other_day.replaces.reset();
  accepts(other_day);
  PriceChanged of_account = price("vm", "3");
  of_account.scope_type = ScopeType::Account;
  of_account.scope_id = ScopeId("acc-1");
  accepts(of_account);
}

TEST_F(Facts, TaxAndExchangeRates) {
  TaxRateChanged tax = vat();
  tax.country = "NLD";
  refuses(tax, "INVALID_STRING", "/data/country");
  refuses(vat("-1"), "INVALID_AMOUNT", "/data/ratePercent");
  refuses(vat("100.5"), "INVALID_AMOUNT", "/data/ratePercent");
  tax = vat("21");
  tax.treatment = TaxTreatment::ReverseCharge;
  refuses(tax, "INVALID_AMOUNT", "/data/ratePercent");
  tax = vat("21");
  tax.account_id = AccountId("no");
  refuses(tax, "UNKNOWN_REFERENCE", "/data/accountId");
  refuses(ExchangeRateChanged{kEur, kEur, decimal("1"), day("2024-01-01")}, "INVALID_CURRENCY",
          "/data/toCurrency");
  refuses(ExchangeRateChanged{kEur, kUsd, decimal("0"), day("2024-01-01")}, "INVALID_AMOUNT",
          "/data/rate");
  refuses(ExchangeRateChanged{kEur, kUsd, decimal("-1"), day("2024-01-01")}, "INVALID_AMOUNT",
          "/data/rate");
}

TEST_F(Facts, UsageRecorded) {
  UsageRecorded purchase = usage("sub-01", "vm", "1", "2024-03-12");
  purchase.charge_type = ChargeType::Purchase;
  refuses(purchase, "INVALID_FIELD", "/data/cost");
  refuses(cost("sub-01", "1", "2024-03-12", ChargeType::Discount), "INVALID_FIELD",
          "/data/chargeType");
  refuses(usage("sub-01", "vm", "99999999999999999999999999999999999999", "2024-03-12"),
          "AMOUNT_OUT_OF_RANGE", "/data/quantity");
  refuses(cost("sub-01", "99999999999999999999999999999999999999", "2024-03-12"),
          "AMOUNT_OUT_OF_RANGE", "/data/cost");
  UsageRecorded dear = usage("sub-01", "vm", "99999999999", "2024-03-12");
  dear.unit_price = decimal("99999999999");
  refuses(dear, "AMOUNT_OUT_OF_RANGE", "/data/unitPrice");
}

TEST_F(Facts, UsageThatMatchesNothingIsKeptWithTheReason) {
  ledger.given({usage("no", "vm", "1", "2024-03-12")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::UNKNOWN_SUBSCRIPTION);
  ledger.given({usage("sub-01", "vm", "1", "2024-03-12")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::NO_PRICE);
  PriceChanged dollars = price("vm", "1");
  dollars.currency = kUsd;
  ledger.given({dollars, usage("sub-01", "vm", "1", "2024-03-12")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::CURRENCY_MISMATCH);
  UsageRecorded own = cost("sub-01", "1", "2024-03-12");
  own.currency = kUsd;
  ledger.given({own});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::CURRENCY_MISMATCH);
  ledger.given({ExchangeRateChanged{kUsd, kEur, decimal("0.9"), day("2024-01-01")},
                usage("sub-01", "vm", "1", "2024-03-12")});
  EXPECT_EQ(ledger.last_unmatched(), std::nullopt);
  ledger.given({own});
  EXPECT_EQ(ledger.last_unmatched(), std::nullopt);
  // Before the price is in force there is none.
  ledger.given({price("disk", "1", "2024-04-01"), usage("sub-01", "disk", "1", "2024-03-31")});
  EXPECT_EQ(ledger.last_unmatched(), Unmatched::NO_PRICE);
}

TEST_F(Facts, IdentitiesAndRoles) {
  refuses(linked("x", "no address"), "INVALID_EMAIL", "/data/email");
  accepts(linked("x", "x@y.example"));
  IdentityLinked other = linked("x", "x@y.example");
  other.issuer = "https://elsewhere.example";
  refuses(other, "ALREADY_EXISTS", "/data/identityId");
  accepts(linked("x", "x@y.example", "fabrikam"));
  EXPECT_TRUE(ledger.state().identity(IdentityId("x"))->is_member_of(TenantId("fabrikam")));
  refuses(EmailChanged{IdentityId("no"), Personal<std::string>("a@b.example")}, "UNKNOWN_REFERENCE",
          "/data/identityId");
  refuses(EmailChanged{IdentityId("x"), Personal<std::string>("a")}, "INVALID_EMAIL",
          "/data/email");
  refuses(role(ScopeType::Subscription, "no", Role::Reader, "x"), "UNKNOWN_REFERENCE",
          "/data/scopeId");
  refuses(role(ScopeType::Enrollment, "e", Role::EnterpriseAdministrator, "x"), "UNKNOWN_REFERENCE",
          "/data/scopeId");
  refuses(role(ScopeType::Subscription, "sub-01", Role::InvoiceManager, "x"), "INVALID_FIELD",
          "/data/role");
  refuses(role(ScopeType::Account, "acc-2", Role::AdminAgent, "x"), "INVALID_FIELD", "/data/role");
  accepts(role(ScopeType::Section, "p-1", Role::SubscriptionCreator, "x"));
  accepts(role(ScopeType::Profile, "p-1", Role::Owner, "not-linked-yet"));
}

// What follows

TEST_F(Facts, ConsequencesComeOnlyWhereTheBodyStillLacksThem) {
  const InvoiceId id = an_invoice();
  // Declined, then paid in the same body: the decline leaves no trace on the status.
  ledger.post({decline(id, "p-0"), payment(id, "p-1", "40.00")})
      .then({InvoicePaid{id, day("2024-05-02")}});
}

TEST_F(Facts, AnotherUnpaidInvoiceKeepsTheCardBlocked) {
  // SC-48 with R-53: two PastDue invoices of one card; paying one frees nothing.
  ledger.given(
      {PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Subscription, ScopeId("sub-02")},
       cost("sub-02", "25.00", "2024-03-12")});
  an_invoice();
  const InvoiceId a(ledger.state().open_invoices_of(ScopeRef(kSub01)).at(0));
  const InvoiceId b(ledger.state().open_invoices_of(ScopeRef(SubscriptionId("sub-02"))).at(0));
  ledger.post({decline(a, "p-0"), decline(b, "p-1")});
  EXPECT_EQ(ledger.outcome<InvoiceBecamePastDue>().size(), 2u);
  EXPECT_EQ(ledger.outcome<SubscriptionBecamePastDue>().size(), 2u);
  const std::int64_t due = ledger.state().invoice(a)->amount_due_minor();
  ledger.post({payment(a, "p-2", Money{due, kEur}.amount_text())});
  EXPECT_EQ(ledger.outcome<SubscriptionReenabled>().size(), 0u);
  ledger.post({payment(b, "p-3", ledger.state().invoice(b)->amount_due().amount_text())});
  EXPECT_EQ(ledger.outcome<SubscriptionReenabled>().size(), 2u);
}

TEST_F(Facts, UsageWhileWarnedIsNotChargedUnlessThePolicySaysSo) {
  for (const bool usable : {false, true}) {
    InMemoryLedger other;
    other.at("2024-03-12").given(jeroens_account()).given({cost("sub-01", "40.00", "2024-03-07")});
    if (usable) other.when(SetPolicy{"subscription.warned", {R"("usable")"}, {}});
    other.when(AdvanceClock{midnight("2024-05-02"), true});
    other.given({decline(other.invoices()[0]->invoice_id, "p-0")})
        .when(AdvanceClock{midnight("2024-05-25"), true});
    ASSERT_EQ(other.state().subscription(kSub01)->status, SubscriptionStatus::Warned);
    other.given(
        {cost("sub-01", "1.00", "2024-05-23")});  // the day of the warning was usable in part
    EXPECT_EQ(other.last_unmatched(), std::nullopt);
    other.given({cost("sub-01", "1.00", "2024-05-24")});
    EXPECT_EQ(other.last_unmatched(),
              usable ? std::nullopt : std::optional(Unmatched::SUBSCRIPTION_INACTIVE));
  }
}

TEST_F(Facts, DeletingASubscriptionOptsItOut) {
  ledger.when(SetPolicy{"mosp.emailTerms", {R"("none")"}, {}});
  ledger.given({SubscriptionCancelled{kSub01, "", {}}});
  ledger.post({SubscriptionDeleted{kSub01, "", {}}}).then_nothing();
  EXPECT_EQ(ledger.state().subscription(kSub01)->status, SubscriptionStatus::Deleted);
}

TEST(AccountFacts, AnAccountHasRoomForSoManySubscriptions) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("acc-2", AccountType::MCA, "2024-03-01"),
                                 profile("p-1", "acc-2")});
  ledger.when(SetPolicy{"mca.maxSubscriptions", {"2"}, {}});
  const auto in_profile = [](std::string_view id) {
    return in_section(subscription(id, "acc-2", "2024-03-05"), "p-1");
  };
  ledger.given({in_profile("sub-1"), in_profile("sub-2")});
  ledger.post({in_profile("sub-3")}).then_rejected("LIMIT_EXCEEDED", "/data/accountId");
  ledger.given({SubscriptionCancelled{SubscriptionId("sub-1"), "gone", day("2024-03-05")},
                SubscriptionDeleted{SubscriptionId("sub-1"), "gone"}});
  ledger.given({in_profile("sub-3")});
  ledger.when(SetPolicy{"mca.maxSubscriptions", {"0"}, {}}).then_rejected("INVALID_FIELD", "/value");
}

TEST(AccountFacts, AccountsAreOpenedWhereTheProviderServes) {
  InMemoryLedger ledger;
  ledger.given({account("acc-1", AccountType::MOSP, "2024-03-01")});
  ledger.when(SetPolicy{"accounts.countries", {R"(["DE","FR"])"}, {}});
  ledger.post({account("acc-2", AccountType::MOSP, "2024-03-01")})
      .then_rejected("UNSUPPORTED_REGION", "/data/country");
}

}  // namespace
}  // namespace daybook::testing
