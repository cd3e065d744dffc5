#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/credit.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// What becomes of credit when documents change, and credit of enrollments.
namespace daybook::testing {
namespace {

/// A profile with 200.00 of credit and 1,000.00 of usage in March, invoiced on 5 April.
InMemoryLedger invoiced_with_credit() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-01"), "p-1"),
              profile_credit("promo", "p-1", "200.00", "2024-03-01")})
      .given({cost("sub-01", "150.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  return ledger;
}

std::int64_t left_of(const InMemoryLedger& ledger, std::string_view lot) {
  return ledger.state().find<CreditLot>(lot)->left_minor;
}

TEST(Credit, AnAmendedInvoiceKeepsItsCredit) {
  InMemoryLedger ledger = invoiced_with_credit();
  EXPECT_EQ(left_of(ledger, "promo"), 5000);
  AmendInvoice amend;
  amend.invoice_id = ledger.invoices()[0]->invoice_id;
  amend.po_number = "PO-7";
  ledger.at("2024-04-06").when(amend);
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[1]).issued.totals;
  EXPECT_EQ(totals.credit_applied, money("150.00"));
  EXPECT_EQ(left_of(ledger, "promo"), 5000);
  EXPECT_EQ(ledger.outcome<CreditApplied>().back().invoice_id, ledger.invoices()[1]->invoice_id);
}

TEST(Credit, AVoidInvoiceGivesItBackToTheNextRun) {
  InMemoryLedger ledger = invoiced_with_credit();
  VoidInvoice command;
  command.invoice_id = ledger.invoices()[0]->invoice_id;
  command.reason = "wrong";
  ledger.at("2024-04-06").when(command);
  EXPECT_EQ(left_of(ledger, "promo"), 20000);
  ledger.given({cost("sub-01", "70.00", "2024-04-10")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  // March again takes 150.00; April what is left of the same lot.
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(left_of(ledger, "promo"), 0);
  std::int64_t owed = 0;
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->status != InvoiceStatus::Void) owed += invoice->total_minor;
  }
  EXPECT_EQ(owed, 2000);
}

TEST(Credit, ARebilledInvoiceTakesItOnce) {
  InMemoryLedger ledger = invoiced_with_credit();
  VoidInvoice command;
  command.invoice_id = ledger.invoices()[0]->invoice_id;
  command.reason = "wrong";
  command.rebill = true;
  ledger.at("2024-04-06").when(command);
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 0);
  EXPECT_EQ(left_of(ledger, "promo"), 5000);
}

/// Refunds of what credit does not cover come off what it does: nothing goes below zero.
TEST(Credit, DoesNotCoverMoreThanTheDocumentCosts) {
  InMemoryLedger ledger;
  UsageRecorded refund = cost("sub-01", "-50.00", "2024-03-11", ChargeType::Refund);
  refund.publisher_type = PublisherType::Marketplace;
  refund.is_credit_eligible = false;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-01"), "p-1"),
              profile_credit("promo", "p-1", "200.00", "2024-03-01")})
      .given({cost("sub-01", "150.00", "2024-03-10"), refund});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.credits, money("50.00"));
  EXPECT_EQ(totals.credit_applied, money("100.00"));
  EXPECT_EQ(totals.sub_total, money("0.00"));
  EXPECT_EQ(left_of(ledger, "promo"), 10000);
}

/// R-63 holds for an invoice that is made again: the adjustment beyond the limit is not doubled.
TEST(Credit, BeyondTheSpendingLimitStaysUncharged) {
  InMemoryLedger ledger;
  SubscriptionCreated created = subscription("sub-vs", "acc-1", "2024-03-05");
  created.spending_limit = SpendingLimit::On;
  UsageRecorded separate = cost("sub-vs", "8.00", "2024-03-11");
  separate.is_credit_eligible = false;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), created,
              monthly_credit("vs", "sub-vs", "150.00", "2024-03-05")});
  ledger.at("2024-03-12").given({cost("sub-vs", "180.00", "2024-03-11"), separate});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 800);
  EXPECT_EQ(ledger.lines(*ledger.invoices()[0]).size(), 3u);
  VoidInvoice command;
  command.invoice_id = ledger.invoices()[0]->invoice_id;
  command.reason = "wrong";
  command.rebill = true;
  ledger.at("2024-05-03").when(command);
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 800);
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1]).size(), 3u);
}

/// A period that ended with its credit is settled: what comes later of it moves no money, but for what credit never covered.
TEST(Credit, WhatComesLaterOfALimitedPeriodIsWorthNothing) {
  InMemoryLedger ledger;
  SubscriptionCreated created = subscription("sub-vs", "acc-1", "2024-03-05");
  created.spending_limit = SpendingLimit::On;
  UsageRecorded covered = cost("sub-vs", "180.00", "2024-03-11");
  covered.usage_id = "u-1";
  UsageRecorded separate = cost("sub-vs", "8.00", "2024-03-11");
  separate.usage_id = "u-2";
  separate.is_credit_eligible = false;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), created,
              monthly_credit("vs", "sub-vs", "150.00", "2024-03-05")});
  ledger.at("2024-03-12").given({covered, separate});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 800);

  SpendingLimitRemoved removed;
  removed.subscription_id = created.subscription_id;
  UsageAmended less;
  less.subscription_id = created.subscription_id;
  less.usage_id = "u-2";
  less.reason = "read twice";
  less.cost = decimal("6.00");
  ledger.given({removed, UsageVoided{created.subscription_id, "u-1", "never ran"}, less,
                cost("sub-vs", "5.00", "2024-03-12"), cost("sub-vs", "200.00", "2024-05-02")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 4800);  // 200.00 less the credit of its period, less 2.00 of u-2
}

CreditGranted enrollment_credit(std::string_view lot, std::string_view amount,
                                std::string_view start_on, std::string_view expires_on) {
  CreditGranted fact =
      granted(lot, "enr-1", CreditSource::Promotional, amount, start_on, expires_on);
  fact.scope_type = ScopeType::Enrollment;
  return fact;
}

TEST(CreditOfEnrollments, LotsCoverTheirDaysBesideThePrepayment) {
  InMemoryLedger ledger = enterprise("100.00");
  ledger.given({enrollment_credit("promo", "30.00", "2024-03-10", "2024-03-20")})
      .given({cost("sub-e", "25.00", "2024-03-09"), cost("sub-e", "20.00", "2024-03-10"),
              cost("sub-e", "90.00", "2024-03-25")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  // promo: 20.00 of the 10th; prepayment: 100.00 of the other 115.00.
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.billed, money("135.00"));
  EXPECT_EQ(totals.free_azure_credit_applied, money("20.00"));
  EXPECT_EQ(totals.azure_prepayment_applied, money("100.00"));
  EXPECT_EQ(totals.sub_total, money("15.00"));
  ASSERT_EQ(ledger.outcome<CreditExpired>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditExpired>()[0].amount, money("10.00"));
  EXPECT_EQ(left_of(ledger, "enr-1-prepayment"), 0);
}

TEST(CreditOfEnrollments, IsGrantedInTheCurrencyOfTheAccount) {
  InMemoryLedger ledger = enterprise("100.00");
  CreditGranted fact = enrollment_credit("promo", "30.00", "2024-03-10", "2024-03-20");
  fact.amount = money("30.00", "USD");
  ledger.post({fact}).then_rejected("CURRENCY_MISMATCH", "/data/amount/currency");
  fact.scope_id = ScopeId("enr-2");
  ledger.post({fact}).then_rejected("UNKNOWN_REFERENCE", "/data/scopeId");
  ledger.post({adjusted("enr-1-prepayment", "-40.00")}).then_nothing();
  EXPECT_EQ(left_of(ledger, "enr-1-prepayment"), 6000);
}

}  // namespace
}  // namespace daybook::testing
