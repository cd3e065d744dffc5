#include <gtest/gtest.h>

#include <map>

#include "ledger/domain/answers/corrections_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/payment_support.h"
#include "tests/support/correction_facts.h"

/// What late, amended and voided usage makes of issued invoices: told first, then issued at once.
namespace daybook::testing {
namespace {

constexpr std::string_view kToday = "2024-05-20";

/// sub-01 of 5 March, ten and four hours at 2.00 in its first period: an invoice of 28.00 and VAT of 2 May.
InMemoryLedger billed(std::vector<EventData> more = {}) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({vat(), price("vm", "2.00")}).given(std::move(more));
  ledger.given({named(usage("sub-01", "vm", "10", "2024-03-07"), "u-1"), named(usage("sub-01", "vm", "4", "2024-03-08"), "u-2")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.at(kToday);
  return ledger;
}

CorrectionsView told(const InMemoryLedger& ledger, bool with_rebills = false, std::optional<AccountId> account = std::nullopt) {
  const auto view = corrections_answer(ledger.state(), ledger.usage(), account, with_rebills, ledger.now());
  EXPECT_TRUE(view) << view.error().detail;
  return view.value_or(CorrectionsView());
}

InMemoryLedger& issue(InMemoryLedger& ledger, std::optional<AccountId> account = std::nullopt) {
  ledger.when(RunInvoicing{ledger.now().date(), true, std::move(account)});
  EXPECT_FALSE(ledger.error()) << ledger.error()->detail;
  return ledger;
}

/// What is issued is what was told, and then nothing is left to tell or to issue.
void expect_issued_as_told(InMemoryLedger& ledger) {
  const CorrectionsView before = told(ledger);
  issue(ledger);
  std::map<std::string, Money> issued;
  for (const CreditNoteIssued& note : ledger.outcome<CreditNoteIssued>())
    issued.emplace(note.credit_for_invoice_id.text(), negate(note.amount).value());
  for (const InvoiceIssued& invoice : ledger.outcome<InvoiceIssued>()) {
    EXPECT_FALSE(invoice.is_monthly);
    EXPECT_EQ(invoice.issue_date, ledger.now().date());
    issued.emplace(invoice.corrected_invoice_id.value().text(), invoice.totals.total);
  }
  std::map<std::string, Money> expected;
  for (const CorrectedInvoiceView& item : before.items) {
    if (item.total) expected.emplace(item.invoice_id->text(), *item.total);
  }
  EXPECT_EQ(issued.size(), expected.size());
  EXPECT_TRUE(issued == expected);
  for (const CorrectedInvoiceView& item : told(ledger).items) EXPECT_EQ(item.becomes, CorrectionOutcome::NextInvoice);
  issue(ledger).then_nothing();
}

TEST(Corrections, OfWhatWasAmendedAreACreditNoteAtOnce) {
  InMemoryLedger ledger = billed();
  EXPECT_TRUE(told(ledger).items.empty());
  issue(ledger).then_nothing();
  ledger.given({amended("sub-01", "u-1", "8")});
  const CorrectionsView view = told(ledger);
  ASSERT_EQ(view.items.size(), 1u);
  const CorrectedInvoiceView& item = view.items[0];
  EXPECT_EQ(item.invoice_id, ledger.invoices()[0]->invoice_id);
  EXPECT_EQ(item.becomes, CorrectionOutcome::CreditNote);
  EXPECT_EQ(item.charges, money("-4.00"));
  EXPECT_EQ(item.total, money("-4.84"));
  ASSERT_EQ(item.lines.size(), 1u);
  EXPECT_EQ(item.lines[0].charge_type, ChargeType::Adjustment);
  EXPECT_EQ(item.lines[0].quantity_then, decimal("14"));
  EXPECT_EQ(item.lines[0].quantity_now, decimal("12"));
  EXPECT_EQ(item.lines[0].amount, money("-4.00"));
  EXPECT_EQ(view.totals.at(0).charges, money("-4.00"));
  expect_issued_as_told(ledger);
  EXPECT_EQ(ledger.invoices()[0]->credited_minor, 484);
  EXPECT_TRUE(told(ledger).items.empty());
}

TEST(Corrections, OfWhatCameLateAreAnInvoiceAtOnceAndTheNextOneSaysNothing) {
  InMemoryLedger ledger = billed();
  ledger.given({usage("sub-01", "vm", "3", "2024-04-04"), usage("sub-01", "vm", "10", "2024-04-20")});
  const CorrectionsView view = told(ledger);
  ASSERT_EQ(view.items.size(), 1u);
  EXPECT_EQ(view.items[0].becomes, CorrectionOutcome::Invoice);
  EXPECT_EQ(view.items[0].total, money("7.26"));
  EXPECT_EQ(view.items[0].lines.at(0).quantity_then, decimal("14"));
  EXPECT_EQ(view.items[0].lines.at(0).quantity_now, decimal("17"));
  expect_issued_as_told(ledger);
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[2]).issued.totals.sub_total, money("20.00"));
  EXPECT_EQ(ledger.lines(*ledger.invoices()[2]).size(), 1u);
}

TEST(Corrections, OfOneAccountLeaveOthersAlone) {
  InMemoryLedger ledger = billed({account("acc-2", AccountType::MOSP, "2024-02-02"), subscription("sub-21", "acc-2", "2024-03-05"),
                                  named(usage("sub-21", "vm", "5", "2024-03-09"), "u-3")});
  ledger.given({voided("sub-01", "u-2"), voided("sub-21", "u-3")});
  EXPECT_EQ(told(ledger).items.size(), 2u);
  EXPECT_EQ(told(ledger, false, AccountId("acc-2")).items.size(), 1u);
  issue(ledger, AccountId("acc-2"));
  const auto notes = ledger.outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].totals.sub_total, money("10.00"));
  const CorrectionsView left = told(ledger);
  ASSERT_EQ(left.items.size(), 1u);
  EXPECT_EQ(left.items[0].account_id, kAcc1);
  EXPECT_EQ(code_of(corrections_answer(ledger.state(), ledger.usage(), AccountId("acc-9"), false, ledger.now())), "NOT_FOUND");
  ledger.when(RunInvoicing{ledger.now().date(), true, AccountId("acc-9")}).then_rejected("UNKNOWN_REFERENCE", "/accountId");
}

TEST(Corrections, OfALockedInvoiceWait) {
  InMemoryLedger ledger = billed();
  ledger.when(LockInvoice{ledger.invoices()[0]->invoice_id, "dispute"});
  ledger.given({voided("sub-01", "u-2")});
  EXPECT_EQ(told(ledger).items.at(0).becomes, CorrectionOutcome::Unlocking);
  issue(ledger).then_nothing();
  ledger.when(UnlockInvoice{ledger.invoices()[0]->invoice_id, std::nullopt});
  expect_issued_as_told(ledger);
  EXPECT_EQ(ledger.invoices()[0]->credited_minor, 968);
}

TEST(Corrections, OfTiersAreWorthWhatThePeriodIsWorthWithThemLessWhatWasBilled) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({tiers("gb", {{"0", "2"}, {"10", "1"}})});
  ledger.given({named(usage("sub-01", "gb", "8", "2024-03-07"), "u-1"), named(usage("sub-01", "gb", "6", "2024-03-08"), "u-2")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.at(kToday).given({usage("sub-01", "gb", "5", "2024-03-06"), voided("sub-01", "u-1")});
  // 14 units were 24; 11 are 21.
  const CorrectionsView view = told(ledger);
  ASSERT_EQ(view.items.size(), 1u);
  EXPECT_EQ(view.items[0].charges, money("-3.00"));
  ASSERT_EQ(view.items[0].lines.size(), 2u);
  for (const CorrectedLineView& line : view.items[0].lines) {
    EXPECT_EQ(line.quantity_then, decimal("14"));
    EXPECT_EQ(line.quantity_now, decimal("11"));
  }
  expect_issued_as_told(ledger);
}

TEST(Corrections, OfProfilesAndOfWhatNoInvoiceBilled) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"), vat(), price("vm", "10.00"),
              in_section(subscription("sub-11", "acc-2", "2024-03-05"), "p-1"), named(usage("sub-11", "vm", "5", "2024-03-06"), "u-1"),
              account("acc-1", AccountType::MOSP, "2024-03-01"), subscription("sub-01", "acc-1", "2024-03-01")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ledger.at("2024-04-10").given({amended("sub-11", "u-1", "6"), usage("sub-01", "vm", "1", "2024-03-09")});
  const CorrectionsView view = told(ledger);
  ASSERT_EQ(view.items.size(), 2u);
  EXPECT_FALSE(view.items[0].invoice_id);  // acc-1 owed nothing for March
  EXPECT_EQ(view.items[0].becomes, CorrectionOutcome::NextInvoice);
  EXPECT_EQ(view.items[1].becomes, CorrectionOutcome::Invoice);
  EXPECT_EQ(view.items[1].total, money("12.10"));
  expect_issued_as_told(ledger);
  EXPECT_EQ(told(ledger).items.size(), 1u);
}

TEST(Corrections, TellWhatALaterPriceWouldMakeOfAnInvoiceThatIsBilledAgain) {
  InMemoryLedger ledger = billed();
  EXPECT_TRUE(told(ledger, true).rebills.empty());
  ledger.given({price("vm", "3.00", "2024-03-08"), price("vm", "9.00", "2024-06-01")});
  EXPECT_TRUE(told(ledger).rebills.empty()) << "only where it is asked for";
  EXPECT_TRUE(told(ledger).items.empty()) << "a later price changes nothing billed";
  const CorrectionsView view = told(ledger, true);
  ASSERT_EQ(view.rebills.size(), 1u);
  const RebillPreviewView& rebill = view.rebills[0];
  EXPECT_EQ(rebill.total, money("33.88"));
  EXPECT_EQ(rebill.rebilled_total, money("38.72"));  // (20 + 12) × 1.21
  EXPECT_EQ(rebill.difference, money("4.84"));
  EXPECT_EQ(rebill.prices.size(), 1u);
  EXPECT_EQ(view.totals.at(0).rebilled, money("4.84"));
}

}  // namespace
}  // namespace daybook::testing
