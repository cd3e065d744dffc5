#pragma once

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "ledger/domain/commands/runs.h"
#include "tests/support/billing_facts.h"

namespace daybook::testing {

/// A MOSP account `acc-1` with sub-01 and sub-02, an MCA account `acc-2` with profile p-1, section
/// s-1 and sub-03.
class Facts : public ::testing::Test {
 protected:
  Facts() {
    ledger.at("2024-03-12")
        .given(jeroens_account())
        .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
                section("s-1", "p-1"),
                in_section(subscription("sub-03", "acc-2", "2024-03-05"), "s-1"),
                card("card-1", "acc-1", {"sub-01"})});
  }
  void refuses(EventData fact, std::string_view code, std::string_view pointer = {}) {
    const Position before = ledger.head();
    ledger.post({std::move(fact)}).then_rejected(code, pointer);
    EXPECT_EQ(ledger.head(), before);
  }
  void accepts(EventData fact) {
    ledger.post({std::move(fact)});
    if (ledger.error()) ADD_FAILURE() << ledger.error()->code << ": " << ledger.error()->detail;
  }
  /// An invoice of 40.00 for sub-01, due by card.
  InvoiceId an_invoice() {
    ledger.given({cost("sub-01", "40.00", "2024-03-07")})
        .when(AdvanceClock{midnight("2024-05-02"), true});
    return ledger.invoices().back()->invoice_id;
  }

  InMemoryLedger ledger;
};

}  // namespace daybook::testing
