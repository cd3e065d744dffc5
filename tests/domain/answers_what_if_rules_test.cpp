#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "ledger/domain/answers/overlay_state.h"
#include "ledger/domain/answers/what_if.h"
#include "ledger/domain/facts/discount.h"
#include "tests/domain/answers_support.h"

/// Rules that are tried and are no policy: how documents round, and how many units are free (decision 0123).
namespace daybook::testing {
namespace {

const Period kDaysTried = period("2023-01-01", "2024-08-01");

Result<WhatIfAccountView> tried(const InMemoryLedger& ledger, const TriedRules& rules, const std::vector<EventData>& facts = {}) {
  OverlayState then(ledger.state());
  EXPECT_TRUE(then.lay(events_of(facts, ledger.now())));
  then.lay(rules);
  auto views = what_if_account(ledger.state(), then, ledger.usage(), *ledger.state().account(kAcc1), kDaysTried, rules.rounding);
  if (!views) return tl::unexpected(views.error());
  EXPECT_EQ(views->size(), 1u);
  return views->front();
}

TriedRules rounding(Rounding mode) { return {mode, {}}; }
TriedRules free_units(std::map<std::string, Decimal, std::less<>> included) { return {std::nullopt, std::move(included)}; }

std::string amounts(const Result<WhatIfAccountView>& view) {
  if (!view) return std::string(view.error().code);
  const auto text = [](Money money) { return money.amount_text(); };
  return text(view->after.charges) + " + " + text(view->after.tax) + " = " + text(view->after.total);
}

/// Charges of 10.125 and 21 %: of 10.12 2.1252, of 10.13 2.1273.
InMemoryLedger halves() {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({vat(), price("m", "10.125"), usage("sub-01", "m", "1", "2024-03-07")});
  ledger.at("2024-06-01");
  return ledger;
}

TEST(TriedRounding, CountsAtEveryPointOfADocument) {
  const InMemoryLedger ledger = halves();
  for (const auto& [mode, told] : std::map<Rounding, std::string>{{Rounding::HalfAwayFromZero, "10.13 + 2.13 = 12.26"},
                                                                  {Rounding::HalfEven, "10.12 + 2.13 = 12.25"},
                                                                  {Rounding::Down, "10.12 + 2.12 = 12.24"},
                                                                  {Rounding::Up, "10.13 + 2.13 = 12.26"},
                                                                  {Rounding::Floor, "10.12 + 2.12 = 12.24"},
                                                                  {Rounding::Ceiling, "10.13 + 2.13 = 12.26"}}) {
    const auto view = tried(ledger, rounding(mode));
    EXPECT_EQ(amounts(view), told);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->before.total, money("12.26"));
    EXPECT_EQ(view->difference.minor_units, view->after.total.minor_units - 1226);
  }
}

TEST(TriedRounding, LeavesWhatIsNotTriedAsItIs) {
  EXPECT_EQ(amounts(tried(halves(), {})), "10.13 + 2.13 = 12.26");
  EXPECT_EQ(TriedRules().count(), 0u);
  EXPECT_EQ(rounding(Rounding::Down).count(), 1u);
}

/// 92233720368547758.07 is the largest amount of all: a cent more on it, of charges or of tax, is refused.
TEST(TriedRounding, OfSumsThatThenExceedAnAmountIsRefused) {
  constexpr std::string_view kMost = "92233720368547758.07";
  const auto ledger = [&](const std::string& amount, const std::string& percent) {
    InMemoryLedger made;
    made.at("2024-03-05").given(jeroens_account());
    made.given({vat(percent), cost("sub-01", amount, "2024-03-07")});
    made.at("2024-06-01");
    return made;
  };
  const InMemoryLedger taxed = ledger(std::string(kMost), "0.000000000000000003");  // 0.0028 of a cent
  const std::string whole = std::string(kMost) + " + 0.00 = " + std::string(kMost);
  EXPECT_EQ(amounts(tried(taxed, {})), whole);
  EXPECT_EQ(amounts(tried(taxed, rounding(Rounding::HalfEven))), whole);
  EXPECT_EQ(amounts(tried(taxed, rounding(Rounding::Up))), "AMOUNT_OUT_OF_RANGE") << "a cent of tax";
  const InMemoryLedger charged = ledger(std::string(kMost) + "1", "0");
  EXPECT_EQ(amounts(tried(charged, rounding(Rounding::Down))), whole);
  const auto refused = tried(charged, rounding(Rounding::Ceiling));
  EXPECT_EQ(amounts(refused), "AMOUNT_OUT_OF_RANGE") << "a cent of charges";
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("sub-01"), std::string::npos) << refused.error().detail;
}

/// 130.5 hours at 0.12, of which the price includes 100.
TEST(TriedFreeUnits, TakeThePlaceOfWhatPricesInclude) {
  const InMemoryLedger ledger = example();
  EXPECT_EQ(amounts(tried(ledger, free_units({{"vm-b1s", decimal("30.5")}}))), "12.00 + 2.52 = 14.52");
  EXPECT_EQ(amounts(tried(ledger, free_units({{"vm-b1s", decimal("0")}}))), "15.66 + 3.29 = 18.95");
  EXPECT_EQ(amounts(tried(ledger, free_units({{"", decimal("200")}}))), "0.00 + 0.00 = 0.00");
  EXPECT_EQ(amounts(tried(ledger, free_units({{"", decimal("200")}, {"vm-b1s", decimal("30.5")}}))), "12.00 + 2.52 = 14.52");
  EXPECT_EQ(amounts(tried(ledger, free_units({{"another", decimal("200")}}))), "3.66 + 0.77 = 4.43");
}

TEST(TriedFreeUnits, HoldForPricesOfTheFileToo) {
  PriceChanged dearer = b1s_price();
  dearer.unit_price = decimal("0.24");
  const auto view = tried(example(), free_units({{"vm-b1s", decimal("30.5")}}), {dearer});
  EXPECT_EQ(amounts(view), "24.00 + 5.04 = 29.04");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->before.total, money("4.43"));
}

TEST(TriedFreeUnits, LeaveTheLedgersPricesAsTheyAre) {
  const InMemoryLedger ledger = example();
  OverlayState then(ledger.state());
  then.lay(free_units({{"vm-b1s", decimal("7")}}));
  EXPECT_EQ(then.prices("vm-b1s")->versions.front().included_quantity, decimal("7"));
  EXPECT_EQ(ledger.state().prices("vm-b1s")->versions.front().included_quantity, decimal("100"));
  EXPECT_EQ(then.prices("another"), nullptr);
}

}  // namespace
}  // namespace daybook::testing
