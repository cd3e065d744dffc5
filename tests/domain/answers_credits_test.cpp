#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/domain/answers/credits_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "tests/domain/answers_support.h"
#include "tests/support/charge_facts.h"

/// What credit looks like to whoever asks.
namespace daybook::testing {
namespace {


InMemoryLedger with_credit() {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({monthly_credit("vs", "sub-01", "150.00", "2024-03-05")});
  ledger.at("2024-03-20").given({cost("sub-01", "40.00", "2024-03-19")});
  return ledger;
}

Result<CreditListView> credits(const InMemoryLedger& ledger, const ScopeRef& scope) {
  return credits_answer(ledger.state(), ledger.usage(), kOperator, scope, ledger.now().date());
}

TEST(CreditsAnswer, TheEstimateIsLessWhatIsPending) {
  const InMemoryLedger ledger = with_credit();
  EXPECT_THAT(json_of(credits(ledger, ScopeRef(kSub01))), JsonLike(R"({
    "items":[{"lotId":"vs","scopeType":"Subscription","scopeId":"sub-01","source":"MonthlyCredit",
      "original":{"amount":"150.00","currency":"EUR"},"current":{"amount":"150.00","currency":"EUR"},
      "startOn":"2024-03-05","expiresOn":"2024-04-05","status":"active"}],
    "currentBalance":{"amount":"150.00","currency":"EUR"},
    "estimatedBalance":{"amount":"110.00","currency":"EUR"},"nextCursor":null})"));
}

TEST(CreditsAnswer, AnAccountShowsTheLotsOfItsScopes) {
  InMemoryLedger ledger = with_credit();
  run(ledger, "2024-05-02");
  const auto view = credits(ledger, ScopeRef(kAcc1));
  ASSERT_TRUE(view);
  ASSERT_EQ(view->items.size(), 2u);
  EXPECT_EQ(view->items[0].status, CreditStatus::expired);
  EXPECT_EQ(view->items[0].current, money("0.00"));
  EXPECT_EQ(view->items[1].lot_id, LotId("vs.2024-04-05"));
  EXPECT_EQ(view->current_balance, money("150.00"));
}

TEST(CreditsAnswer, SC_108_AStatementWithinCreditShowsItsLinesAndWhyThereIsNoInvoice) {
  InMemoryLedger ledger = with_credit();
  run(ledger, "2024-05-02");
  const auto statement = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                          day("2024-03-05"), ledger.now());
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->lines.size(), 1u);
  EXPECT_EQ(statement->charges, money("40.00"));
  EXPECT_EQ(statement->credit, money("40.00"));
  EXPECT_EQ(statement->total, money("0.00"));
  EXPECT_FALSE(statement->invoice_id);
  EXPECT_EQ(statement->reason, NoInvoiceReason::WithinCredit);
}

/// The bill stopped at the credit, and so does what is said of it later (R-63).
TEST(CreditsAnswer, AStatementOfAClosedPeriodAsksNothingBeyondASpendingLimit) {
  InMemoryLedger ledger;
  SubscriptionCreated limited = subscription("sub-01", "acc-1", "2024-03-05");
  limited.spending_limit = SpendingLimit::On;
  ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-03-02"), limited,
                                 monthly_credit("vs", "sub-01", "10.00", "2024-03-05")});
  ledger.at("2024-03-20").given({cost("sub-01", "17.54", "2024-03-19")});
  run(ledger, "2024-05-02");
  ASSERT_TRUE(ledger.invoices().empty());
  const auto statement = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01,
                                          day("2024-03-05"), ledger.now());
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->charges, money("17.54"));
  EXPECT_EQ(statement->credit, money("10.00"));
  EXPECT_EQ(statement->total, money("0.00"));
  EXPECT_EQ(statement->reason, NoInvoiceReason::WithinCredit);
  // EST-7: the history tells charges, and why nobody is asked for them (decision 0088).
  const auto history = billing_history_answer(ledger.state(), ledger.usage(), kOperator, kSub01, ledger.now());
  ASSERT_TRUE(history);
  EXPECT_EQ(history->items.back().period, statement->period);
  EXPECT_EQ(history->items.back().total, statement->charges);
  EXPECT_EQ(history->items.back().reason, NoInvoiceReason::WithinCredit);
  EXPECT_FALSE(history->items.back().invoice_id);
}

/// The same before its run, and while it lasts; without the limit the rest is asked.
TEST(CreditsAnswer, AStatementAsksNothingBeyondASpendingLimitBeforeTheRunEither) {
  for (const SpendingLimit limit : {SpendingLimit::On, SpendingLimit::Off}) {
    InMemoryLedger ledger;
    SubscriptionCreated created = subscription("sub-01", "acc-1", "2024-03-05");
    created.spending_limit = limit;
    ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-03-02"), created,
                                   monthly_credit("vs", "sub-01", "10.00", "2024-03-05")});
    ledger.at("2024-03-20").given({cost("sub-01", "17.54", "2024-03-19")});
    for (const std::string_view now : {"2024-03-20", "2024-04-10"}) {
      const auto statement = statement_answer(ledger.state(), ledger.usage(), kOperator, kSub01, day("2024-03-05"),
                                              midnight(now));
      ASSERT_TRUE(statement);
      EXPECT_EQ(statement->charges, money("17.54")) << now;
      EXPECT_EQ(statement->total, limit == SpendingLimit::On ? money("0.00") : money("7.54")) << now;
    }
  }
}

}  // namespace
}  // namespace daybook::testing
