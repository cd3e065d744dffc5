#include <gtest/gtest.h>

#include "ledger/domain/commands/email_preference.h"
#include "tests/support/billing_facts.h"

/// What ends invoices by e-mail (6.4, EML-6).
namespace daybook::testing {
namespace {

void opt_in_with_recipient(InMemoryLedger& ledger, const ScopeRef& scope) {
  ledger.when(AcceptEmailTerms{scope.type, ScopeId(scope.id), "1"});
  OptInEmailInvoice wish;
  wish.scope_type = scope.type;
  wish.scope_id = ScopeId(scope.id);
  ledger.when(wish);
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ledger.when(AddEmailRecipient{scope.type, ScopeId(scope.id), "ap@contoso.example"});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

/// Nobody is left in the preference of a plan that a deleted subscription was bought for.
TEST(MailEnded, WithASubscriptionForItsSupportPlanToo) {
  InMemoryLedger ledger;
  const ScopeRef own(SubscriptionId("sub-s"));
  const ScopeRef plan(PlanId("plan-1"));
  const ScopeRef other(PlanId("plan-2"));
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({subscription("sub-s", "acc-1", "2024-03-05"), subscription("sub-t", "acc-1", "2024-03-05"),
                support_plan("plan-1", "sub-s", "29.00", "2024-03-05"),
                support_plan("plan-2", "sub-t", "29.00", "2024-03-05")});
  for (const ScopeRef& scope : {own, plan, other}) opt_in_with_recipient(ledger, scope);
  SubscriptionCancelled cancelled;
  cancelled.subscription_id = SubscriptionId("sub-s");
  ledger.given({cancelled, SubscriptionDeleted{SubscriptionId("sub-s"), "Asked", day("2024-03-06")}});
  for (const ScopeRef& scope : {own, plan}) {
    const EmailPreference& preference = *ledger.state().email_preference(scope);
    EXPECT_FALSE(preference.opted_in()) << scope.text();
    EXPECT_TRUE(preference.recipients.empty()) << scope.text();
  }
  EXPECT_TRUE(ledger.state().email_preference(other)->opted_in());
}

}  // namespace
}  // namespace daybook::testing
