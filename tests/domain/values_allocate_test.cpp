#include "ledger/domain/allocate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "tests/domain/values_support.h"

namespace daybook {
namespace {

using values::Big;
using values::kCases;
using values::power_of_ten;
using values::Random;

using Units = std::vector<std::int64_t>;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::string text(const Result<Units>& parts) {
  if (!parts) return std::string(parts.error().code);
  std::string out;
  for (const std::int64_t part : *parts) out += std::to_string(part) + " ";
  return out;
}

std::vector<Exact> exacts(std::initializer_list<std::string_view> texts) {
  std::vector<Exact> out;
  for (const auto value : texts) out.push_back(Exact::from(Decimal::parse(value).value()).value());
  return out;
}

/// The oracle: `quotas` over a common denominator, rounded down, then raised by largest remainder.
std::string by_largest_remainder(const Big& total, const std::vector<Big>& quotas,
                                 const Big& below) {
  std::vector<Big> parts;
  Big missing = total;
  for (const Big& quota : quotas) {
    parts.push_back(values::floor_of(quota, below));
    missing -= parts.back();
  }
  std::vector<bool> raised(parts.size());
  for (; missing > 0; --missing) {
    std::size_t best = parts.size();
    Big best_rest = -1;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Big rest = quotas[i] - values::floor_of(quotas[i], below) * below;
      if (!raised[i] && rest > best_rest) {
        best = i;
        best_rest = rest;
      }
    }
    raised[best] = true;
    ++parts[best];
  }
  std::string out;
  for (const Big& part : parts) {
    if (part < kLeast || part > kMost) return "AMOUNT_OUT_OF_RANGE";
    out += part.str() + " ";
  }
  return out;
}

std::int64_t random_units(Random& random) {
  switch (random.below(6)) {
    case 0:
      return kMost;
    case 1:
      return kLeast;
    case 2:
      return random.between(-20, 20);
    default:
      return static_cast<std::int64_t>(random.bits()) >> random.below(64);
  }
}

TEST(Allocate, GivesTheOddCentToTheLargestRemainderThenToTheFirst) {
  EXPECT_EQ(text(allocate(100, Units{1, 1, 1})), "34 33 33 ");
  EXPECT_EQ(text(allocate(101, Units{1, 1, 1})), "34 34 33 ");
  EXPECT_EQ(text(allocate(-100, Units{1, 1, 1})), "-33 -33 -34 ");
  EXPECT_EQ(text(allocate(10, Units{0, 1, 2})), "0 3 7 ");
  EXPECT_EQ(text(allocate(1, Units{1, 2, 3})), "0 0 1 ");
  EXPECT_EQ(text(allocate(90, Units{1000, -100})), "100 -10 ");
}

TEST(Allocate, CannotSplitByWeightsThatSumToZero) {
  EXPECT_EQ(text(allocate(0, Units{})), "");
  EXPECT_EQ(text(allocate(0, Units{0, 0})), "0 0 ");
  EXPECT_EQ(text(allocate(0, Units{5, -5})), "0 0 ");
  EXPECT_EQ(text(allocate(1, Units{})), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(allocate(1, Units{0, 0})), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(allocate(1, exacts({"1", "-1"}))), "AMOUNT_OUT_OF_RANGE");
}

TEST(Allocate, ReachesTheEdgesOfInt64AndNoFurther) {
  EXPECT_EQ(text(allocate(kMost, Units{kMost})), "9223372036854775807 ");
  EXPECT_EQ(text(allocate(kLeast, Units{kLeast})), "-9223372036854775808 ");
  EXPECT_EQ(text(allocate(kLeast, Units{1})), "-9223372036854775808 ");
  EXPECT_EQ(text(allocate(kMost, Units{2, -1})), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(allocate(kMost, Units{kMost, -kMost + 1})), "AMOUNT_OUT_OF_RANGE");
  const Exact most = Exact::from_limbs({~0ULL, ~0ULL, ~0ULL, ~0ULL >> 1}).value();
  EXPECT_EQ(text(allocate(1, std::vector{most, most})), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(allocate(kMost, std::vector{most})), "9223372036854775807 ");
}

TEST(Allocate, AgreesWithFractionsAndSumsToTheTotal) {
  Random random(31);
  for (int i = 0; i < kCases; ++i) {
    Units weights(static_cast<std::size_t>(random.between(1, 12)));
    const int size = random.between(0, 62);
    for (auto& weight : weights) {
      weight = static_cast<std::int64_t>(random.bits() >> 1) >> size;
      if (random.one_in(8)) weight = -weight;
      if (random.one_in(4)) weight = weights[0];
    }
    const std::int64_t total = random_units(random);
    const Big sum = std::accumulate(weights.begin(), weights.end(), Big(0));
    const Result<Units> parts = allocate(total, weights);
    if (sum == 0) {
      ASSERT_EQ(parts.has_value(), total == 0);
      continue;
    }
    std::vector<Big> quotas;
    for (const auto weight : weights) quotas.push_back(Big(total) * weight * (sum < 0 ? -1 : 1));
    ASSERT_EQ(text(parts), by_largest_remainder(total, quotas, abs(sum)));
    // The same weights as exact amounts, in whatever unit.
    std::vector<Exact> scaled;
    const int digits = random.between(0, 4);
    for (const auto weight : weights) scaled.push_back(Exact::from_minor(weight, digits));
    ASSERT_EQ(text(allocate(total, scaled)), text(parts));
  }
}

TEST(Allocate, AgreesWithFractionsForExactWeights) {
  Random random(32);
  for (int i = 0; i < kCases; ++i) {
    std::vector<Exact> weights;
    Big sum = 0;
    for (int n = random.between(1, 8); n > 0; --n) {
      const Result<Exact> weight = Exact::product(random.decimal(18), random.decimal(18));
      if (!weight) continue;
      weights.push_back(random.one_in(6) ? *weight : weight->abs());
      sum += values::scaled(weights.back());
    }
    const std::int64_t total = random_units(random);
    const Result<Units> parts = allocate(total, weights);
    if (sum == 0) {
      ASSERT_EQ(parts.has_value(), total == 0);
      continue;
    }
    if (!parts) {
      ASSERT_EQ(parts.error().code, "AMOUNT_OUT_OF_RANGE");
      if (abs(sum) >= (Big(1) << 252)) continue;  // a sum on the way left the range
    }
    std::vector<Big> quotas;
    for (const auto& weight : weights)
      quotas.push_back(Big(total) * values::scaled(weight) * (sum < 0 ? -1 : 1));
    ASSERT_EQ(text(parts), by_largest_remainder(total, quotas, abs(sum)));
    if (parts) {
      ASSERT_EQ(std::accumulate(parts->begin(), parts->end(), Big(0)), total);
    }
  }
}

TEST(AmountsOfLines, SumToTheTotalOfTheDocument) {
  // 0.004 + 0.004 → 0.01, on the first of them.
  EXPECT_EQ(text(amounts_of_lines(1, exacts({"0.004", "0.004"}), 2)), "1 0 ");
  EXPECT_EQ(text(amounts_of_lines(1, exacts({"0.004", "0.006"}), 2)), "0 1 ");
  // 10 less a discount of 0.335: 9.665 → 9.67 or 9.66.
  EXPECT_EQ(text(amounts_of_lines(967, exacts({"10", "-0.335"}), 2)), "1000 -33 ");
  EXPECT_EQ(text(amounts_of_lines(966, exacts({"10", "-0.335"}), 2)), "1000 -34 ");
  EXPECT_EQ(text(amounts_of_lines(965, exacts({"10", "-0.335"}), 2)), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(amounts_of_lines(968, exacts({"10", "-0.335"}), 2)), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(amounts_of_lines(3, exacts({"1", "1"}), 0)), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(text(amounts_of_lines(0, exacts({}), 2)), "");
}

TEST(AmountsOfLines, AgreeWithFractionsInEveryRoundingMode) {
  Random random(33);
  for (int i = 0; i < kCases; ++i) {
    const int digits = random.between(0, 4);
    std::vector<Exact> lines;
    Exact sum;
    for (int n = random.between(1, 10); n > 0; --n) {
      Exact line = Exact::product(random.decimal(9), random.decimal(9)).value();
      if (random.one_in(3)) line = Exact::from_minor(random.between(-99999, 99999), digits + 1);
      lines.push_back(line);
      sum = add(sum, line).value();
    }
    const Rounding rounding =
        values::kRoundings[static_cast<std::size_t>(i) % std::size(values::kRoundings)];
    const Result<std::int64_t> total = sum.to_minor(digits, rounding);
    if (!total) continue;
    std::vector<Big> quotas;
    for (const auto& line : lines) quotas.push_back(values::scaled(line));
    ASSERT_EQ(text(amounts_of_lines(*total, lines, digits)),
              by_largest_remainder(*total, quotas, power_of_ten(Exact::kScale - digits)));
  }
}

}  // namespace
}  // namespace daybook
