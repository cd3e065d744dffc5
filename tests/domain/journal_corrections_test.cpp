#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/bookkept_ledger.h"
#include "tests/support/charge_facts.h"
#include "tests/support/correction_facts.h"

/// What corrections by note post (R-81, docs/reference/journal.md).
namespace daybook::testing {
namespace {


/// 100.00 of usage, 80.00 of it covered by credit; then 50.00 of it never happened.
BookkeptLedger half_voided() {
  BookkeptLedger books;
  books.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"), vat(),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              profile_credit("promo", "p-1", "80.00", "2024-03-01"), price("vm", "10.00"),
              linked("jeroen", "jeroen@contoso.example"),
              named(usage("sub-01", "vm", "5", "2024-03-06"), "u-1"),
              named(usage("sub-01", "vm", "5", "2024-03-07"), "u-2")});
  books.when(SetPolicy{"corrections", {R"("note")"}, std::nullopt});
  books.when(AdvanceClock{midnight("2024-04-05"), true});
  books.given({UsageVoided{SubscriptionId("sub-01"), "u-2", "never happened"}});
  return books;
}

TEST(JournalOfCorrections, CreditThatGoesBackIsNeitherEarnedNorUsed) {
  BookkeptLedger books = half_voided();
  books.expect_agreement();
  books.when(AdvanceClock{midnight("2024-05-05"), true});
  const auto notes = books.ledger().outcome<CreditNoteIssued>();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(books.postings_of(notes[0].credit_note_id.text()),
            (Lines{"income:usage 50.00", "liabilities:tax:NL:21 4.20", "equity:credits -30.00",
                   "assets:receivable:acc-2 -24.20"}));
  books.expect_agreement();
}

TEST(JournalOfCorrections, AVoidAfterANoteGivesBackWhatIsLeft) {
  BookkeptLedger books = half_voided();
  books.when(AdvanceClock{midnight("2024-05-05"), true});
  books.when(VoidInvoice{books.invoice().invoice_id, "wrong customer", false});
  ASSERT_FALSE(books.ledger().error()) << books.ledger().error()->detail;
  books.expect_agreement();
  books.when(AdvanceClock{midnight("2024-06-05"), true});
  books.expect_agreement();
}

}  // namespace
}  // namespace daybook::testing
