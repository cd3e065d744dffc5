#include <optional>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/billing_facts.h"

/// An invoice that one card was to pay, and another was tried for: decision 0121.
namespace daybook::testing {
namespace {

/// sub-01 by card-1, whose invoice of 2 May was declined that day; it then shares card-2 with sub-03.
InMemoryLedger another_card() {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-03", "acc-1", "2024-03-05"), card("card-1", "acc-1", {"sub-01"}),
              card("card-2", "acc-1", {"sub-03"}), cost("sub-01", "30.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ledger.given({decline(ledger.invoices().at(0)->invoice_id, "p-0")});
  ledger.given({PaymentMethodMadeDefault{MethodId("card-2"), ScopeType::Subscription, ScopeId("sub-01")}});
  return ledger;
}

void declined_by(InMemoryLedger& ledger, std::string_view method, std::string_view id) {
  InvoicePaymentFailed fact = decline(ledger.invoices().at(0)->invoice_id, id);
  fact.method_id = MethodId(std::string(method));
  ledger.given({fact});
  ASSERT_FALSE(ledger.error());
}

SubscriptionStatus status_now(const InMemoryLedger& ledger, std::string_view id) {
  return ledger.state().subscription(SubscriptionId(std::string(id)))->status;
}

Date since_when(const InMemoryLedger& ledger, std::string_view id) {
  return ledger.state().subscription(SubscriptionId(std::string(id)))->status_since;
}

/// R-71, decision 0062: card-2 was declined on 10 June for the first time; that is no day on which it was in arrears for a month.
TEST(DunningOfAnotherCard, BeginsWithItsOwnFirstDecline) {
  InMemoryLedger ledger = another_card();
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  EXPECT_EQ(status_now(ledger, "sub-01"), SubscriptionStatus::Disabled);
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Active);
  declined_by(ledger, "card-2", "p-1");
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-06-30"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-07-01"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Warned);
  ledger.when(AdvanceClock{midnight("2024-07-10"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Disabled);
  EXPECT_EQ(since_when(ledger, "sub-03"), day("2024-07-10"));
  EXPECT_EQ(since_when(ledger, "sub-01"), day("2024-06-01"));
}

/// the invoice owes since its first decline, and its own subscription takes the steps from there, by whatever card it is tried.
TEST(DunningOfAnotherCard, DoesNotPutOffWhoOwesTheInvoice) {
  InMemoryLedger ledger = another_card();
  ledger.when(AdvanceClock{midnight("2024-05-10"), true});
  declined_by(ledger, "card-2", "p-1");
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(status_now(ledger, "sub-01"), SubscriptionStatus::Disabled);
  EXPECT_EQ(since_when(ledger, "sub-01"), day("2024-06-01"));
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Warned);
  EXPECT_EQ(since_when(ledger, "sub-03"), day("2024-05-31"));
  ledger.when(AdvanceClock{midnight("2024-06-09"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Disabled);
  // Tried again, and by the first one once more: neither begins anew.
  declined_by(ledger, "card-2", "p-2");
  declined_by(ledger, "card-1", "p-3");
  ledger.when(AdvanceClock{midnight("2024-06-12"), true});
  EXPECT_EQ(since_when(ledger, "sub-01"), day("2024-06-01"));
  EXPECT_EQ(since_when(ledger, "sub-03"), day("2024-06-09"));
  ledger.given({payment(ledger.invoices().at(0)->invoice_id, "p-4", "30.00")});
  EXPECT_EQ(status_now(ledger, "sub-01"), SubscriptionStatus::Active);
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Active);
}

/// 3.6: one that is unpaid keeps all blocked that use the failed card until it is settled, by whichever card it was tried since.
TEST(DunningOfAnotherCard, LeavesWhoSharesTheFirstPastDueUntilTheInvoiceIsPaid) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-02", "acc-1", "2024-03-05"), subscription("sub-03", "acc-1", "2024-03-05"),
              card("card-1", "acc-1", {"sub-01", "sub-02"}), card("card-2", "acc-1", {"sub-03"}),
              cost("sub-01", "30.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  declined_by(ledger, "card-1", "p-0");
  EXPECT_EQ(status_now(ledger, "sub-02"), SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-05-10"), true});
  declined_by(ledger, "card-2", "p-1");
  ledger.when(AdvanceClock{midnight("2024-06-20"), true});
  EXPECT_EQ(status_now(ledger, "sub-01"), SubscriptionStatus::Disabled);
  EXPECT_EQ(status_now(ledger, "sub-02"), SubscriptionStatus::PastDue);
  EXPECT_EQ(since_when(ledger, "sub-02"), day("2024-05-02"));
  ledger.given({payment(ledger.invoices().at(0)->invoice_id, "p-2", "30.00")});
  for (const auto* id : {"sub-01", "sub-02", "sub-03"}) EXPECT_EQ(status_now(ledger, id), SubscriptionStatus::Active) << id;
}

/// What a wire was to pay was past due by date; the card that is tried then stands on no ladder from before.
TEST(DunningOfAnotherCard, OfWhatAWireWasToPayBeginsWithItsDecline) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-03", "acc-1", "2024-03-05"), card("wire", "acc-1", {"sub-01"}, PaymentFamily::CheckWire),
              card("card-2", "acc-1", {"sub-03"}), cost("sub-01", "30.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-07-10"), true});
  EXPECT_EQ(status_now(ledger, "sub-01"), SubscriptionStatus::Disabled);  // past due since 2 June
  declined_by(ledger, "card-2", "p-1");
  ledger.when(AdvanceClock{midnight("2024-07-30"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::PastDue);
  ledger.when(AdvanceClock{midnight("2024-07-31"), true});
  EXPECT_EQ(status_now(ledger, "sub-03"), SubscriptionStatus::Warned);
  EXPECT_EQ(since_when(ledger, "sub-01"), day("2024-07-02"));
}

}  // namespace
}  // namespace daybook::testing
