#include <gtest/gtest.h>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/enrollment.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// Each purchase is billed once, whatever becomes of its document, and purchases of enrollments.
namespace daybook::testing {
namespace {

InMemoryLedger paying_by(PaymentFamily family) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-02-02"),
              card("method-1", "acc-1", {"sub-01"}, family)});
  return ledger;
}

/// Decision 0089: a card pays it, as the purchase says; all else of the account is paid by wire.
TEST(Purchases, AReservationPaidByCardIsDueOnItsDayWhereAWireIsTheDefault) {
  InMemoryLedger ledger;
  const MethodId wire("wire-1");
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                                 subscription("sub-01", "acc-1", "2024-02-02"),
                                 card("wire-1", "acc-1", {}, PaymentFamily::CheckWire),
                                 PaymentMethodMadeDefault{wire, ScopeType::Account, ScopeId("acc-1")}});
  ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "400.00", ReservationPayment::card)});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceIssued bought = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(bought.payment_term_days, 0);
  EXPECT_EQ(bought.due_date, day("2024-03-01"));
  EXPECT_FALSE(bought.method_id);
  EXPECT_EQ(bought.method_family, PaymentFamily::CreditCard);
  ledger.given({cost("sub-01", "30.00", "2024-03-01")});
  ledger.when(AdvanceClock{midnight("2024-04-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const auto issued = ledger.outcome<InvoiceIssued>();
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0].method_id, wire);
  EXPECT_EQ(issued[0].payment_term_days, 30);
}

VoidInvoice voiding(const InMemoryLedger& ledger, std::size_t n, bool rebill) {
  VoidInvoice command;
  command.invoice_id = ledger.invoices()[n]->invoice_id;
  command.reason = "wrong";
  command.rebill = rebill;
  return command;
}

/// What all invoices that are not void come to.
std::int64_t owed(const InMemoryLedger& ledger) {
  std::int64_t sum = 0;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->status != InvoiceStatus::Void) sum += invoice->total_minor;
  }
  return sum;
}

TEST(Purchases, OfAVoidDocumentAreBilledOnceByTheNextRun) {
  for (const bool rebill : {false, true}) {
    InMemoryLedger ledger = paying_by(PaymentFamily::CreditCard);
    ledger.at("2024-03-10").given(
        {bought("c-1", "sub-01", PurchaseKind::Marketplace, "50.00", "2024-03-10")});
    ledger.when(AdvanceClock{midnight("2024-04-09"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    ledger.at("2024-04-10").when(voiding(ledger, 0, rebill));
    ledger.when(AdvanceClock{midnight("2024-07-09"), true});
    EXPECT_EQ(ledger.invoices().size(), 2u) << "rebill " << rebill;
    EXPECT_EQ(owed(ledger), 5000) << "rebill " << rebill;
    const auto* purchase = ledger.state().find<Purchase>("c-1");
    EXPECT_EQ(purchase->invoice_id, ledger.invoices()[1]->invoice_id);
  }
}

TEST(Purchases, OfAVoidDocumentOfTheirOwnAreBilledOnce) {
  for (const bool rebill : {false, true}) {
    InMemoryLedger ledger = paying_by(PaymentFamily::CheckWire);
    UsageRecorded spot = cost("sub-01", "12.34", "2024-03-01");
    spot.pricing_model = PricingModel::Spot;
    ledger.at("2024-03-01").given(
        {spot, reserved("r-1", "sub-01", "400.00", ReservationPayment::card)});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    ledger.when(AdvanceClock{midnight("2024-04-09"), true});
    ledger.at("2024-04-20").when(voiding(ledger, 0, rebill));
    ledger.when(AdvanceClock{midnight("2024-07-09"), true});
    // Spot usage on the 9th, and the reservation again, as it was to be paid.
    ASSERT_EQ(ledger.invoices().size(), 3u) << "rebill " << rebill;
    EXPECT_EQ(owed(ledger), 41234) << "rebill " << rebill;
    EXPECT_EQ(ledger.invoices()[2]->total_minor, 40000);
    EXPECT_TRUE(ledger.invoices()[2]->pays_by_card);
  }
}

/// An enrollment from 1 March with a subscription.
InMemoryLedger enterprise(std::string_view prepayment, std::string_view country = "NL") {
  EnrollmentRegistered enrollment;
  enrollment.enrollment_id = EnrollmentId("enr-1");
  enrollment.account_id = AccountId("acc-e");
  enrollment.start_date = day("2024-03-01");
  enrollment.billing_cycle = BillingCycle::Monthly;
  enrollment.prepayment = money(prepayment);
  SubscriptionCreated created = subscription("sub-e", "acc-e", "2024-03-01");
  created.enrollment_account_id = EnrollmentAccountId("ea-1");
  created.offer_id = OfferId("MS-AZR-0017P");
  BillingAccountOpened opened = account("acc-e", AccountType::EA, "2024-03-01");
  opened.country = country;
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({opened, enrollment,
              EnrollmentAccountAdded{EnrollmentAccountId("ea-1"), EnrollmentId("enr-1"),
                                     std::nullopt, "ea-1", IdentityId("otto")},
              created});
  return ledger;
}

PurchaseCharged for_enrollment(std::string_view charge, PurchaseKind kind, std::string_view amount,
                               std::string_view on) {
  PurchaseCharged fact = bought(charge, "", kind, amount, on);
  fact.subscription_id.reset();
  fact.enrollment_id = EnrollmentId("enr-1");
  return fact;
}

EnrollmentMonthListView months(const InMemoryLedger& ledger) {
  return enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(),
                                  ScopeRef(EnrollmentId("enr-1")), PageRequest(), ledger.now())
      .value();
}

TEST(PurchasesOfEnrollments, PrepaymentCoversReservationsAndNothingElseOfThem) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({reserved("r-1", "sub-e", "600.00", ReservationPayment::invoice),
                for_enrollment("c-1", PurchaseKind::Marketplace, "50.00", "2024-03-10"),
                for_enrollment("c-2", PurchaseKind::Licence, "30.00", "2024-03-11"),
                cost("sub-e", "500.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.billed, money("1180.00"));
  EXPECT_EQ(totals.azure_prepayment_applied, money("1000.00"));
  EXPECT_EQ(totals.sub_total, money("180.00"));
  const EnrollmentMonthView march = months(ledger).items.back();
  EXPECT_EQ(march.charges_against_credits, money("1000.00"));
  EXPECT_EQ(march.service_overage, money("100.00"));
  EXPECT_EQ(march.billed_separately, money("30.00"));
  EXPECT_EQ(march.marketplace, money("50.00"));
  EXPECT_EQ(march.total, money("1180.00"));
}

/// A period within the prepayment has no document, and its reservation is not charged again.
TEST(PurchasesOfEnrollments, AReservationWithinThePrepaymentTakesItOnce) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({reserved("r-1", "sub-e", "600.00", ReservationPayment::invoice)});
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  EXPECT_EQ(ledger.outcome<CreditApplied>().size(), 1u);
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 40000);
  const BilledPeriod* march = ledger.state().billed_period(
      ScopeRef(EnrollmentId("enr-1")), InvoiceType::EnrollmentOverage, day("2024-03-01"));
  ASSERT_NE(march, nullptr);
  EXPECT_EQ(march->reason, NoInvoiceReason::WithinCredit);
}

TEST(PurchasesOfEnrollments, OtherCreditDoesNotCoverReservations) {
  InMemoryLedger ledger = enterprise("100.00");
  CreditGranted promo =
      granted("promo", "enr-1", CreditSource::Promotional, "500.00", "2024-03-01");
  promo.scope_type = ScopeType::Enrollment;
  ledger.given({promo, reserved("r-1", "sub-e", "600.00", ReservationPayment::invoice)});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 50000);
}

TEST(PurchasesOfEnrollments, MarketplaceStandsApartInAustralia) {
  InMemoryLedger ledger = enterprise("10.00", "AU");
  ledger.given({for_enrollment("c-1", PurchaseKind::Marketplace, "40.00", "2024-03-10"),
                for_enrollment("c-2", PurchaseKind::Licence, "30.00", "2024-03-11")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  std::map<InvoiceType, std::int64_t> totals;
  for (const Invoice* invoice : ledger.invoices()) totals[invoice->type] = invoice->total_minor;
  EXPECT_EQ(totals[InvoiceType::AzureMarketplace], 4000);
  EXPECT_EQ(totals[InvoiceType::EnrollmentOverage], 3000);
}

TEST(PurchasesOfEnrollments, FollowItsPolicies) {
  InMemoryLedger ledger = enterprise("10.00");
  ledger.when(SetEnrollmentPolicy{EnrollmentId("enr-1"), EnrollmentPolicy::marketplaceEnabled,
                                  false});
  ledger.post({for_enrollment("c-1", PurchaseKind::Marketplace, "40.00", "2024-03-10")})
      .then_rejected("POLICY_DISABLED", "/data");
  ledger.post({reserved("r-1", "sub-e", "600.00", ReservationPayment::invoice)}).then_nothing();
  ledger.when(SetEnrollmentPolicy{EnrollmentId("enr-1"),
                                  EnrollmentPolicy::reservedInstancesEnabled, false});
  ledger.post({reserved("r-2", "sub-e", "600.00", ReservationPayment::invoice)})
      .then_rejected("POLICY_DISABLED", "/data");
  ledger.post({for_enrollment("c-2", PurchaseKind::Reservation, "40.00", "2024-03-10")})
      .then_rejected("POLICY_DISABLED", "/data");
}

}  // namespace
}  // namespace daybook::testing
