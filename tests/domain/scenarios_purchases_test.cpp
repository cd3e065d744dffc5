#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/reservation.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// Acceptance scenarios of domain.md 10 about purchases, reservations and support plans, by their
/// numbers, and the rules beside them.
namespace daybook::testing {
namespace {

/// The account of SC-03, its first subscription paying by `family`.
InMemoryLedger paying_by(PaymentFamily family) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-02-02"),
              card("method-1", "acc-1", {"sub-01"}, family),
              linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

/// SC-09, SC-10: 400.00 on 1 March and 250.00 on 30 March.
InMemoryLedger two_reservations(ReservationPayment mode) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CheckWire);
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "400.00", mode)});
  ledger.at("2024-03-30").given({reserved("r-2", "sub-01", "250.00", mode)});
  return ledger;
}

TEST(ScenariosOfPurchases, SC_09_PayByInvoiceReservationsStandOnOneInvoiceOfTheNinth) {
  InMemoryLedger ledger = two_reservations(ReservationPayment::invoice);
  EXPECT_TRUE(ledger.invoices().empty());
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const Invoice& invoice = *ledger.invoices()[0];
  EXPECT_EQ(invoice.type, InvoiceType::AzureMarketplace);
  EXPECT_EQ(invoice.issue_date, day("2024-04-09"));
  EXPECT_EQ(invoice.period, period("2024-03-01", "2024-04-01"));
  EXPECT_EQ(invoice.amount_due(), money("650.00"));
  EXPECT_EQ(ledger.lines(invoice).size(), 2u);
}

TEST(ScenariosOfPurchases, SC_10_CardPaidReservationsAreInvoicedAtOnce) {
  InMemoryLedger ledger = two_reservations(ReservationPayment::card);
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-03-01"));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("400.00"));
  EXPECT_TRUE(ledger.invoices()[0]->pays_by_card);
  EXPECT_FALSE(ledger.document(*ledger.invoices()[0]).issued.is_monthly);
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-03-30"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("250.00"));
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  EXPECT_EQ(ledger.invoices().size(), 2u);
}

TEST(ScenariosOfPurchases, SC_10_APurchaseOfAReservationGoesByTheMethodOfItsSubscription) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  ledger.at("2024-03-01").given(
      {bought("c-1", "sub-01", PurchaseKind::Reservation, "400.00", "2024-03-01")});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->period, period("2024-03-01", "2024-03-02"));
}

TEST(ScenariosOfPurchases, SC_11_SpotStandsOnTheDocumentOfTheNinth) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  UsageRecorded spot = cost("sub-01", "12.34", "2024-03-10");
  spot.pricing_model = PricingModel::Spot;
  ledger.at("2024-03-20").given({spot, cost("sub-01", "90.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->type, InvoiceType::AzureServices);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("90.00"));
  EXPECT_EQ(ledger.invoices()[1]->type, InvoiceType::AzureMarketplace);
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-04-09"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("12.34"));
}

TEST(ScenariosOfPurchases, SC_12_WithoutSuchChargesThereIsNoInvoiceOnTheNinth) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  ledger.at("2024-03-20").given({cost("sub-01", "90.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->type, InvoiceType::AzureServices);
}

/// SC-13: a support plan of 28 March in an account of the 2nd.
InMemoryLedger with_support_plan() {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  SubscriptionCreated own = subscription("sub-s", "acc-1", "2024-03-28");
  own.offer_id = OfferId("MS-AZR-0041P");
  ledger.at("2024-03-28").given({own, support_plan("plan-1", "sub-s", "100.00", "2024-03-28")});
  return ledger;
}

TEST(ScenariosOfPurchases, SC_13_TheNextTermIsBilledOnTheAccountsDay) {
  InMemoryLedger ledger = with_support_plan();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-03-28"));
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-05-02"));
  EXPECT_EQ(ledger.invoices()[1]->period, period("2024-04-28", "2024-05-28"));
}

TEST(ScenariosOfPurchases, SC_14_ACancelledSupportPlanIsNotBilledFurtherNorGivenBack) {
  InMemoryLedger ledger = with_support_plan();
  ledger.at("2024-04-15")
      .when(CancelSupportPlan{PlanId("plan-1")}, as("jeroen"))
      .then({SupportPlanCancelled{PlanId("plan-1"), day("2024-04-15")}});
  ledger.when(CancelSupportPlan{PlanId("plan-1")}).then_nothing();
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("100.00"));
}

TEST(ScenariosOfPurchases, CancellingASupportPlanNeedsARightOnIt) {
  InMemoryLedger ledger = with_support_plan();
  ledger.given({linked("sara", "sara@contoso.example"),
                role(ScopeType::Subscription, "sub-s", Role::Reader, "sara")});
  ledger.when(CancelSupportPlan{PlanId("plan-1")}, as("sara")).then_rejected("NO_PERMISSION");
  ledger.when(CancelSupportPlan{PlanId("plan-1")}, as("nobody")).then_rejected("NOT_FOUND");
  ledger.when(CancelSupportPlan{PlanId("plan-2")}).then_rejected("NOT_FOUND");
}

/// CF-21: with `nextAccountDay` the second term is billed ahead.
TEST(ScenariosOfPurchases, CF_21_SupportTermsCanBeBilledOnTheNextAccountDay) {
  InMemoryLedger ledger = with_support_plan();
  ledger.when(SetPolicy{"support.renewalRun", {R"("nextAccountDay")"}, std::nullopt});
  ledger.when(AdvanceClock{midnight("2024-04-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-04-02"));
}

TEST(ScenariosOfPurchases, SC_77_MarketplaceInvoicesAreMailedOnlyByThePolicy) {
  for (const bool is_optional : {false, true}) {
    InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
    if (is_optional) {
      ledger.when(SetPolicy{"mosp.emailMarketplace", {R"("optional")"}, std::nullopt});
    }
    const ScopeId scope("sub-01");
    ledger.when(AcceptEmailTerms{ScopeType::Subscription, scope, "2024-01"}, as("jeroen"));
    OptInEmailInvoice opt_in;
    opt_in.scope_type = ScopeType::Subscription;
    opt_in.scope_id = scope;
    if (is_optional) opt_in.include_marketplace = true;
    ledger.when(opt_in, as("jeroen"));
    ASSERT_FALSE(ledger.error());
    ledger.at("2024-03-10").given(
        {bought("c-1", "sub-01", PurchaseKind::Marketplace, "5.00", "2024-03-10")});
    ledger.when(AdvanceClock{midnight("2024-04-09"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    EXPECT_EQ(ledger.outcome<InvoiceEmailQueued>().size(), is_optional ? 1u : 0u);
  }
}

TEST(ScenariosOfPurchases, MonthlyInstalmentsOfACardAreInvoicedOnTheirDays) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  ReservationPurchased monthly = reserved("r-1", "sub-01", "100.00", ReservationPayment::card);
  monthly.billing_frequency = BillingFrequency::Monthly;
  monthly.term_months = 3;
  ledger.at("2024-01-31").given({monthly});
  ledger.when(AdvanceClock{midnight("2024-08-01"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[1]->issue_date, day("2024-02-29"));
  EXPECT_EQ(ledger.invoices()[2]->issue_date, day("2024-03-31"));
}

TEST(ScenariosOfPurchases, AProfileCarriesPurchasesAndTheirRefunds) {
  InMemoryLedger ledger;
  PurchaseCharged on_profile = bought("c-2", "", PurchaseKind::Licence, "30.00", "2024-03-12");
  on_profile.subscription_id.reset();
  on_profile.profile_id = ProfileId("p-1");
  ledger.at("2024-03-01").given(
      {account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
       section("s-1", "p-1"), in_section(subscription("sub-01", "acc-2", "2024-03-01"), "s-1")});
  ledger.at("2024-03-12")
      .given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "70.00", "2024-03-12"), on_profile,
              refunded("c-3", "c-1", "20.00", "2024-03-13")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued& issued = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(issued.totals.billed, money("100.00"));
  EXPECT_EQ(issued.totals.credits, money("20.00"));
  ASSERT_EQ(issued.sections.size(), 2u);
  EXPECT_EQ(issued.sections[0].charges, money("30.00"));
  EXPECT_EQ(issued.sections[1].charges, money("50.00"));
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 0);
}

/// R-65: a refund waits for a document that can bear it.
TEST(ScenariosOfPurchases, ARefundWaitsForEnoughCharges) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  const auto buy = [](std::string_view id, std::string_view amount, std::string_view date) {
    return bought(id, "sub-01", PurchaseKind::Marketplace, amount, date);
  };
  ledger.at("2024-03-10").given({buy("c-1", "50.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ledger.at("2024-04-20").given(
      {refunded("c-2", "c-1", "50.00", "2024-04-20"), buy("c-3", "10.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-05-09"), true});
  ledger.at("2024-05-20").given({buy("c-4", "60.00", "2024-05-20")});
  ledger.when(AdvanceClock{midnight("2024-06-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("10.00"));
  EXPECT_EQ(ledger.invoices()[2]->amount_due(), money("10.00"));
}

TEST(PurchaseFacts, AreRefusedWithTheirCodes) {
  InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
  const PurchaseCharged good =
      bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10");
  ledger.given({good}).post({good}).then_rejected("ALREADY_EXISTS", "/data/chargeId");
  PurchaseCharged bad = good;
  bad.charge_id = ChargeId("c-2");
  bad.amount = money("0.00");
  ledger.post({bad}).then_rejected("INVALID_AMOUNT", "/data/amount/amount");
  bad.amount = money("1.00", "USD");
  ledger.post({bad}).then_rejected("CURRENCY_MISMATCH", "/data/amount/currency");
  bad.amount = money("1.00");
  bad.term_start = day("2024-03-10");
  bad.term_end = day("2024-03-09");
  ledger.post({bad}).then_rejected("INVALID_FIELD", "/data/termEnd");
  bad.profile_id = ProfileId("p-1");
  ledger.post({bad}).then_rejected("INVALID_FIELD", "/data");
  bad.subscription_id.reset();
  ledger.post({bad}).then_rejected("UNKNOWN_REFERENCE", "/data/profileId");

  ledger.post({refunded("c-3", "c-9", "1.00", "2024-03-11")})
      .then_rejected("UNKNOWN_REFERENCE", "/data/originalChargeId");
  ledger.post({refunded("c-3", "c-1", "50.01", "2024-03-11")})
      .then_rejected("AMOUNT_OUT_OF_RANGE", "/data/amount/amount");

  const ReservationPurchased reservation =
      reserved("r-1", "sub-01", "10.00", ReservationPayment::invoice);
  ledger.given({reservation}).post({reservation}).then_rejected("ALREADY_EXISTS");
  ReservationPurchased endless = reservation;
  endless.reservation_id = ReservationId("r-2");
  endless.term_months = 0;
  ledger.post({endless}).then_rejected("INVALID_FIELD", "/data/termMonths");
}

}  // namespace
}  // namespace daybook::testing
