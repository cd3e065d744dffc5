#include <utility>

#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/domain/enrollment_support.h"
#include "tests/domain/payment_support.h"
#include "tests/support/charge_facts.h"
#include "tests/support/correction_facts.h"

/// Policy `corrections` = `note` (R-81): what is corrected after its invoice has a credit note or an
/// invoice of its own, and the next invoice says nothing of it.
namespace daybook::testing {
namespace {

SetPolicy by_note(std::optional<AccountId> account = std::nullopt) {
  return {"corrections", {R"("note")"}, std::move(account)};
}

/// sub-01 of 5 March, ten and four hours at 2.00 in its first period: an invoice of 28.00 of 2 May.
InMemoryLedger invoice_of_28(std::vector<EventData> more = {}) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given(std::move(more));
  ledger.given({price("vm", "2.00"), named(usage("sub-01", "vm", "10", "2024-03-07"), "u-1"),
                named(usage("sub-01", "vm", "4", "2024-03-08"), "u-2")});
  ledger.when(by_note());
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

void run(InMemoryLedger& ledger, std::string_view through) {
  ledger.when(AdvanceClock{midnight(through), true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

TEST(CorrectionNotes, WhatIsLessThanBilledIsCreditedAtTheNextRun) {
  InMemoryLedger ledger = invoice_of_28();
  const InvoiceId billed = ledger.invoices()[0]->invoice_id;
  ledger.given({amended("sub-01", "u-1", "8")});
  const Position correction = ledger.head();
  ledger.given({usage("sub-01", "vm", "10", "2024-04-20")});
  run(ledger, "2024-06-01");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  run(ledger, "2024-06-02");
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].credit_for_invoice_id, billed);
  EXPECT_EQ(notes[0].amount, money("4.00"));
  EXPECT_EQ(notes[0].issue_date, day("2024-06-02"));
  ASSERT_EQ(notes[0].corrections.size(), 1u);
  EXPECT_EQ(notes[0].corrections[0].charges, money("4.00"));
  EXPECT_EQ(notes[0].corrections[0].manifest.late_positions, std::vector<std::uint64_t>{correction});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.total, money("20.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1]).size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("24.00"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.total, money("28.00"));
  ledger.given({usage("sub-01", "vm", "1", "2024-05-20")});
  run(ledger, "2024-07-02");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.document(*ledger.invoices()[2]).issued.totals.total, money("2.00"));
}

TEST(CorrectionNotes, WhatCameLateIsInvoicedBesideTheMonths) {
  InMemoryLedger ledger = invoice_of_28({vat()});
  const InvoiceId billed = ledger.invoices()[0]->invoice_id;
  ledger.given({usage("sub-01", "vm", "3", "2024-04-04")});
  const Position late = ledger.head();
  ledger.given({usage("sub-01", "vm", "10", "2024-04-20")});
  run(ledger, "2024-06-02");
  ASSERT_EQ(ledger.invoices().size(), 3u);
  const InvoiceIssued& debit = ledger.document(*ledger.invoices()[1]).issued;
  EXPECT_EQ(debit.corrected_invoice_id, billed);
  EXPECT_FALSE(debit.is_monthly);
  EXPECT_EQ(debit.period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(debit.totals.sub_total, money("6.00"));
  EXPECT_EQ(debit.totals.tax, money("1.26"));
  EXPECT_EQ(debit.manifest.late_positions, std::vector<std::uint64_t>{late});
  const std::vector<InvoiceLine> lines = ledger.lines(*ledger.invoices()[1]);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].charge_type, ChargeType::Usage);
  EXPECT_EQ(lines[0].corrected_invoice_id, billed);
  EXPECT_EQ(ledger.document(*ledger.invoices()[2]).issued.totals.sub_total, money("20.00"));
  // The period is still the first invoice's: a further correction is of that one.
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "5", "2024-05-20")});
  run(ledger, "2024-07-02");
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].credit_for_invoice_id, billed);
  EXPECT_EQ(notes[0].totals.sub_total, money("8.00"));
  EXPECT_EQ(notes[0].totals.tax, money("1.68"));
}

TEST(CorrectionNotes, MoreAndLessOfOneInvoiceAreOneDocument) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.given({usage("sub-01", "vm", "5", "2024-04-04"), voided("sub-01", "u-2")});
  run(ledger, "2024-06-02");
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.total, money("2.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[1]).size(), 2u);
}

TEST(CorrectionNotes, WhatWasPaidBeyondItIsGivenBack) {
  InMemoryLedger ledger = invoice_of_28();
  const InvoiceId billed = ledger.invoices()[0]->invoice_id;
  ledger.given({payment(billed, "p-1", "28.00"), voided("sub-01", "u-2")});
  run(ledger, "2024-06-02");
  const auto back = ledger.outcome<InvoicePaymentReversed>();
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].amount, money("8.00"));
  EXPECT_EQ(back[0].reason, ReversalReason::Refund);
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
}

TEST(CorrectionNotes, CreditThatPaidForItGoesBackToItsLot) {
  // 100.00 of usage, 80.00 of it covered; 50.00 never happened: what was asked first, then credit.
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"), vat(),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              profile_credit("promo", "p-1", "80.00", "2024-03-01"), price("vm", "10.00"),
              named(usage("sub-01", "vm", "5", "2024-03-06"), "u-1"),
              named(usage("sub-01", "vm", "5", "2024-03-07"), "u-2")});
  ledger.when(by_note());
  run(ledger, "2024-04-05");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 2420);
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "2", "2024-04-10")});
  run(ledger, "2024-05-05");
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].amount, money("24.20"));
  EXPECT_EQ(notes[0].totals.billed, money("50.00"));
  EXPECT_EQ(notes[0].totals.credit_applied, money("30.00"));
  EXPECT_EQ(notes[0].totals.sub_total, money("20.00"));
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Paid);
  // The same run's invoice may take what came back: 20.00 of April are covered.
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.credit_applied, money("20.00"));
  EXPECT_EQ(ledger.state().find<CreditLot>("promo")->left_minor, 1000);
}

TEST(CorrectionNotes, OfALockedInvoiceWaitUntilItIsUnlocked) {
  InMemoryLedger ledger = invoice_of_28();
  const InvoiceId billed = ledger.invoices()[0]->invoice_id;
  ledger.when(LockInvoice{billed, "dispute"});
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "10", "2024-04-20")});
  run(ledger, "2024-06-02");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.total, money("20.00"));
  ledger.when(UnlockInvoice{billed, {}});
  run(ledger, "2024-07-02");
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("8.00"));
}

TEST(CorrectionNotes, WithoutAnInvoiceTheNextOneHasTheLine) {
  // Nothing was owed for the first period; nothing could be credited or corrected.
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({price("vm", "2.00")});
  ledger.when(by_note());
  run(ledger, "2024-05-02");
  ledger.given({usage("sub-01", "vm", "3", "2024-03-20"), usage("sub-01", "vm", "1", "2024-04-20")});
  run(ledger, "2024-06-02");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.total, money("8.00"));
  EXPECT_TRUE(ledger.document(*ledger.invoices()[0]).issued.is_monthly);
}

TEST(CorrectionNotes, BeyondWhatIsLeftOfTheInvoiceTheNextOneHasTheLine) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.when(IssueCreditNote{ledger.invoices()[0]->invoice_id, money("25.00"), "outage"});
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "10", "2024-04-20")});
  run(ledger, "2024-06-02");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.total, money("12.00"));
}

TEST(CorrectionNotes, OfACancelledSubscriptionComeOnTheAccountsDayOnce) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.given({SubscriptionCancelled{SubscriptionId("sub-01"), "gone", day("2024-05-02")}});
  run(ledger, "2024-06-02");
  const std::size_t before = ledger.invoices().size();
  ledger.given({voided("sub-01", "u-2")});
  run(ledger, "2024-07-02");
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("8.00"));
  ledger.given({usage("sub-01", "vm", "1", "2024-03-30")});
  run(ledger, "2024-08-02");
  ASSERT_EQ(ledger.invoices().size(), before + 1);
  EXPECT_EQ(ledger.invoices().back()->total_minor, 200);
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  run(ledger, "2024-11-02");
  EXPECT_EQ(ledger.invoices().size(), before + 1);
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
}

/// R-81: what has no further period gets it on its next run date; no document could bear it (R-65).
TEST(CorrectionNotes, WhereNoFurtherPeriodComesTheyDoWhateverThePolicySays) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.when(SetPolicy{"corrections", {R"("nextInvoice")"}, std::nullopt});
  ledger.given({SubscriptionCancelled{SubscriptionId("sub-01"), "gone", day("2024-05-02")}});
  run(ledger, "2024-06-10");
  const std::size_t before = ledger.invoices().size();
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "1", "2024-04-30")});
  run(ledger, "2024-07-01");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  run(ledger, "2024-07-02");
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("8.00"));
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("20.00"));
  ASSERT_EQ(ledger.invoices().size(), before + 1);
  EXPECT_EQ(ledger.invoices().back()->total_minor, 200);
  run(ledger, "2024-11-02");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.invoices().size(), before + 1);
}

TEST(CorrectionNotes, AnInvoiceBilledAgainKeepsWhatWasTakenBack) {
  for (const bool at_once : {true, false}) {
    InMemoryLedger ledger = invoice_of_28();
    const InvoiceId billed = ledger.invoices()[0]->invoice_id;
    ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "10", "2024-04-20")});
    run(ledger, "2024-06-02");
    ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
    ledger.when(VoidInvoice{billed, "wrong address", at_once});
    ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
    run(ledger, "2024-07-02");
    ASSERT_EQ(ledger.invoices().size(), 3u);
    const Invoice& again = *ledger.invoices()[2];
    EXPECT_EQ(again.previous_invoice_id, billed);
    EXPECT_EQ(again.total_minor, 2800);
    EXPECT_EQ(again.amount_due(), money("20.00"));
    EXPECT_EQ(ledger.state().invoice(billed)->amount_due(), money("0.00"));
  }
}

TEST(CorrectionNotes, WhatStoodOnAVoidOneIsBilledByTheNextRun) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.given({usage("sub-01", "vm", "3", "2024-04-04")});
  run(ledger, "2024-06-02");
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceId debit = ledger.invoices()[1]->invoice_id;
  ledger.when(VoidInvoice{debit, "wrong", true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.invoices()[2]->total_minor, 600);
  EXPECT_EQ(ledger.document(*ledger.invoices()[2]).issued.corrected_invoice_id,
            ledger.invoices()[0]->invoice_id);
  ledger.when(VoidInvoice{ledger.invoices()[2]->invoice_id, "again", false});
  run(ledger, "2024-07-02");
  ASSERT_EQ(ledger.invoices().size(), 4u);
  EXPECT_EQ(ledger.invoices()[3]->total_minor, 600);
  run(ledger, "2024-09-02");
  EXPECT_EQ(ledger.invoices().size(), 4u);
}

TEST(CorrectionNotes, AreForTheAccountThatWantsThem) {
  InMemoryLedger ledger = invoice_of_28();
  ledger.when(SetPolicy{"corrections", {R"("nextInvoice")"}, AccountId("acc-1")});
  ledger.when(SetPolicy{"corrections", {R"("nextInvoice")"}, AccountId("acc-1")}).then_nothing();
  ledger.given({voided("sub-01", "u-2"), usage("sub-01", "vm", "10", "2024-04-20")});
  run(ledger, "2024-06-02");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.total, money("12.00"));
}

TEST(CorrectionNotes, OfMarketplaceUsageComeWithTheRunOfTheNinth) {
  InMemoryLedger ledger;
  UsageRecorded spot = named(cost("sub-01", "12.34", "2024-03-10"), "s-1");
  spot.pricing_model = PricingModel::Spot;
  ledger.at("2024-02-02").given(jeroens_account()).given({spot});
  ledger.when(by_note());
  run(ledger, "2024-04-09");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  UsageAmended less;
  less.subscription_id = SubscriptionId("sub-01");
  less.usage_id = "s-1";
  less.cost = decimal("10.00");
  less.reason = "misread";
  ledger.given({less});
  run(ledger, "2024-05-09");
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("2.34"));
  run(ledger, "2024-07-09");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
  EXPECT_EQ(ledger.invoices().size(), 1u);
}

/// As of other usage: no month comes whose document could bear it, also where the subscription is deleted meanwhile.
TEST(CorrectionNotes, OfMarketplaceUsageWhoseSubscriptionHasEndedWaitForNoDocument) {
  for (const auto& [told, next] : {std::pair("2024-06-01", "2024-06-09"), std::pair("2024-07-07", "2024-07-09")}) {
    InMemoryLedger ledger;
    UsageRecorded spot = named(cost("sub-01", "12.34", "2024-03-10"), "s-1");
    spot.pricing_model = PricingModel::Spot;
    ledger.at("2024-02-02").given(jeroens_account()).given({spot});
    run(ledger, "2024-04-09");
    ASSERT_EQ(ledger.invoices().size(), 1u);
    ledger.given({SubscriptionCancelled{SubscriptionId("sub-01"), "gone", day("2024-04-09")}});
    run(ledger, told);
    UsageAmended less;
    less.subscription_id = SubscriptionId("sub-01");
    less.usage_id = "s-1";
    less.cost = decimal("10.00");
    less.reason = "misread";
    ledger.given({less});
    run(ledger, next);
    ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u) << told;
    EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].amount, money("2.34"));
    run(ledger, "2024-10-09");
    EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
    EXPECT_EQ(ledger.invoices().size(), 1u);
  }
}

TEST(CorrectionNotes, OfAnEnrollmentGiveBackOverageBeforePrepayment) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({named(cost("sub-e", "1200.00", "2024-03-10"), "u-1")});
  ledger.when(by_note());
  run(ledger, "2024-04-14");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 24200);
  UsageAmended less;
  less.subscription_id = SubscriptionId("sub-e");
  less.usage_id = "u-1";
  less.cost = decimal("900.00");
  less.reason = "misread";
  ledger.given({less});
  run(ledger, "2024-05-14");
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].amount, money("242.00"));
  EXPECT_EQ(notes[0].totals.azure_prepayment_applied, money("100.00"));
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 10000);
  run(ledger, "2024-07-14");
  EXPECT_TRUE(ledger.outcome<CreditNoteIssued>().empty());
}

}  // namespace
}  // namespace daybook::testing
