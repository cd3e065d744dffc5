#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/answers/condition.h"
#include "tests/support/billing_facts.h"

/// The questions of a bisection.
namespace daybook::testing {
namespace {

constexpr Condition::Field kFields[] = {{"total", Condition::Kind::Amount},
                                        {"paid", Condition::Kind::Amount},
                                        {"lines", Condition::Kind::Count},
                                        {"status", Condition::Kind::Status}};

using Figures = std::map<std::string, Condition::Value, std::less<>>;

Condition::ValueOf value_of(const Figures& figures) {
  return [&figures](std::string_view field) {
    const auto found = figures.find(field);
    return found == figures.end() ? Condition::Value() : found->second;
  };
}

bool holds(std::string_view text, const Figures& figures) {
  const Result<Condition> condition = Condition::parse(text, kFields);
  EXPECT_TRUE(condition) << text;
  return condition && condition->holds(value_of(figures));
}

std::string refusal(std::string_view text) {
  const Result<Condition> condition = Condition::parse(text, kFields);
  EXPECT_TRUE(condition || condition.error().code == "BAD_QUERY");
  return condition ? "" : condition.error().detail;
}

const Figures kInvoice = {{"total", money("24.20")}, {"paid", money("0.00")}, {"lines", std::int64_t{3}}, {"status", InvoiceStatus::Due}};

TEST(Condition, ComparesAmountsExactly) {
  for (const char* text : {"total = 24.2", "total = 24.200", "total=24.20", " total  >=  24.2 ", "total <= 24.2", "total < 24.2000001", "total > 24.1999999",
                           "total != 24.21", "paid = 0", "total > -1", "total = 242e-1"})
    EXPECT_TRUE(holds(text, kInvoice)) << text;
  for (const char* text : {"total = 24.21", "total != 24.2", "total < 24.2", "total > 24.2", "total <= 24.1999", "paid > 0", "total >= 24.2000001"})
    EXPECT_FALSE(holds(text, kInvoice)) << text;
}

TEST(Condition, KnowsTheMinorUnitOfACurrency) {
  EXPECT_TRUE(holds("total = 24", {{"total", money("24", "JPY")}}));
  EXPECT_TRUE(holds("total < 0", {{"total", money("-0.01")}}));
}

TEST(Condition, ComparesCountsAndStatuses) {
  EXPECT_TRUE(holds("lines = 3", kInvoice));
  EXPECT_TRUE(holds("lines > 2.5", kInvoice));
  EXPECT_TRUE(holds("status = Due", kInvoice));
  EXPECT_TRUE(holds("status != Paid", kInvoice));
  EXPECT_FALSE(holds("status = Paid", kInvoice));
  EXPECT_FALSE(holds("lines < 3", kInvoice));
}

TEST(Condition, OfSeveralHoldsWhereAllDo) {
  EXPECT_TRUE(holds("total > 20 and total < 30 and status = Due and lines = 3", kInvoice));
  EXPECT_FALSE(holds("total > 20 and total > 30", kInvoice));
}

TEST(Condition, HoldsOfNothingThatIsNotThere) {
  for (const char* text : {"total > 0", "total != 0", "total = 0", "lines < 9", "status != Paid"}) EXPECT_FALSE(holds(text, {})) << text;
}

TEST(Condition, RefusesWhatIsNoneAndSaysWhatIsOne) {
  for (const char* text : {"", " ", "total", "total >", "> 1", "total > x", "total ~ 1", "colour = red", "status > Due", "status = Pale", "status = due", "total > 1 and",
                           " and total > 1", "total > 1 or paid > 1", "lines = many", "total > 1e400", "total = = 1", "total > 1 AND paid > 1", "TOTAL > 1"}) {
    EXPECT_EQ(refusal(text), "\"" + std::string(text) + "\" is no condition; write total > 100: total and paid with = != < <= > >= and an amount, lines with a number, "
                             "status with = != and one of Due, PastDue, Paid, Void, Locked; several are joined by `and`.");
  }
  EXPECT_EQ(refusal("total > 1"), "");
}

/// What may hold somewhere is tried with every amount between.
TEST(Condition, MayHoldBetweenWhereItHoldsOfSomethingThere) {
  for (const char* relation : {"=", "!=", "<", "<=", ">", ">="}) {
    for (int number = -1; number <= 6; ++number) {
      const std::string text = "lines " + std::string(relation) + " " + std::to_string(number);
      const Condition condition = Condition::parse(text, kFields).value();
      for (std::int64_t least = 0; least <= 5; ++least) {
        for (std::int64_t most = least; most <= 5; ++most) {
          bool somewhere = false;
          for (std::int64_t each = least; each <= most; ++each) somewhere = somewhere || condition.holds(value_of({{"lines", each}}));
          EXPECT_EQ(condition.may_hold_between(value_of({{"lines", least}}), value_of({{"lines", most}})), somewhere) << text << " in " << least << " to " << most;
        }
      }
    }
  }
  const Condition both = Condition::parse("total > 100 and lines = 2", kFields).value();
  const Figures low = {{"total", money("50.00")}, {"lines", std::int64_t{1}}};
  EXPECT_TRUE(both.may_hold_between(value_of(low), value_of({{"total", money("100.01")}, {"lines", std::int64_t{9}}})));
  EXPECT_FALSE(both.may_hold_between(value_of(low), value_of({{"total", money("100.00")}, {"lines", std::int64_t{9}}})));
  EXPECT_FALSE(both.may_hold_between(value_of(low), value_of({{"total", money("200.00")}, {"lines", std::int64_t{1}}})));
  EXPECT_FALSE(both.may_hold_between(value_of({}), value_of({})));
}

}  // namespace
}  // namespace daybook::testing
