#include <gtest/gtest.h>

#include "ledger/domain/answers/overlay_state.h"
#include "ledger/domain/answers/summed_usage.h"
#include "ledger/domain/answers/what_if.h"
#include "ledger/domain/facts/discount.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "tests/domain/answers_support.h"
#include "tests/support/move_facts.h"

/// What stands beside the rating in a what-if: facts that nobody recorded, sums, totals.
namespace daybook::testing {
namespace {

std::string refusal(const std::vector<EventData>& facts) {
  InMemoryLedger ledger = example();
  OverlayState then(ledger.state());
  std::size_t at = 99;
  const Result<void> laid = then.lay(events_of(facts, ledger.now()), &at);
  return laid ? "" : std::to_string(at) + " " + std::string(laid.error().code) + " " + laid.error().pointer;
}

TEST(FactsLaidOverAState, AreCheckedAsIfTheyWereRecorded) {
  EXPECT_EQ(refusal({b1s_price()}), "");  // takes the place of the recorded one
  EXPECT_EQ(refusal({b1s_price(), b1s_price()}), "1 ALREADY_EXISTS /data/effectiveOn");
  EXPECT_EQ(refusal({usage("sub-01", "vm-b1s", "1", "2024-03-07")}), "0 INVALID_FIELD /type");
  EXPECT_EQ(refusal({vat(), price("vm-b1s", "-1", "2024-03-01")}), "1 INVALID_AMOUNT /data/unitPrice");
  PriceChanged nobodys = price("vm-b1s", "1", "2024-03-01");
  nobodys.scope_type = ScopeType::Account;
  nobodys.scope_id = ScopeId("acc-9");
  EXPECT_EQ(refusal({nobodys}), "0 UNKNOWN_REFERENCE /data/scopeId");
}

std::string refusal(const SetPolicy& policy) {
  const InMemoryLedger ledger = example();
  OverlayState then(ledger.state());
  const Result<void> laid = then.lay(policy);
  return laid ? "" : std::string(laid.error().code) + " " + laid.error().pointer;
}

TEST(PoliciesLaidOverAState, AreThoseThatChangeWhatUsageIsWorth) {
  EXPECT_EQ(refusal(SetPolicy{"mosp.marketplaceDay", {"15"}, {}}), "");
  EXPECT_EQ(refusal(SetPolicy{"mosp.marketplaceDay", {"29"}, {}}), "INVALID_FIELD /value");
  EXPECT_EQ(refusal(SetPolicy{"mosp.colour", {"29"}, {}}), "INVALID_FIELD /policy");
  EXPECT_EQ(refusal(SetPolicy{"mosp.marketplaceDay", {"15"}, kAcc1}), "INVALID_FIELD /accountId");
  for (const auto& [policy, value] : std::map<std::string, std::string>{{"corrections", R"("note")"},
                                                                       {"subscription.warned", R"("usable")"},
                                                                       {"invoiceDay.mpa", "3"},
                                                                       {"invoice.lateAfterDays", "3"},
                                                                       {"reservation.refundLimit", "3"},
                                                                       {"support.renewalRun", R"("nextAccountDay")"},
                                                                       {"dunning.warnDays", "5"}}) {
    EXPECT_EQ(refusal(SetPolicy{policy, {value}, {}}), "NOT_SUPPORTED /policy");
  }
  const InMemoryLedger ledger = example();
  OverlayState then(ledger.state());
  ASSERT_TRUE(then.lay(SetPolicy{"ea.invoiceAfterDays", {"20"}, {}}));
  EXPECT_EQ(then.lay(SetPolicy{"ea.invoiceAfterDays", {"21"}, {}}).error().code, "INVALID_FIELD");
  EXPECT_EQ(then.policies().number("ea.invoiceAfterDays"), 20);
  EXPECT_EQ(ledger.state().policies().number("ea.invoiceAfterDays"), 14);
}

WhatIfAccountView moved(std::string_view id, std::int64_t before, std::int64_t after) {
  WhatIfAccountView view;
  view.account_id = AccountId(std::string(id));
  view.currency = kEur;
  view.documents = 1;
  view.before = {{before, kEur}, {0, kEur}, {before, kEur}};
  view.after = {{after, kEur}, {0, kEur}, {after, kEur}};
  view.difference = {after - before, kEur};
  return view;
}

TEST(WhatIfTotals, HavePercentilesByNearestRankAndTheLargestMovers) {
  std::vector<WhatIfAccountView> accounts;
  for (int i = 1; i <= 10; ++i) accounts.push_back(moved("acc-" + std::to_string(i), 1000, 1000 + 10 * i));
  accounts.push_back(moved("acc-down", 1000, 1));
  accounts.push_back(moved("acc-same", 1000, 1000));
  const auto totals = what_if_totals(accounts, 3);
  ASSERT_TRUE(totals);
  ASSERT_EQ(totals->size(), 1u);
  const WhatIfTotalsView& all = totals->front();
  EXPECT_EQ(all.accounts, 12);
  EXPECT_EQ(all.increased, 10);
  EXPECT_EQ(all.decreased, 1);
  EXPECT_EQ(all.difference.minor_units, 550 - 999);
  EXPECT_EQ(all.change_percent, decimal("-3.74"));
  std::map<std::int64_t, std::int64_t> at;
  for (const WhatIfPercentileView& each : all.percentiles) at[each.percentile] = each.difference.minor_units;
  // In order: −999, 0, 10, 20 … 100: rank ⌈p × 12 / 100⌉.
  EXPECT_EQ(at, (std::map<std::int64_t, std::int64_t>{
                    {1, -999}, {5, -999}, {10, 0}, {25, 10}, {50, 40}, {75, 70}, {90, 90}, {95, 100}, {99, 100}}));
  ASSERT_EQ(all.movers.size(), 3u);
  EXPECT_EQ(all.movers[0].account_id.text(), "acc-down");
  EXPECT_EQ(all.movers[1].account_id.text(), "acc-10");
  EXPECT_EQ(all.movers[2].account_id.text(), "acc-9");
}

/// Rows of one day and tiered meter by two prices: their order decides who has the cheap units.
TEST(SummedUsage, DoesNotSufficeWhereTheOrderOfADayCounts) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("sub-11", "acc-2", "2024-03-01"), "p-1"),
              in_section(subscription("sub-12", "acc-2", "2024-03-01"), "p-1"),
              tiers("gb", {{"0", "2"}, {"10", "1"}}), price("flat", "1"),
              usage("sub-11", "gb", "4", "2024-03-05"), usage("sub-12", "gb", "4", "2024-03-05"),
              usage("sub-11", "gb", "4", "2024-03-05"), usage("sub-12", "flat", "4", "2024-03-05")});
  const auto suffices = [&] {
    bool result = false;
    const auto visited =
        each_billing_scope(ledger.state(), *ledger.state().account(AccountId("acc-2")), [&](const BillingScope& scope) -> Result<void> {
          const auto documents = documents_of(ledger.state(), scope, day("2024-03-01"), day("2024-04-01"));
          EXPECT_EQ(documents.size(), 1u);
          const auto summed = SummedDocuments(ledger.usage(), scope, documents, ledger.head()).take(0);
          EXPECT_EQ(summed->rows, 4);
          const RatingScope rating{ledger.state(), scope.subscriptions, scope.currency, day("2024-04-05"), std::nullopt};
          result = sums_suffice(rating, summed->parts[0]);
          return {};
        });
    EXPECT_TRUE(visited);
    return result;
  };
  EXPECT_TRUE(suffices());
  PriceChanged own = tiers("gb", {{"0", "3"}, {"10", "1"}});
  own.scope_type = ScopeType::Subscription;
  own.scope_id = ScopeId("sub-12");
  ledger.given({own});
  EXPECT_FALSE(suffices());
}

}  // namespace
}  // namespace daybook::testing
