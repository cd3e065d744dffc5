#include "ledger/domain/wide.h"

#include <gtest/gtest.h>

#include "tests/domain/values_support.h"

namespace daybook {
namespace {

using values::Big;
using values::Random;

// Limbs at which carries, borrows and wrong first estimates of a quotient's digit happen.
constexpr std::uint64_t kEdges[] = {
    0, 1, 2, (1ULL << 63) - 1, 1ULL << 63, (1ULL << 63) + 1, ~0ULL - 1, ~0ULL};

template <std::size_t N>
Wide<N> random_wide(Random& random) {
  Wide<N> value;
  const auto used = static_cast<std::size_t>(random.between(0, static_cast<int>(N)));
  for (std::size_t i = 0; i < used; ++i) {
    value.limbs[i] = random.one_in(4) ? random.bits() : kEdges[random.below(std::size(kEdges))];
  }
  return value;
}

template <std::size_t N>
Big big(const Wide<N>& value) {
  Big result = 0;
  for (std::size_t i = N; i-- > 0;) result = (result << 64) + value.limbs[i];
  return result;
}

template <std::size_t N, std::size_t M>
void expect_exact_division(Random& random) {
  for (int i = 0; i < values::kCases; ++i) {
    const Wide<N> above = random_wide<N>(random);
    const Wide<M> below = random_wide<M>(random);
    if (below.is_zero()) continue;
    const auto division = divide_wide(above, below);
    ASSERT_EQ(big(division.quotient), big(above) / big(below)) << big(above) << " / " << big(below);
    ASSERT_EQ(big(division.remainder), big(above) % big(below))
        << big(above) << " % " << big(below);
  }
}

TEST(WideDivision, AgreesAtTheEdgesOfLimbs) {
  Random random(41);
  expect_exact_division<4, 2>(random);
  expect_exact_division<4, 3>(random);
  expect_exact_division<4, 4>(random);
  expect_exact_division<5, 4>(random);
  expect_exact_division<5, 5>(random);
  expect_exact_division<6, 3>(random);
  expect_exact_division<7, 2>(random);
  expect_exact_division<2, 4>(random);
}

TEST(WideDivision, AddsBackWhereTheEstimateOfADigitIsStillOneTooLarge) {
  // Once in 2^63 random divisions: the classic case, scaled to 64-bit digits.
  Wide<4> above;
  above.limbs = {0, 0, 1ULL << 63, (1ULL << 63) - 1};
  Wide<3> below;
  below.limbs = {1, 0, 1ULL << 63};
  const auto division = divide_wide(above, below);
  EXPECT_EQ(big(division.quotient), big(above) / big(below));
  EXPECT_EQ(big(division.remainder), big(above) % big(below));
  EXPECT_THROW((void)divide_wide(above, Wide<3>()), InvariantBroken);
}

TEST(WideArithmetic, AgreesAtTheEdgesOfLimbs) {
  Random random(42);
  for (int i = 0; i < values::kCases; ++i) {
    const auto a = random_wide<4>(random);
    const auto b = random_wide<4>(random);
    ASSERT_EQ(big(multiply_wide(a, b)), big(a) * big(b));
    ASSERT_EQ(a <=> b, big(a) < big(b) ? std::strong_ordering::less
                                       : (big(a) > big(b) ? std::strong_ordering::greater
                                                          : std::strong_ordering::equal));
    Wide<4> sum = a;
    const bool carry = add_to(sum, b);
    ASSERT_EQ(big(sum) + (carry ? Big(1) << 256 : Big(0)), big(a) + big(b));
    if (a >= b) {
      Wide<4> difference = a;
      subtract_from(difference, b);
      ASSERT_EQ(big(difference), big(a) - big(b));
    }
    ASSERT_EQ(a.bit_width(), a.is_zero() ? 0 : msb(big(a)) + 1);
  }
  Wide<4> zero;
  EXPECT_THROW(subtract_from(zero, Wide<4>(std::uint64_t{1})), InvariantBroken);
}

TEST(WidePowersOfTen, AreExact) {
  for (int i = 0; i < static_cast<int>(kWidePowersOfTen.size()); ++i) {
    EXPECT_EQ(big(kWidePowersOfTen[static_cast<std::size_t>(i)]), values::power_of_ten(i));
  }
  for (int i = 0; i < static_cast<int>(kPowersOfTen.size()); ++i) {
    EXPECT_EQ(big(Wide<2>(kPowersOfTen[static_cast<std::size_t>(i)])), values::power_of_ten(i));
  }
}

}  // namespace
}  // namespace daybook
