#include <gtest/gtest.h>

#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/correction_facts.h"

/// Usage that its source corrects: before its period is billed it counts as it stands, after
/// that the difference is on the scope's next document.
namespace daybook::testing {
namespace {

/// sub-01 of 5 March, ten and four hours at 2.00 in its first period.
InMemoryLedger two_rows(PriceChanged of_vm = price("vm", "2.00")) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.given({std::move(of_vm), named(usage("sub-01", "vm", "10", "2024-03-07"), "u-1"),
                named(usage("sub-01", "vm", "4", "2024-03-08"), "u-2")});
  return ledger;
}

std::string total(const InMemoryLedger& ledger, std::size_t invoice) {
  if (ledger.invoices().size() <= invoice) return "no such invoice";
  return ledger.document(*ledger.invoices()[invoice]).issued.totals.total.amount_text();
}

TEST(Corrections, BeforeThePeriodIsBilledARowCountsAsItStands) {
  InMemoryLedger ledger = two_rows();
  ledger.given({amended("sub-01", "u-1", "7"), voided("sub-01", "u-2")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger, 0), "14.00");
  EXPECT_EQ(ledger.lines(*ledger.invoices()[0])[0].charge_type, ChargeType::Usage);
}

TEST(Corrections, AfterThatTheDifferenceIsOnTheNextInvoiceWithTheOldPeriod) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger, 0), "28.00");
  ledger.given({amended("sub-01", "u-1", "7"), amended("sub-01", "u-1", "8"),
                usage("sub-01", "vm", "10", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "16.00");
  const std::vector<InvoiceLine> lines = ledger.lines(*ledger.invoices()[1]);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].charge_type, ChargeType::Adjustment);
  EXPECT_EQ(lines[1].amount, money("-4.00"));
  EXPECT_EQ(lines[1].period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(lines[1].corrected_invoice_id, ledger.invoices()[0]->invoice_id);
  ledger.given({usage("sub-01", "vm", "1", "2024-05-20")});
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(total(ledger, 2), "2.00");
}

TEST(Corrections, AVoidedRowIsGivenBack) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "10", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "12.00");
}

TEST(Corrections, WhatADocumentCannotHoldWaitsForTheNext) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({voided("sub-01", "u-1"), usage("sub-01", "vm", "3", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "6.00");  // −20.00 does not fit beside 6.00
  ledger.given({usage("sub-01", "vm", "30", "2024-05-20")});
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(total(ledger, 2), "40.00");
  ledger.given({usage("sub-01", "vm", "1", "2024-06-20")});
  ledger.when(AdvanceClock{midnight("2024-08-02"), true});
  EXPECT_EQ(total(ledger, 3), "2.00");
}

TEST(Corrections, AreWorthWhatTheTiersOfTheirPeriodMakeOfThem) {
  InMemoryLedger ledger = two_rows(tiers("vm", {{"0", "2.00"}, {"12", "1.00"}}));
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger, 0), "26.00");  // 12 × 2.00 + 2 × 1.00
  // Ten become nine: what falls away is the last one, at 1.00; a late one comes in its place.
  ledger.given({amended("sub-01", "u-1", "9"), usage("sub-01", "vm", "1", "2024-03-09"),
                usage("sub-01", "vm", "5", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "10.00");
}

TEST(Corrections, ALaterPriceDoesNotChangeThem) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({price("vm", "5.00", "2024-03-01"), amended("sub-01", "u-1", "11")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "2.00");
}

TEST(Corrections, OfRowsWithTheirOwnCost) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.given({named(cost("sub-01", "40.00", "2024-03-07"), "c-1")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  UsageAmended change = amended("sub-01", "c-1", "1");
  change.quantity.reset();
  change.cost = decimal("55.00");
  ledger.given({change});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "15.00");
}

TEST(Corrections, OfALateRowCountWithTheRow) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({named(usage("sub-01", "vm", "6", "2024-03-20"), "u-3")});
  ledger.given({amended("sub-01", "u-3", "5")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "10.00");
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1])[0].charge_type, ChargeType::Usage);
  ledger.given({amended("sub-01", "u-3", "7")});
  ledger.when(AdvanceClock{midnight("2024-07-02"), true});
  EXPECT_EQ(total(ledger, 2), "4.00");
}

TEST(Corrections, AVoidDocumentFreesTheCorrectionsOnIt) {
  InMemoryLedger ledger = two_rows();
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({amended("sub-01", "u-1", "7"), usage("sub-01", "vm", "10", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), "14.00");
  ledger.when(VoidInvoice{ledger.invoices()[1]->invoice_id, "wrong", true});
  EXPECT_EQ(total(ledger, 2), "14.00");
}

TEST(Corrections, OnAProfileToo) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              price("vm", "2.00"), named(usage("sub-01", "vm", "10", "2024-03-06"), "u-1")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ledger.given({amended("sub-01", "u-1", "12.5")});
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  EXPECT_EQ(total(ledger, 1), "5.00");
}

TEST(UsageAmended, Refusals) {
  InMemoryLedger ledger = two_rows();
  UsageAmended nothing = amended("sub-01", "u-1", "1");
  nothing.quantity.reset();
  ledger.post({nothing}).then_rejected("INVALID_FIELD", "/data");
  ledger.post({amended("sub-01", "u-1", "1")}, "fabrikam")
      .then_rejected("UNKNOWN_REFERENCE", "/data/subscriptionId");
  ledger.at("2024-03-20").given({SubscriptionCancelled{SubscriptionId("sub-01"), "x", {}},
                SubscriptionDeleted{SubscriptionId("sub-01"), "x", {}}});
  ledger.post({amended("sub-01", "u-1", "1")}).then_rejected("SUBSCRIPTION_DELETED");
  ledger.post({voided("sub-01", "u-1")}).then_rejected("SUBSCRIPTION_DELETED");
}

}  // namespace
}  // namespace daybook::testing
