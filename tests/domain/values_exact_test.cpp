#include "ledger/domain/exact.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/domain/values_support.h"

namespace daybook {
namespace {

using values::Big;
using values::kCases;
using values::number;
using values::power_of_ten;
using values::Random;

Decimal dec(std::string_view text) { return Decimal::parse(text).value(); }
Exact exact(std::string_view text) { return Exact::from(dec(text)).value(); }

const Big kLimit = (Big(1) << 255) - 1;
constexpr std::array<std::uint64_t, 4> kMostLimbs{~0ULL, ~0ULL, ~0ULL, ~0ULL >> 1};
const Exact kMost = Exact::from_limbs(kMostLimbs).value();

/// The value × 10^56 as text, or the code of the refusal.
std::string scaled_or_code(const Result<Exact>& value) {
  return value ? values::scaled(*value).str() : std::string(value.error().code);
}
std::string scaled_or_code(const Big& expected) {
  return abs(expected) <= kLimit ? expected.str() : "AMOUNT_OUT_OF_RANGE";
}

/// Products whose sums stay in range most of the time.
Exact random_exact(Random& random) {
  for (;;) {
    const Result<Exact> value = Exact::product(random.decimal(random.between(1, 38)),
                                               random.decimal(random.between(1, 20)));
    if (value) return *value;
  }
}

TEST(ExactProduct, KeepsEveryPlaceOfTwoDecimals) {
  Random random(11);
  for (int i = 0; i < kCases; ++i) {
    const Decimal left = random.decimal(random.between(1, 38));
    const Decimal right = random.decimal(random.between(1, 38));
    const Big expected = number(left).numerator * number(right).numerator *
                         power_of_ten(Exact::kScale - left.scale() - right.scale());
    ASSERT_EQ(scaled_or_code(Exact::product(left, right)), scaled_or_code(expected))
        << left.to_string() << " * " << right.to_string();
    ASSERT_EQ(scaled_or_code(Exact::from(left)),
              scaled_or_code(number(left).numerator * power_of_ten(Exact::kScale - left.scale())));
  }
  EXPECT_EQ(Exact::product(dec("1e-28"), dec("1e-28"))->to_string(),
            "0." + std::string(55, '0') + "1");
}

TEST(ExactSum, AgreesWithWholeNumbersOfAnyLength) {
  Random random(12);
  Big big_total = 0;
  Exact total;
  for (int i = 0; i < kCases; ++i) {
    const Exact value = random_exact(random);
    const Exact other = random.one_in(5) ? value.negated() : random_exact(random);
    const Big x = values::scaled(value);
    const Big y = values::scaled(other);
    ASSERT_EQ(scaled_or_code(add(value, other)), scaled_or_code(Big(x + y)));
    ASSERT_EQ(scaled_or_code(subtract(value, other)), scaled_or_code(Big(x - y)));
    ASSERT_EQ(value < other, x < y);
    ASSERT_EQ(value == other, x == y);
    const Result<Exact> next = add(total, value);
    ASSERT_EQ(next.has_value(), abs(big_total + x) <= kLimit);
    if (next) {
      total = *next;
      big_total += x;
    }
  }
  EXPECT_EQ(values::scaled(total), big_total);
}

TEST(ExactSum, IsRefusedAtTheEdge) {
  const Exact least_step = Exact::from_limbs({1, 0, 0, 0}).value();
  EXPECT_EQ(add(kMost, least_step).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(subtract(kMost.negated(), least_step).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(kMost, kMost).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(kMost.negated(), kMost.negated()).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(kMost, kMost.negated()).value(), Exact());
  Exact sum = kMost;
  EXPECT_FALSE(sum.accumulate(least_step));
  EXPECT_EQ(sum, kMost) << "what has no room leaves the sum as it was";
  EXPECT_TRUE(sum.accumulate(least_step.negated()));
  EXPECT_EQ(sum, subtract(kMost, least_step).value());
  sum = kMost.negated();
  EXPECT_FALSE(sum.accumulate(least_step.negated())) << "−2^255 has no negative";
  EXPECT_EQ(sum, kMost.negated());
  EXPECT_EQ(add(subtract(kMost, least_step).value(), least_step).value(), kMost);
  EXPECT_EQ(Exact::from_limbs({0, 0, 0, 1ULL << 63}).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(Exact::from(dec("578960446186580977117.85492504343953")).has_value(), true);
  EXPECT_EQ(Exact::from(dec("578960446186580977117.85492504343954")).error().code,
            "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(Exact::from(dec("1e37")).error().code, "AMOUNT_OUT_OF_RANGE");
}

TEST(ExactTimes, IsExactOrRefused) {
  Random random(13);
  for (int i = 0; i < kCases; ++i) {
    const Exact value = random_exact(random);
    const Decimal factor = random.decimal(random.between(1, 12));
    const Big above = values::scaled(value) * number(factor).numerator;
    const Big below = power_of_ten(factor.scale());
    const bool representable = above % below == 0 && abs(above / below) <= kLimit;
    ASSERT_EQ(scaled_or_code(value.times(factor)),
              representable ? Big(above / below).str() : "AMOUNT_OUT_OF_RANGE");
    const Rounding rounding =
        values::kRoundings[static_cast<std::size_t>(i) % std::size(values::kRoundings)];
    ASSERT_EQ(scaled_or_code(value.times(factor, rounding)),
              scaled_or_code(values::rounded(above, below, rounding)));
    if (factor.is_zero()) continue;
    ASSERT_EQ(scaled_or_code(value.divided_by(factor, rounding)),
              scaled_or_code(values::rounded(values::scaled(value) * below,
                                             number(factor).numerator, rounding)));
  }
  EXPECT_EQ(exact("80").times(dec("0.21"))->to_string(), "16.8");
  EXPECT_EQ(exact("1e-28").times(dec("1e-28"))->times(dec("0.1")).error().code,
            "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(exact("1").divided_by(Decimal(0), Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(kMost.divided_by(dec("0.5"), Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
}

TEST(ExactToMinor, RoundsOnceInEveryMode) {
  Random random(14);
  for (int i = 0; i < kCases; ++i) {
    Exact value = random_exact(random);
    const int digits = random.between(0, 4);
    if (random.one_in(4)) {  // ties
      const auto units = static_cast<Int128>(random.magnitude(12)) * 10 + 5;
      value =
          Exact::from(Decimal::from_parts(random.one_in(2) ? units : -units, digits + 1).value())
              .value();
    }
    for (const Rounding rounding : values::kRoundings) {
      const Big units =
          values::rounded(values::scaled(value), power_of_ten(Exact::kScale - digits), rounding);
      const bool fits = units >= std::numeric_limits<std::int64_t>::min() &&
                        units <= std::numeric_limits<std::int64_t>::max();
      ASSERT_EQ(values::text_or_code(value.to_minor(digits, rounding)),
                fits ? units.str() : "AMOUNT_OUT_OF_RANGE")
          << value.to_string();
    }
  }
}

TEST(ExactToMinor, IsRefusedBeyondInt64) {
  const auto units = [](std::string_view text, Rounding rounding) {
    return values::text_or_code(exact(text).to_minor(2, rounding));
  };
  EXPECT_EQ(units("92233720368547758.07", Rounding::Down), "9223372036854775807");
  EXPECT_EQ(units("92233720368547758.079", Rounding::Down), "9223372036854775807");
  EXPECT_EQ(units("92233720368547758.079", Rounding::Up), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(units("92233720368547758.08", Rounding::Down), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(units("-92233720368547758.08", Rounding::Down), "-9223372036854775808");
  EXPECT_EQ(units("-92233720368547758.081", Rounding::Floor), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(kMost.to_minor(0, Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
}

TEST(ExactText, ShowsEveryPlaceAndDisplayCutsThemAtTwentyEight) {
  Random random(15);
  for (int i = 0; i < kCases; ++i) {
    const Exact value = random_exact(random);
    const std::string text = value.to_string();
    ASSERT_LE(text.size(), Exact::kMaxChars);
    // The display is the text, cut after 28 places or 38 digits, without the zeros this leaves.
    const std::string digits = text.substr(value.is_negative() ? 1 : 0);
    const auto point = digits.find('.');
    const std::size_t whole = digits[0] == '0' ? 0 : std::min(point, digits.size());
    std::string shown = digits.substr(
        0, point == std::string::npos ? point : point + 1 + std::min<std::size_t>(28, 38 - whole));
    if (shown.find('.') != std::string::npos) {
      shown.erase(shown.find_last_not_of('0') + 1);
      if (shown.back() == '.') shown.pop_back();
    }
    ASSERT_EQ(value.to_display().to_string(),
              value.is_negative() && shown != "0" ? "-" + shown : shown)
        << text;
    const Result<Decimal> kept = value.to_decimal();
    ASSERT_EQ(kept.has_value(), value.to_display().to_string() == text);
    if (kept) {
      ASSERT_EQ(Exact::from(*kept).value(), value);
    }
    ASSERT_EQ(Exact::from_limbs(value.limbs()).value(), value);
  }
  EXPECT_EQ(Exact().to_string(), "0");
  EXPECT_EQ(kMost.to_string(),
            "578960446186580977117.85492504343953926634992332820282019728792003956564819967");
  EXPECT_EQ(kMost.negated().to_string().size(), Exact::kMaxChars);
  EXPECT_EQ(kMost.negated().to_display().to_string(), "-578960446186580977117.85492504343953926");
}

TEST(ExactFromMinor, IsTheAmountInTheUnitsOfItsCurrency) {
  EXPECT_EQ(Exact::from_minor(1999, 2).to_string(), "19.99");
  EXPECT_EQ(Exact::from_minor(-5, 3).to_string(), "-0.005");
  EXPECT_EQ(Exact(std::numeric_limits<std::int64_t>::min()).to_string(), "-9223372036854775808");
  EXPECT_EQ(Exact(std::numeric_limits<std::int64_t>::max()).to_string(), "9223372036854775807");
}

}  // namespace
}  // namespace daybook
