#pragma once

#include <cstdint>

#include "ledger/domain/decimal.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/wide.h"

/// How decimal.cpp and exact.cpp make a Decimal of the whole numbers they compute with.
namespace daybook {

[[nodiscard]] constexpr std::strong_ordering compare_magnitudes(UInt128 left, UInt128 right) {
  return left < right
             ? std::strong_ordering::less
             : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
}

/// `above ÷ below`, rounded once to a whole number; both are magnitudes of a `negative` or positive
/// quotient. `below` is not zero and less than half of what its limbs hold; the quotient must leave
/// room for one more.
template <std::size_t N, std::size_t M>
[[nodiscard]] constexpr Wide<N> divide_rounded(const Wide<N>& above, const Wide<M>& below,
                                               bool negative, Rounding rounding) {
  Division<N, M> division = divide_wide(above, below);
  const bool exact = division.remainder.is_zero();
  Wide<M> twice = division.remainder;
  shift_left(twice, 1);
  if (rounds_away(rounding, negative, division.quotient.is_odd(), twice <=> below, exact)) {
    const bool carry = add_to(division.quotient, Wide<N>(std::uint64_t{1}));
    LEDGER_INVARIANT(!carry);
  }
  return division.quotient;
}

/// Access to the members of Decimal.
struct DecimalParts {
  /// Of what is normalised and within the limits already.
  [[nodiscard]] static constexpr Decimal make(UInt128 magnitude, int scale, bool negative) {
    Decimal result;
    result.set_coefficient(static_cast<Int128>(negative ? -magnitude : magnitude));
    result.scale_ = static_cast<std::uint8_t>(scale);
    return result;
  }

  /// Takes the zeros after the last decimal place off. Errors: AMOUNT_OUT_OF_RANGE when more than
  /// 38 digits or 28 places are left.
  [[nodiscard]] static Result<Decimal> normalised(UInt128 magnitude, int scale, bool negative) {
    if ((magnitude >> 64) == 0) {
      auto small = static_cast<std::uint64_t>(magnitude);
      if (small == 0) return Decimal();
      for (; scale > 0 && small % 10 == 0; --scale) small /= 10;
      magnitude = small;
    } else {
      for (; scale > 0 && is_multiple_of_ten(magnitude); --scale)
        magnitude = divide_multiple_of_ten(magnitude);
      if (magnitude >= kPowersOfTen[Decimal::kMaxDigits]) return amount_out_of_range();
    }
    if (scale > Decimal::kMaxScale) return amount_out_of_range();
    return make(magnitude, scale, negative);
  }

  template <std::size_t N>
  [[nodiscard]] static Result<Decimal> normalised(Wide<N> magnitude, int scale, bool negative) {
    for (int step = 16; step > 0; step /= 2) {
      while (magnitude.size() > 2 && scale >= step) {
        Wide<N> shorter = magnitude;
        const UInt128 power = kPowersOfTen[static_cast<std::size_t>(step)];
        if (divide_by_limb(shorter, static_cast<std::uint64_t>(power)) != 0) break;
        magnitude = shorter;
        scale -= step;
      }
    }
    if (magnitude.size() > 2) return amount_out_of_range();
    return normalised(magnitude.low128(), scale, negative);
  }

 private:
  // 2^64 is 6 modulo 10.
  static constexpr bool is_multiple_of_ten(UInt128 value) {
    return (static_cast<std::uint64_t>(value >> 64) % 10 * 6 +
            static_cast<std::uint64_t>(value) % 10) %
               10 ==
           0;
  }
  // Exact division is a multiplication by the inverse of 5 modulo 2^128: no call of __udivti3.
  static constexpr UInt128 divide_multiple_of_ten(UInt128 value) {
    constexpr UInt128 kInverseOf5 =
        (static_cast<UInt128>(0xCCCC'CCCC'CCCC'CCCCU) << 64) | 0xCCCC'CCCC'CCCC'CCCDU;
    static_assert(static_cast<UInt128>(kInverseOf5 * 5) == 1);
    return (value >> 1) * kInverseOf5;
  }
};

}  // namespace daybook
