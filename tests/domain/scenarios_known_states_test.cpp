#include <gtest/gtest.h>

#include "ledger/domain/answers/usage_answer.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/subscription.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/file_support.h"
#include "tests/support/issued.h"

/// What is told of a subscription's state after its usage was billed.
namespace daybook::testing {
namespace {

UsageRecorded row(std::string_view id, std::string_view quantity, std::string_view on) {
  UsageRecorded fact = usage("sub-01", "vm", quantity, on);
  fact.usage_id = std::string(id);
  return fact;
}

/// 28.00 of March, billed on 2 May, of which 20.00 are of the 25th.
InMemoryLedger billed(std::vector<EventData> prices = {price("vm", "1.00")}) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account()).given(std::move(prices));
  ledger.given({row("a", "8", "2024-03-10"), row("b", "20", "2024-03-25")});
  ledger.when(AdvanceClock{midnight("2024-05-03"), true});
  return ledger;
}

/// Cancelled with the 20th for its last day, and active again.
void stop(InMemoryLedger& ledger) {
  ledger.given({SubscriptionCancelled{kSub01, "moved", day("2024-03-20")}});
  ledger.when(ReactivateSubscription{kSub01});
}

Money billed_next(InMemoryLedger& ledger, std::string_view run) {
  ledger.when(AdvanceClock{midnight(run), true});
  return ledger.document(*ledger.invoices().back()).issued.totals.billed;
}

TEST(KnownStates, WhatWasBilledIsCorrectedByWhatWasKnownThen) {
  InMemoryLedger ledger = billed();
  stop(ledger);
  ledger.given({cost("sub-01", "100.00", "2024-05-03"), UsageVoided{kSub01, "b", "never ran"}});
  EXPECT_EQ(billed_next(ledger, "2024-07-03"), money("80.00"));
}

TEST(KnownStates, WhatComesAfterwardsOfADayThatIsNotChargedIsNotBilled) {
  InMemoryLedger ledger = billed();
  stop(ledger);
  ledger.given({cost("sub-01", "100.00", "2024-05-03"), row("c", "4", "2024-03-25"), row("d", "2", "2024-03-20")});
  EXPECT_EQ(billed_next(ledger, "2024-07-03"), money("102.00"));
}

TEST(KnownStates, TiersAreThoseOfAllThatWasBilled) {
  InMemoryLedger ledger = billed({tiers("vm", {{"0", "1"}, {"10", "0.1"}})});
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("11.80"));
  stop(ledger);
  // Two more of the 15th stand before the twenty of the 25th: 1.00 each for them, 0.10 for as many of those.
  ledger.given({cost("sub-01", "100.00", "2024-05-03"), row("c", "2", "2024-03-15")});
  EXPECT_EQ(billed_next(ledger, "2024-07-03"), money("100.20"));
}

/// 4.00 of the 26th too, on the document of 2 June, and stopped since.
InMemoryLedger billed_late() {
  InMemoryLedger ledger = billed();
  ledger.given({row("c", "4", "2024-03-26")});
  EXPECT_EQ(billed_next(ledger, "2024-06-03"), money("4.00"));
  stop(ledger);
  return ledger;
}

TEST(KnownStates, ALateRowIsOfTheDocumentThatBilledIt) {
  InMemoryLedger ledger = billed_late();
  ledger.given({cost("sub-01", "100.00", "2024-06-03"), UsageVoided{kSub01, "c", "never ran"}});
  EXPECT_EQ(billed_next(ledger, "2024-08-03"), money("96.00"));
}

/// What a document of corrections alone billed counts by what that knew, not by what the next month's document did.
TEST(KnownStates, ALateRowIsOfTheDocumentOfCorrectionsThatBilledIt) {
  InMemoryLedger ledger = billed();
  ledger.given({row("c", "4", "2024-03-26")});
  ledger.when(RunInvoicing{day("2024-05-03"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  ASSERT_EQ(ledger.invoices()[1]->amount_due(), money("4.00"));
  stop(ledger);
  ledger.when(AdvanceClock{midnight("2024-06-03"), true});
  ledger.given({cost("sub-01", "100.00", "2024-06-03"), UsageVoided{kSub01, "c", "never ran"}});
  EXPECT_EQ(billed_next(ledger, "2024-08-03"), money("96.00"));
}

TEST(KnownStates, ViewsAndFilesOfWhatWasBilledStay) {
  InMemoryLedger ledger = billed_late();
  ledger.given({row("d", "7", "2024-03-27")});
  EXPECT_EQ(file_of(ledger, *ledger.invoices()[0], ExportKind::Payg).column("UsageQuantity"), "8 20 ");
  EXPECT_EQ(file_of(ledger, *ledger.invoices()[1], ExportKind::Payg).column("UsageQuantity"), "4 ");
  UsageQuery query;
  query.from = day("2024-03-05");
  query.to = day("2024-04-05");
  const auto answer = usage_answer(ledger.state(), ledger.usage(), kOperator, ScopeRef(kSub01), query, {},
                                   ledger.now().date());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->totals.at(0).cost.to_string(), "32");  // without the one that came afterwards
}

TEST(KnownStates, ADocumentInAVoidOnesPlaceKnowsAll) {
  InMemoryLedger ledger = billed();
  const InvoiceId first = ledger.invoices()[0]->invoice_id;
  stop(ledger);
  ledger.when(VoidInvoice{first, "cancelled before", true});
  EXPECT_EQ(ledger.invoices().back()->amount_due(), money("8.00"));
  ledger.given({cost("sub-01", "100.00", "2024-05-03"), UsageVoided{kSub01, "b", "never ran"},
                UsageVoided{kSub01, "a", "never ran"}});
  EXPECT_EQ(billed_next(ledger, "2024-07-03"), money("92.00"));
}

}  // namespace
}  // namespace daybook::testing
