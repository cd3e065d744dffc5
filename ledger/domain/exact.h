#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "ledger/domain/decimal.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"

namespace daybook {

/// An exact amount on its way to a document: sums and products of `Decimal`s, never rounded.
///
/// 256-bit fixed point with 56 decimal places, so that a product of two Decimals keeps every place.
/// Range: |value| < 2^255 × 10^−56, some 5.7 × 10^20, beyond any amount of money that fits int64.
class Exact {
 public:
  static constexpr int kScale = 56;
  /// The longest text: sign, 21 digits, point, 56 places.
  static constexpr std::size_t kMaxChars = 79;

  constexpr Exact() = default;
  /// Total: an int64 always fits.
  explicit Exact(std::int64_t value);

  /// Errors of all: AMOUNT_OUT_OF_RANGE when the value leaves the range.
  [[nodiscard]] static Result<Exact> from(Decimal value);
  [[nodiscard]] static Result<Exact> product(Decimal left, Decimal right);
  /// `minor_units` of a currency with `minor_digits`.
  [[nodiscard]] static Exact from_minor(std::int64_t minor_units, int minor_digits);

  /// The exact product. Errors: AMOUNT_OUT_OF_RANGE, also when it needs more than 56 places.
  [[nodiscard]] Result<Exact> times(Decimal factor) const;
  /// The product, rounded at the 56th place where it needs more: for chains of factors (price ×
  /// quantity × discount × exchange rate) that must never be refused for their places.
  [[nodiscard]] Result<Exact> times(Decimal factor, Rounding rounding) const;
  /// The quotient, rounded at the 56th place. Errors: AMOUNT_OUT_OF_RANGE, also when `divisor` is
  /// zero.
  [[nodiscard]] Result<Exact> divided_by(Decimal divisor, Rounding rounding) const;

  /// The one rounding to money. Errors: AMOUNT_OUT_OF_RANGE when it leaves int64.
  [[nodiscard]] Result<std::int64_t> to_minor(int minor_digits, Rounding rounding) const;
  /// The value when a Decimal can hold it exactly. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<Decimal> to_decimal() const;
  /// For display alone: cut towards zero to 28 places, or to fewer where 38 digits do not reach so
  /// far.
  [[nodiscard]] Decimal to_display() const;
  /// Every place: plain notation without superfluous zeros.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] constexpr bool is_zero() const { return *this == Exact(); }
  [[nodiscard]] constexpr bool is_negative() const { return (limbs_[3] >> 63) != 0; }
  [[nodiscard]] constexpr Exact negated() const {
    Exact result;
    std::uint64_t carry = 1;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t flipped = ~limbs_[i];
      result.limbs_[i] = flipped + carry;
      carry = result.limbs_[i] < flipped ? 1 : 0;
    }
    return result;
  }
  [[nodiscard]] constexpr Exact abs() const { return is_negative() ? negated() : *this; }
  /// |value| × 10^56.
  [[nodiscard]] constexpr Wide<4> magnitude() const {
    Wide<4> result;
    result.limbs = abs().limbs_;
    return result;
  }

  /// In place: adds `more`. False when the sum leaves the range; then nothing has changed. For sums of millions of rows:
  /// `add` says the same with an error.
  [[nodiscard]] constexpr bool accumulate(const Exact& more) {
    std::array<std::uint64_t, 4> sum{};
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const UInt128 part = static_cast<UInt128>(limbs_[i]) + more.limbs_[i] + carry;
      sum[i] = static_cast<std::uint64_t>(part);
      carry = static_cast<std::uint64_t>(part >> 64);
    }
    const std::uint64_t sign_turned = (limbs_[3] ^ sum[3]) & (more.limbs_[3] ^ sum[3]);
    if ((sign_turned >> 63) != 0) return false;
    constexpr std::array<std::uint64_t, 4> kNoNegative{0, 0, 0, std::uint64_t{1} << 63};  // −2^255
    if (sum[3] == kNoNegative[3] && sum == kNoNegative) return false;
    limbs_ = sum;
    return true;
  }

  /// Two's complement, least significant limb first: the stored form.
  [[nodiscard]] constexpr const std::array<std::uint64_t, 4>& limbs() const { return limbs_; }
  /// Any limbs but the one value without a negative, −2^255. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] static Result<Exact> from_limbs(const std::array<std::uint64_t, 4>& limbs);

  friend constexpr bool operator==(const Exact&, const Exact&) = default;
  friend constexpr std::strong_ordering operator<=>(const Exact& left, const Exact& right) {
    const auto top =
        static_cast<std::int64_t>(left.limbs_[3]) <=> static_cast<std::int64_t>(right.limbs_[3]);
    if (top != 0) return top;
    for (std::size_t i = 3; i-- > 0;) {
      if (left.limbs_[i] != right.limbs_[i]) return left.limbs_[i] <=> right.limbs_[i];
    }
    return std::strong_ordering::equal;
  }

 private:
  [[nodiscard]] static Result<Exact> from_magnitude(const Wide<4>& magnitude, bool negative);

  std::array<std::uint64_t, 4> limbs_{};
};
static_assert(sizeof(Exact) == 32 && std::is_trivially_copyable_v<Exact>);

/// Errors: AMOUNT_OUT_OF_RANGE when the sum leaves the range.
[[nodiscard]] inline Result<Exact> add(const Exact& left, const Exact& right) {
  Exact sum = left;
  if (!sum.accumulate(right)) return amount_out_of_range();
  return sum;
}
[[nodiscard]] inline Result<Exact> subtract(const Exact& left, const Exact& right) { return add(left, right.negated()); }

}  // namespace daybook
