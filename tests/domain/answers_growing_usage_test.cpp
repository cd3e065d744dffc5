#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

#include "ledger/domain/answers/growing_usage.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/usage_growth.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/discount.h"
#include "ledger/domain/rules/state_reader.h"
#include "tests/domain/answers_support.h"
#include "tests/support/correction_facts.h"

/// Estimates of usage that grows, held against those that are made of the whole of it.
namespace daybook::testing {
namespace {

const Period kMarch = period("2024-03-05", "2024-04-05");
const ScopeRef kScope{kSub01};

InMemoryLedger with(std::vector<EventData> facts) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given({account("acc-1", AccountType::MOSP, "2024-03-05"), subscription("sub-01", "acc-1", "2024-03-05")});
  ledger.given(std::move(facts)).at("2024-04-01");
  return ledger;
}

struct Figures {
  std::int64_t charges = 0;
  std::int64_t total = 0;
  std::size_t lines = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};
std::ostream& operator<<(std::ostream& out, const Figures& each) {
  return out << each.charges << ", total " << each.total << " on " << each.lines;
}

/// The state as it is, with usage up to an earlier position.
class UsageUpTo final : public StateReader {
 public:
  UsageUpTo(const StateReader& state, Position position) : state_(state), position_(position) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override { return state_.row(kind, key); }
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override {
    return state_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return position_; }

 private:
  const StateReader& state_;
  Position position_;
};

/// As of a position, by the state as it is.
Figures figures(const InMemoryLedger& ledger, const UsageSource& usage, Position position) {
  const UsageUpTo then(ledger.state(), position);
  const Result<StatementView> statement = statement_answer(then, usage, kOperator, kSub01, kMarch.start, ledger.now());
  EXPECT_TRUE(statement) << statement.error().detail;
  return {statement->charges.minor_units, statement->total.minor_units, statement->lines.size()};
}

class Growing : public ::testing::TestWithParam<unsigned> {
 protected:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string number(int least, int most) {
    std::string digits = std::to_string(least + below(most - least));
    while (digits.size() < 3) digits.insert(0, "0");
    return digits.insert(digits.size() - 2, ".");
  }

  PriceChanged random_price(int meter, std::string_view from) {
    PriceChanged fact = price("m-" + std::to_string(meter), number(0, 400), from);
    if (below(2) == 0) {
      fact = tiers("m-" + std::to_string(meter), {{"0", number(0, 400)}, {"5.5", number(0, 400)}, {"20", number(0, 400)}});
      fact.effective_on = day(from);
      if (below(2) == 0) fact.tier_mode = TierMode::Volume;
    }
    if (below(3) == 0) fact.included_quantity = decimal(number(0, 900));
    return fact;
  }

  std::vector<EventData> random_prices() {
    std::vector<EventData> prices;
    for (int meter = 0; meter < 3; ++meter) {
      prices.emplace_back(random_price(meter, "2024-01-01"));
      if (below(3) == 0) prices.emplace_back(random_price(meter, "2024-03-15"));
    }
    if (below(3) == 0) {
      DiscountGranted discount;
      discount.discount_id = DiscountId("d-1");
      discount.percent = decimal("30");
      discount.start_on = day("2024-03-10");
      prices.emplace_back(discount);
    }
    if (below(4) == 0)
      prices.emplace_back(CreditGranted{ScopeType::Subscription, ScopeId("sub-01"), LotId("lot-1"), CreditSource::Promotional, money("20.00"), day("2024-03-01")});
    return prices;
  }

  UsageRecorded random_usage(int i, bool may_lower) {
    UsageRecorded row = named(usage("sub-01", "m-" + std::to_string(below(3)), number(0, 900), day("2024-03-05").plus_days(below(25)).text()), "u-" + std::to_string(i));
    if (below(3) == 0) row.region = "EU West";
    switch (below(10)) {
      case 0: row.cost = decimal((may_lower && below(2) == 0 ? "-" : "") + number(1, 9000)); break;
      case 1: row.unit_price = decimal(number(1, 900)); break;
      case 2: row.publisher_type = PublisherType::Marketplace; break;
      default: break;
    }
    return row;
  }

  std::mt19937 random_{GetParam()};
};

TEST_P(Growing, EstimatesAreThoseOfTheWhole) {
  InMemoryLedger ledger = with(random_prices());
  const Position first = ledger.head();
  std::vector<bool> is_corrected;  // by position behind the first
  for (int used = 0; used < 120;) {
    if (used < 20 || below(25) != 0) {
      ledger.given({random_usage(used++, true)});
      is_corrected.push_back(false);
      continue;
    }
    const std::string id = "u-" + std::to_string(below(used));
    const Position before = ledger.head();
    ledger.post({below(2) == 0 ? EventData(voided("sub-01", id)) : EventData(amended("sub-01", id, number(0, 900)))});
    if (ledger.head() != before) is_corrected.push_back(true);  // else it was void already, or the amendment changes nothing
  }
  ASSERT_EQ(ledger.head(), first + is_corrected.size());
  GrowingUsage usage(ledger.usage(), kMarch, [](std::string_view) { return true; });
  for (Position at = first + 1; at <= ledger.head(); ++at) {
    if (at == first + 1 || is_corrected[at - first - 1]) {
      Position last = at;
      while (last < ledger.head() && !is_corrected[last - first]) ++last;
      usage.begin(at, last);
    }
    usage.move_to(at);
    ASSERT_EQ(figures(ledger, usage, at), figures(ledger, ledger.usage(), at)) << "at " << at - first;
  }
}

TEST_P(Growing, NoFigureFallsWhereTheyOnlyGrow) {
  InMemoryLedger ledger = with(random_prices());
  for (int i = 0; i < 5; ++i) ledger.given({random_usage(i, true)});  // what is left over of it waits for room
  const Position first = ledger.head();
  for (int i = 0; i < 60; ++i) ledger.given({random_usage(100 + i, false)});
  GrowingUsage usage(ledger.usage(), kMarch, [](std::string_view) { return true; });
  usage.begin(first, ledger.head());
  Figures before = figures(ledger, usage, first);
  const UsageUpTo then(ledger.state(), first);
  const Result<bool> grows = only_grows(then, ledger.usage(), usage, kScope, ledger.now().date());
  ASSERT_TRUE(grows);
  ASSERT_GT(usage.next_below_zero(), ledger.head());
  for (Position at = first + 1; at <= ledger.head() && *grows; ++at) {
    const Figures after = figures(ledger, ledger.usage(), at);
    ASSERT_LE(before.charges, after.charges) << at;
    ASSERT_LE(before.total, after.total) << at;
    ASSERT_LE(before.lines, after.lines) << at;
    before = after;
  }
}

INSTANTIATE_TEST_SUITE_P(Random, Growing, ::testing::Range(1U, 17U));

bool grows(std::vector<EventData> facts, std::vector<EventData> used) {
  InMemoryLedger ledger = with(std::move(facts));
  const Position first = ledger.head() + 1;
  for (EventData& fact : used) ledger.given({std::move(fact)});
  GrowingUsage usage(ledger.usage(), kMarch, [](std::string_view) { return true; });
  usage.begin(first, ledger.head());
  usage.move_to(ledger.head());
  static_cast<void>(figures(ledger, usage, ledger.head()));
  return only_grows(ledger.state(), ledger.usage(), usage, kScope, ledger.now().date()).value();
}

TEST(UsageGrowth, IsKnownWhereMoreIsNeverWorthLess) {
  const std::vector<EventData> rows = {usage("sub-01", "m", "4", "2024-03-07"), usage("sub-01", "m", "4", "2024-03-20")};
  const PriceChanged graduated = tiers("m", {{"0", "2"}, {"10", "1"}});
  PriceChanged volume = graduated;
  volume.tier_mode = TierMode::Volume;
  PriceChanged later = graduated;
  later.effective_on = day("2024-03-15");
  DiscountGranted discount;
  discount.discount_id = DiscountId("d-1");
  discount.percent = decimal("30");
  discount.start_on = day("2024-03-10");
  EXPECT_TRUE(grows({price("m", "2")}, rows));
  EXPECT_TRUE(grows({price("m", "2"), price("m", "1", "2024-03-15"), discount}, rows));
  EXPECT_TRUE(grows({graduated}, rows));
  EXPECT_TRUE(grows({}, rows)) << "nothing has a price";
  EXPECT_FALSE(grows({volume}, rows)) << "all units are cheaper in the next tier";
  EXPECT_FALSE(grows({graduated, later}, rows)) << "rows that come between push others into the cheap tier";
  EXPECT_FALSE(grows({graduated, discount}, rows));
  EXPECT_FALSE(grows({price("m", "2"), CreditGranted{ScopeType::Subscription, ScopeId("sub-01"), LotId("lot-1"), CreditSource::Promotional, money("20.00"), day("2024-03-01")}}, rows));
  EXPECT_TRUE(grows({price("m", "2")}, {rows[0], cost("sub-01", "-1.00", "2024-03-08")})) << "it fits";
  EXPECT_FALSE(grows({price("m", "2")}, {rows[0], cost("sub-01", "-9.00", "2024-03-08")})) << "it waits for room";
}

TEST(UsageGrowth, EndsBeforeTheNextRowBelowZero) {
  InMemoryLedger ledger = with({});
  const Position first = ledger.head() + 1;
  ledger.given({cost("sub-01", "5.00", "2024-03-08"), cost("sub-01", "-1.00", "2024-03-07"), cost("sub-01", "5.00", "2024-03-08"), cost("sub-01", "-2.00", "2024-03-05")});
  GrowingUsage usage(ledger.usage(), kMarch, [](std::string_view) { return true; });
  usage.begin(first, ledger.head());
  static_cast<void>(figures(ledger, usage, first));
  EXPECT_EQ(usage.next_below_zero(), first + 1);
  for (const Position at : {first + 1, first + 2}) {
    usage.move_to(at);
    EXPECT_EQ(usage.next_below_zero(), first + 3);
  }
  usage.move_to(first + 3);
  EXPECT_EQ(usage.next_below_zero(), first + 4) << "behind the last";
}

}  // namespace
}  // namespace daybook::testing
