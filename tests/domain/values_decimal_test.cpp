#include "ledger/domain/decimal.h"

#include <gtest/gtest.h>

#include <limits>

#include <boost/describe/enum_to_string.hpp>

#include "tests/domain/values_support.h"

namespace daybook {
namespace {

using values::Big;
using values::kCases;
using values::Number;
using values::number;
using values::power_of_ten;
using values::Random;

Decimal dec(std::string_view text) { return Decimal::parse(text).value(); }

std::string parsed(std::string_view text) { return values::text_or_code(Decimal::parse(text)); }

const std::string kNines38(38, '9');

TEST(DecimalParse, ReadsWhatRealExportsContain) {
  EXPECT_EQ(parsed("0"), "0");
  EXPECT_EQ(parsed("-0.000"), "0");
  EXPECT_EQ(parsed("12.50"), "12.5");
  EXPECT_EQ(parsed("007"), "7");
  EXPECT_EQ(parsed("5.64902E-05"), "0.0000564902");
  EXPECT_EQ(parsed("1e3"), "1000");
  EXPECT_EQ(parsed("1E+3"), "1000");
  EXPECT_EQ(parsed("0.0073012409190000000000000000"), "0.007301240919");
  EXPECT_EQ(parsed("0.123456789012345678901234"), "0.123456789012345678901234");
  EXPECT_EQ(parsed("18446744073709551616"), "18446744073709551616");
  EXPECT_EQ(parsed("9999999999999999999"), "9999999999999999999");
}

TEST(DecimalParse, RefusesWhatIsNotADecimalNumber) {
  for (const std::string_view text :
       {"",      "-",     "+1",    ".5",       "5.",   "1,5",   " 1",  "1 ",
        "1.2.3", "--1",   "1e",    "1e+",      "e5",   "1e1.5", "NaN", "Infinity",
        "0x10",  "1_000", "1e5e5", "\xd9\xa1", "1.-5", "-.5",   "1f"}) {
    EXPECT_EQ(parsed(text), "INVALID_AMOUNT") << text;
  }
  EXPECT_EQ(parsed(std::string_view("1\0", 2)), "INVALID_AMOUNT");
}

TEST(DecimalParse, KeepsThirtyEightDigitsAndTwentyEightPlacesButNotOneMore) {
  EXPECT_EQ(parsed(kNines38), kNines38);
  EXPECT_EQ(parsed("-" + kNines38), "-" + kNines38);
  EXPECT_EQ(parsed("1" + std::string(37, '0')), "1" + std::string(37, '0'));
  EXPECT_EQ(parsed("1" + std::string(38, '0')), "INVALID_AMOUNT");
  EXPECT_EQ(parsed("1e37"), "1" + std::string(37, '0'));
  EXPECT_EQ(parsed("1e38"), "INVALID_AMOUNT");
  EXPECT_EQ(parsed("1e-28"), "0." + std::string(27, '0') + "1");
  EXPECT_EQ(parsed("1e-29"), "INVALID_AMOUNT");
  EXPECT_EQ(parsed("10e-29"), "0." + std::string(27, '0') + "1");
  EXPECT_EQ(parsed("1234567890.1234567890123456789012345678"),
            "1234567890.1234567890123456789012345678");
  EXPECT_EQ(parsed("12345678901.1234567890123456789012345678"), "INVALID_AMOUNT");
}

TEST(DecimalParse, DoesNotCountZerosThatChangeNothing) {
  const std::string zeros(5000, '0');
  EXPECT_EQ(parsed(zeros + "1." + zeros), "1");
  EXPECT_EQ(parsed("0." + zeros + "1e5000"), "0.1");
  EXPECT_EQ(parsed("1" + zeros + "e-5000"), "1");
  EXPECT_EQ(parsed("0e99999999999999999999999"), "0");
  EXPECT_EQ(parsed("1e99999999999999999999999"), "INVALID_AMOUNT");
  EXPECT_EQ(parsed("1e-99999999999999999999999"), "INVALID_AMOUNT");
}

TEST(DecimalParse, ReadsBackAnyNumberHoweverItIsWritten) {
  Random random(1);
  for (int i = 0; i < kCases; ++i) {
    const UInt128 magnitude = random.magnitude();
    const bool negative = random.one_in(2);
    const int places = random.between(0, 60);
    const int exponent = random.between(-40, 40);
    std::string digits = values::big(static_cast<Int128>(magnitude)).str();
    if (digits.size() <= static_cast<std::size_t>(places)) {
      digits.insert(0, static_cast<std::size_t>(places) + 1 - digits.size(), '0');
    }
    if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
    const bool with_exponent = exponent != 0 || random.one_in(2);
    std::string text = (negative ? "-" : "") + digits;
    if (with_exponent) text += (random.one_in(2) ? "e" : "E") + std::to_string(exponent);
    Number expected{values::big(static_cast<Int128>(magnitude)),
                    places - (with_exponent ? exponent : 0)};
    if (negative) expected.numerator = -expected.numerator;
    if (expected.scale < 0) expected = {expected.numerator * power_of_ten(-expected.scale), 0};
    ASSERT_EQ(parsed(text), values::decimal_text(expected, "INVALID_AMOUNT")) << text;
  }
}

TEST(DecimalPrint, IsPlainWithoutSuperfluousZerosAndReadsBackTheSame) {
  Random random(2);
  for (int i = 0; i < kCases; ++i) {
    const Decimal value = random.decimal();
    const std::string text = value.to_string();
    ASSERT_EQ(text, values::decimal_text(number(value)));
    ASSERT_LE(text.size(), Decimal::kMaxChars);
    ASSERT_EQ(dec(text), value) << text;
  }
  EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min()).to_string(), "-9223372036854775808");
  const std::string longest = "-0." + std::string(28, '9');
  EXPECT_EQ(dec(longest).to_string(), longest);
}

TEST(DecimalNormalForm, EqualNumbersHaveEqualMembersHoweverTheyCameAbout) {
  Random random(3);
  for (int i = 0; i < kCases; ++i) {
    const Decimal value = random.decimal(20);
    const int zeros = random.between(0, 17);
    const Decimal other =
        Decimal::from_parts(value.coefficient() *
                                static_cast<Int128>(kPowersOfTen[static_cast<std::size_t>(zeros)]),
                            value.scale() + zeros)
            .value();
    ASSERT_EQ(other.coefficient(), value.coefficient());
    ASSERT_EQ(other.scale(), value.scale());
    ASSERT_EQ(std::hash<Decimal>()(other), std::hash<Decimal>()(value));
  }
  EXPECT_EQ(Decimal::from_parts(0, 28)->scale(), 0);
  EXPECT_EQ(Decimal::from_parts(1, -1).error().code, "INVALID_AMOUNT");
  EXPECT_EQ(Decimal::from_parts(1, 29).error().code, "INVALID_AMOUNT");
  EXPECT_EQ(Decimal::from_parts(std::numeric_limits<Int128>::min(), 0).error().code,
            "INVALID_AMOUNT");
}

TEST(DecimalSum, AgreesWithWholeNumbersOfAnyLength) {
  Random random(4);
  for (int i = 0; i < kCases; ++i) {
    const Decimal left = random.decimal();
    const Decimal right = random.decimal_near(left);
    const Number a = number(left);
    const Number b = number(right);
    const int scale = std::max(a.scale, b.scale);
    const Big x = a.numerator * power_of_ten(scale - a.scale);
    const Big y = b.numerator * power_of_ten(scale - b.scale);
    ASSERT_EQ(values::text_or_code(add(left, right)), values::decimal_text({x + y, scale}))
        << left.to_string() << " + " << right.to_string();
    ASSERT_EQ(values::text_or_code(subtract(left, right)), values::decimal_text({x - y, scale}))
        << left.to_string() << " - " << right.to_string();
    ASSERT_EQ(left <=> right,
              x < y ? std::strong_ordering::less
                    : (x > y ? std::strong_ordering::greater : std::strong_ordering::equal));
  }
}

TEST(DecimalSum, IsRefusedBeyondThirtyEightDigits) {
  const Decimal most = dec(kNines38);
  EXPECT_EQ(add(most, Decimal(1)).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(subtract(most.negated(), Decimal(1)).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(most, most).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(subtract(most, most)->to_string(), "0");
  EXPECT_EQ(add(dec("1e37"), dec("1e-28")).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(subtract(most, Decimal(1)).value(), Decimal(1)), most);
  // Digits that become zeros count no longer.
  EXPECT_EQ(add(dec("9999999999999999999999999999999999999.5"), dec("0.5"))->to_string(),
            "1" + std::string(37, '0'));
}

TEST(DecimalProduct, AgreesWithWholeNumbersOfAnyLength) {
  Random random(5);
  int kept = 0;
  for (int i = 0; i < kCases; ++i) {
    const Decimal left = random.decimal(random.between(1, 38));
    const Decimal right = random.decimal(random.between(1, 38));
    const Number a = number(left);
    const Number b = number(right);
    const Result<Decimal> product = multiply(left, right);
    ASSERT_EQ(values::text_or_code(product),
              values::decimal_text({a.numerator * b.numerator, a.scale + b.scale}))
        << left.to_string() << " * " << right.to_string();
    kept += product.has_value() ? 1 : 0;
  }
  EXPECT_GT(kept, kCases / 4);
}

TEST(DecimalProduct, IsRefusedWhenItNeedsMoreDigitsOrPlaces) {
  EXPECT_EQ(multiply(dec("1e-14"), dec("1e-14"))->to_string(), "0." + std::string(27, '0') + "1");
  EXPECT_EQ(multiply(dec("1e-14"), dec("1e-15")).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(multiply(dec("1e18"), dec("1e19"))->to_string(), "1" + std::string(37, '0'));
  EXPECT_EQ(multiply(dec("1e19"), dec("1e19")).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(multiply(dec(kNines38), dec(kNines38)).error().code, "AMOUNT_OUT_OF_RANGE");
  // The places of one factor cancel against the zeros of the other.
  EXPECT_EQ(multiply(dec("0.0000000000000000000000000125"), dec("8e26"))->to_string(), "10");
}

TEST(DecimalQuotient, AgreesWithWholeNumbersOfAnyLengthInEveryRoundingMode) {
  Random random(6);
  for (int i = 0; i < kCases; ++i) {
    const Decimal left = random.decimal();
    const Decimal right =
        random.one_in(4) ? Decimal(1 << random.between(0, 20)) : random.decimal_near(left);
    if (right.is_zero()) continue;
    const int scale = random.between(0, Decimal::kMaxScale);
    const Rounding rounding =
        values::kRoundings[static_cast<std::size_t>(i) % std::size(values::kRoundings)];
    const Big above = number(left).numerator * power_of_ten(right.scale() + scale);
    const Big below = number(right).numerator * power_of_ten(left.scale());
    ASSERT_EQ(values::text_or_code(divide(left, right, scale, rounding)),
              values::decimal_text({values::rounded(above, below, rounding), scale}))
        << left.to_string() << " / " << right.to_string() << " to " << scale;
  }
}

TEST(DecimalQuotient, IsRefusedByZeroAndBeyondThirtyEightDigits) {
  EXPECT_EQ(divide(Decimal(1), Decimal(0), 2, Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(divide(dec("1e37"), dec("0.1"), 0, Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(divide(dec("1e37"), dec("1e-28"), 28, Rounding::Down).error().code,
            "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(divide(dec("1e37"), Decimal(3), 2, Rounding::Down).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(divide(dec("1e37"), Decimal(4), 28, Rounding::Down)->to_string(),
            "25" + std::string(35, '0'));
  EXPECT_THROW((void)divide(Decimal(1), Decimal(3), 29, Rounding::Down), InvariantBroken);
}

class EveryRoundingMode : public testing::TestWithParam<Rounding> {};
INSTANTIATE_TEST_SUITE_P(Decimal, EveryRoundingMode, testing::ValuesIn(values::kRoundings),
                         [](const auto& mode) {
                           return std::string(
                               boost::describe::enum_to_string(mode.param, "unknown"));
                         });

TEST_P(EveryRoundingMode, AgreesWithWholeNumbersOfAnyLength) {
  Random random(7);
  for (int i = 0; i < kCases; ++i) {
    Decimal value = random.decimal();
    const int scale = random.between(0, Decimal::kMaxScale);
    if (random.one_in(4) && scale < Decimal::kMaxScale) {  // a tie, or a neighbour of one
      const auto units =
          static_cast<Int128>(random.magnitude(9)) * 10 + 5 + (random.one_in(2) ? 0 : 1);
      value = Decimal::from_parts(random.one_in(2) ? units : -units, scale + 1).value();
    }
    const Decimal result = round(value, scale, GetParam());
    const int dropped = value.scale() - scale;
    const Number expected =
        dropped <= 0
            ? number(value)
            : Number{values::rounded(number(value).numerator, power_of_ten(dropped), GetParam()),
                     scale};
    ASSERT_EQ(result.to_string(), values::decimal_text(expected))
        << value.to_string() << " to " << scale;
  }
}

TEST(DecimalRound, TiesGoWhereTheModeSays) {
  using enum Rounding;
  const auto rounded = [](std::string_view text, Rounding mode) {
    return round(dec(text), 2, mode).to_string();
  };
  EXPECT_EQ(rounded("2.315", HalfEven), "2.32");  // MONEY-2
  EXPECT_EQ(rounded("2.325", HalfEven), "2.32");
  EXPECT_EQ(rounded("2.325", HalfAwayFromZero), "2.33");
  EXPECT_EQ(rounded("-2.325", HalfAwayFromZero), "-2.33");
  EXPECT_EQ(rounded("-2.325", HalfEven), "-2.32");
  EXPECT_EQ(rounded("2.329", Down), "2.32");
  EXPECT_EQ(rounded("-2.329", Down), "-2.32");
  EXPECT_EQ(rounded("2.321", Up), "2.33");
  EXPECT_EQ(rounded("-2.321", Up), "-2.33");
  EXPECT_EQ(rounded("-2.321", Floor), "-2.33");
  EXPECT_EQ(rounded("-2.329", Ceiling), "-2.32");
  EXPECT_EQ(rounded("9.9999999999999999999999999999", HalfEven), "10");
}

TEST(DecimalSign, TurnsAndIsTakenOff) {
  EXPECT_EQ(dec("-2.5").negated(), dec("2.5"));
  EXPECT_EQ(dec("-2.5").abs(), dec("2.5"));
  EXPECT_EQ(Decimal(0).negated(), Decimal(0));
  EXPECT_EQ(dec("-" + kNines38).negated(), dec(kNines38));
  EXPECT_TRUE(dec("-0.1").is_negative());
  EXPECT_FALSE(Decimal(0).is_negative());
}

}  // namespace
}  // namespace daybook
