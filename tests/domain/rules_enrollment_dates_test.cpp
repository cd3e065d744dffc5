#include <gtest/gtest.h>

#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/enrollment_answer.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/charge_facts.h"
#include "tests/support/move_facts.h"

/// When an enrollment is told of overage, and which run it waits for (T-EA-1, T-EA-4, R-29, decision 0065).
namespace daybook::testing {
namespace {

/// Marketplace for 40.00 in March, given back in April beside usage of 100.00.
InMemoryLedger with_marketplace(std::string_view prepayment) {
  InMemoryLedger ledger = enterprise(prepayment);
  ledger.given({bought("c-1", "sub-e", PurchaseKind::Marketplace, "40.00", "2024-03-05")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.given({cost("sub-e", "100.00", "2024-04-10"), refunded("c-2", "c-1", "40.00", "2024-04-11")});
  return ledger;
}

TEST(OverageNotice, IsOfUsageBeyondTheCreditWhateverMarketplaceGivesBack) {
  // T-EA-1: the refund leaves less to pay, so credit covers less; usage is within the credit all the same.
  InMemoryLedger within = with_marketplace("500.00");
  within.when(AdvanceClock{midnight("2024-05-14"), true});
  EXPECT_TRUE(within.outcome<OverageNotificationSent>().empty());
  EXPECT_EQ(within.invoices().size(), 1u);
  InMemoryLedger beyond = with_marketplace("30.00");
  beyond.when(AdvanceClock{midnight("2024-05-14"), true});
  const auto notices = beyond.outcome<OverageNotificationSent>();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].overage_amount, money("70.00"));
  ASSERT_EQ(beyond.invoices().size(), 2u);
  EXPECT_EQ(beyond.document(*beyond.invoices()[1]).issued.totals.sub_total, money("30.00"));
}

TEST(OverageNotice, OfUsageThatWasToldTooLateComesWithTheNextRunOnce) {
  InMemoryLedger ledger = enterprise();
  ledger.when(AdvanceClock{midnight("2024-04-08"), true});
  EXPECT_TRUE(ledger.outcome<OverageNotificationSent>().empty());
  ledger.given({cost("sub-e", "10.00", "2024-03-20")});
  ledger.when(RunEaInvoicing{day("2024-04-08")});
  const auto notices = ledger.outcome<OverageNotificationSent>();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].overage_amount, money("10.00"));
  ledger.when(RunEaInvoicing{day("2024-04-08")}).then_nothing();
}

std::optional<Date> next_date(const InMemoryLedger& ledger) {
  const auto answer = enrollment_answer(ledger.state(), Viewer::operating(), kEnrollment, ledger.now().date());
  return answer ? answer->next_invoice_date : std::nullopt;
}

TEST(NextInvoiceDate, OfAnEnrollmentThatHoldsNothingMovesOn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("acc-e", AccountType::EA, "2024-03-01"), enrollment(),
                                 enrollment_account("ea-1", "otto")});
  EXPECT_EQ(next_date(ledger), day("2024-04-14"));
  ledger.when(AdvanceClock{midnight("2024-06-13"), true});
  EXPECT_EQ(next_date(ledger), day("2024-06-14"));
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_EQ(next_date(ledger), day("2024-07-14"));
  const auto of_account =
      account_answer(ledger.state(), Viewer::operating(), AccountId("acc-e"), ledger.now().date());
  ASSERT_TRUE(of_account);
  EXPECT_EQ(of_account->next_invoice_date, day("2024-07-14"));
  ledger.given({in_account(subscription("sub-e", "acc-e", "2024-06-25"), "ea-1"),
                cost("sub-e", "10.00", "2024-06-26")});
  EXPECT_EQ(next_date(ledger), day("2024-07-14"));
  ledger.when(AdvanceClock{midnight("2024-07-14"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(next_date(ledger), day("2024-08-14"));
}

TEST(NextInvoiceDate, OfAnEnrollmentThatItsLastSubscriptionLeftMovesOn) {
  InMemoryLedger ledger = enterprise();
  ledger.given({account("acc-1", AccountType::MOSP, "2024-02-02")});
  ledger.at("2024-05-10").given({transferred("sub-e", "acc-e", "acc-1", "2024-05-10")});
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_EQ(next_date(ledger), day("2024-07-14"));
  ledger.when(AdvanceClock{midnight("2024-09-20"), true});
  EXPECT_EQ(next_date(ledger), day("2024-10-14"));
}

}  // namespace
}  // namespace daybook::testing
