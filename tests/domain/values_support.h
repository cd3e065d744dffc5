#pragma once

#include <cstdint>
#include <ostream>
#include <random>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/domain/decimal.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/rounding.h"

namespace daybook {

/// So that a failed expectation says which number it was.
inline void PrintTo(const Decimal& value, std::ostream* out) { *out << value.to_string(); }
inline void PrintTo(const Exact& value, std::ostream* out) { *out << value.to_string(); }

}  // namespace daybook

/// Random numbers at the edges, and an oracle of another make: whole numbers and fractions of
/// Boost.Multiprecision.
namespace daybook::values {

using Big = boost::multiprecision::cpp_int;

inline constexpr int kCases = 100'000;
inline constexpr Rounding kRoundings[] = {
    Rounding::HalfAwayFromZero, Rounding::HalfEven, Rounding::Down, Rounding::Up, Rounding::Floor,
    Rounding::Ceiling};

inline Big power_of_ten(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

inline Big big(Int128 value) {
  const bool negative = value < 0;
  const auto bits = static_cast<UInt128>(value);
  const UInt128 magnitude = negative ? -bits : bits;
  Big result = static_cast<std::uint64_t>(magnitude >> 64);
  result = (result << 64) + static_cast<std::uint64_t>(magnitude);
  return negative ? Big(-result) : result;
}

/// `numerator ÷ 10^scale`, kept as it is.
struct Number {
  Big numerator;
  int scale = 0;
};

inline Number number(const Decimal& value) { return {big(value.coefficient()), value.scale()}; }

/// The value × 10^56.
inline Big scaled(const Exact& value) {
  const auto magnitude = value.magnitude();
  Big result = 0;
  for (std::size_t i = 4; i-- > 0;) result = (result << 64) + magnitude.limbs[i];
  return value.is_negative() ? Big(-result) : result;
}

/// The text a Decimal would have, or the code of the refusal.
inline std::string decimal_text(Number value, std::string_view refusal = "AMOUNT_OUT_OF_RANGE") {
  while (value.scale > 0 && value.numerator % 10 == 0) {
    value.numerator /= 10;
    --value.scale;
  }
  if (value.scale > 28 || abs(value.numerator) >= power_of_ten(38)) return std::string(refusal);
  std::string digits = Big(abs(value.numerator)).str();
  const auto scale = static_cast<std::size_t>(value.scale);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  if (scale > 0) digits.insert(digits.size() - scale, 1, '.');
  return value.numerator < 0 ? "-" + digits : digits;
}

inline Big floor_of(const Big& above, const Big& below) {
  Big quotient = above / below;
  return above % below != 0 && (above < 0) != (below < 0) ? Big(quotient - 1) : quotient;
}

/// `above ÷ below` as a whole number: every mode by way of the floor.
inline Big rounded(Big above, Big below, Rounding rounding) {
  if (below < 0) {
    above = -above;
    below = -below;
  }
  const Big floor = floor_of(above, below);
  const Big ceiling = -floor_of(-above, below);
  switch (rounding) {
    case Rounding::Floor:
      return floor;
    case Rounding::Ceiling:
      return ceiling;
    case Rounding::Down:
      return above < 0 ? ceiling : floor;
    case Rounding::Up:
      return above < 0 ? floor : ceiling;
    case Rounding::HalfAwayFromZero: {
      const Big away = floor_of(2 * abs(above) + below, 2 * below);
      return above < 0 ? Big(-away) : away;
    }
    case Rounding::HalfEven: {
      const Big up = floor_of(2 * above + below, 2 * below);
      const bool tie = (2 * above + below) % (2 * below) == 0;
      return tie && up % 2 != 0 ? Big(up - 1) : up;
    }
  }
  return floor;
}

template <class T>
std::string text_or_code(const Result<T>& result) {
  return result ? result->to_string() : std::string(result.error().code);
}
inline std::string text_or_code(const Result<std::int64_t>& result) {
  return result ? std::to_string(*result) : std::string(result.error().code);
}

/// The same numbers in every run.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /// 0 ≤ result < bound.
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  int between(int least, int most) {
    return least + static_cast<int>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  bool one_in(std::uint64_t count) { return below(count) == 0; }

  /// A whole number of 1 to `most_digits` digits, often at an edge.
  UInt128 magnitude(int most_digits = Decimal::kMaxDigits) {
    const UInt128 limit = kPowersOfTen[static_cast<std::size_t>(between(1, most_digits))];
    switch (below(8)) {
      case 0:
        return limit - 1;
      case 1:
        return limit / 10;
      case 2:
        return (limit / 10) * 5;
      case 3: {
        constexpr int kWidths[] = {31, 32, 53, 63, 64, 65, 126};
        const UInt128 edge = (static_cast<UInt128>(1) << kWidths[below(7)]) + below(5) - 2;
        return edge % kPowersOfTen[static_cast<std::size_t>(most_digits)];
      }
      case 4:
        return below(1000);
      default:
        return ((static_cast<UInt128>(bits()) << 64) | bits()) % limit;
    }
  }

  Decimal decimal(int most_digits = Decimal::kMaxDigits) {
    const auto value = static_cast<Int128>(magnitude(most_digits));
    const int scale = one_in(4) ? 0 : between(0, Decimal::kMaxScale);
    return Decimal::from_parts(one_in(2) ? -value : value, scale).value();
  }

  /// Now and then the negative of `other`, nearly.
  Decimal decimal_near(const Decimal& other) {
    if (!one_in(5)) return decimal();
    return Decimal::from_parts(-other.coefficient() + between(-2, 2), other.scale())
        .value_or(other);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace daybook::values
