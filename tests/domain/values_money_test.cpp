#include "ledger/domain/money.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/domain/values_support.h"

namespace daybook {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

std::string units(std::string_view amount, std::string_view code) {
  const Result<Money> money = Money::parse(amount, currency(code));
  return money ? std::to_string(money->minor_units) : std::string(money.error().code);
}

TEST(Currency, IsAnActiveCodeInCapitals) {
  EXPECT_EQ(Currency::parse("EUR").value(), kEur);
  EXPECT_EQ(currency("EUR").text(), "EUR");
  for (const std::string_view code :
       {"",    "usd", "Usd", "EU",  "EURO", "E R", "BTC", "DEM", "HRK", "XXX", "XTS", "XAU",
        "XAG", "XDR", "XBA", "CHE", "CLF",  "COU", "MXV", "USN", "UYI", "BOV", "ZZZ"}) {
    const Result<Currency> parsed = Currency::parse(code);
    ASSERT_FALSE(parsed) << code;
    EXPECT_EQ(parsed.error().code, "INVALID_CURRENCY");
  }
  EXPECT_FALSE(Currency().is_valid());
  EXPECT_THROW((void)Currency().minor_digits(), InvariantBroken);
}

TEST(Currency, KnowsItsMinorUnit) {
  EXPECT_EQ(currency("JPY").minor_digits(), 0);
  EXPECT_EQ(currency("KRW").minor_digits(), 0);
  EXPECT_EQ(currency("USD").minor_digits(), 2);
  EXPECT_EQ(currency("KWD").minor_digits(), 3);
  EXPECT_EQ(currency("UYW").minor_digits(), 4);
  const auto all = all_currencies();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& left, const auto& right) {
    return left.code < right.code;
  }));
  for (const CurrencyEntry& entry : all) {
    EXPECT_EQ(currency(entry.code).minor_digits(), entry.minor_digits) << entry.code;
  }
  const auto with = [&](int digits) {
    return std::count_if(all.begin(), all.end(),
                         [&](const auto& entry) { return entry.minor_digits == digits; });
  };
  EXPECT_EQ(with(0), 16);
  EXPECT_EQ(with(3), 7);
  EXPECT_EQ(with(4), 1);
}

TEST(MoneyParse, TakesWholeMinorUnitsOnly) {
  EXPECT_EQ(units("12.34", "EUR"), "1234");
  EXPECT_EQ(units("12.3", "EUR"), "1230");
  EXPECT_EQ(units("12.340000", "EUR"), "1234");
  EXPECT_EQ(units("-0.01", "EUR"), "-1");
  EXPECT_EQ(units("1e3", "JPY"), "1000");
  EXPECT_EQ(units("1.234", "KWD"), "1234");
  EXPECT_EQ(units("12.345", "EUR"), "INVALID_AMOUNT");
  EXPECT_EQ(units("0.5", "JPY"), "INVALID_AMOUNT");
  EXPECT_EQ(units("12,34", "EUR"), "INVALID_AMOUNT");
  EXPECT_EQ(units("92233720368547758.07", "EUR"), "9223372036854775807");
  EXPECT_EQ(units("92233720368547758.08", "EUR"), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(units("-92233720368547758.08", "EUR"), "-9223372036854775808");
  EXPECT_EQ(units("-92233720368547758.09", "EUR"), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(units("1e37", "EUR"), "AMOUNT_OUT_OF_RANGE");
}

TEST(MoneyText, HasExactlyTheMinorDigits) {
  EXPECT_EQ((Money{1999, kEur}.amount_text()), "19.99");
  EXPECT_EQ((Money{0, kEur}.amount_text()), "0.00");
  EXPECT_EQ((Money{-5, kEur}.amount_text()), "-0.05");
  EXPECT_EQ((Money{0, kJpy}.amount_text()), "0");
  EXPECT_EQ((Money{1999, kJpy}.amount_text()), "1999");
  EXPECT_EQ((Money{1, currency("KWD")}.amount_text()), "0.001");
  EXPECT_EQ((Money{kLeast, kEur}.amount_text()), "-92233720368547758.08");
  EXPECT_EQ((Money{kLeast, currency("UYW")}.amount_text()), "-922337203685477.5808");
  EXPECT_EQ((Money{1990, kEur}.amount().to_string()), "19.9");
}

TEST(MoneyText, ReadsBackTheSame) {
  values::Random random(21);
  const auto all = all_currencies();
  for (int i = 0; i < values::kCases; ++i) {
    const auto size = static_cast<int>(random.below(64));
    const Money money{static_cast<std::int64_t>(random.bits()) >> size,
                      currency(all[random.below(all.size())].code)};
    ASSERT_EQ(Money::parse(money.amount_text(), money.currency).value(), money);
    ASSERT_EQ(Money::from(money.amount(), money.currency).value(), money);
    ASSERT_EQ(Money::rounded(Exact::from_minor(money.minor_units, money.currency.minor_digits()),
                             money.currency, Rounding::Down)
                  .value(),
              money);
  }
}

TEST(MoneySum, StaysInOneCurrencyAndWithinInt64) {
  EXPECT_EQ(add(Money{1, kEur}, Money{2, kEur}).value(), (Money{3, kEur}));
  EXPECT_EQ(subtract(Money{1, kEur}, Money{2, kEur}).value(), (Money{-1, kEur}));
  EXPECT_EQ(add(Money{1, kEur}, Money{1, kUsd}).error().code, "CURRENCY_MISMATCH");
  EXPECT_EQ(subtract(Money{1, kEur}, Money{1, kUsd}).error().code, "CURRENCY_MISMATCH");
  EXPECT_EQ(add(Money{kMost, kEur}, Money{1, kEur}).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(add(Money{kLeast, kEur}, Money{-1, kEur}).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(subtract(Money{kLeast, kEur}, Money{1, kEur}).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(negate(Money{kLeast, kEur}).error().code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(negate(Money{kMost, kEur}).value(), (Money{-kMost, kEur}));
}

TEST(MoneyRounded, IsHalfAwayFromZeroButHalfEvenUnderAnEnterpriseAgreement) {
  const auto billed = [](std::string_view value, bool is_enterprise) {
    return Money::rounded(Exact::from(Decimal::parse(value).value()).value(), kEur,
                          kBilledOfDocument.mode(is_enterprise))
        ->amount_text();
  };
  EXPECT_EQ(billed("2.315", true), "2.32");  // MONEY-2
  EXPECT_EQ(billed("2.325", true), "2.32");
  EXPECT_EQ(billed("2.325", false), "2.33");
  EXPECT_EQ(billed("0.008", false), "0.01");
}

}  // namespace
}  // namespace daybook
