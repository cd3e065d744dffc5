#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/wide.h"

namespace daybook {

/// AMOUNT_OUT_OF_RANGE, as all arithmetic of amounts says it.
[[nodiscard]] tl::unexpected<Error> amount_out_of_range();

/// An exact decimal number: quantities, unit prices, rates, percentages.
///
/// `coefficient × 10^−scale`, at most 38 significant digits and 28 decimal places. Always
/// normalised: the last decimal place is not zero and zero has scale 0, so that equal numbers have
/// equal members (and bytes).
class Decimal {
 public:
  static constexpr int kMaxDigits = 38;
  static constexpr int kMaxScale = 28;
  /// The longest text: sign, digits, point, leading zero.
  static constexpr std::size_t kMaxChars = 41;

  constexpr Decimal() = default;
  constexpr explicit Decimal(std::int64_t value)
      : low_(static_cast<std::uint64_t>(value)), high_(value < 0 ? -1 : 0) {}

  /// `-?digits[.digits][e±digits]`. Zeros that change nothing do not count against the limits.
  /// Errors: INVALID_AMOUNT (another syntax, more than 38 significant digits or 28 places).
  [[nodiscard]] static Result<Decimal> parse(std::string_view text);
  /// `coefficient × 10^−scale`, normalised. Errors: INVALID_AMOUNT (outside the limits; a negative
  /// scale).
  [[nodiscard]] static Result<Decimal> from_parts(Int128 coefficient, int scale);

  [[nodiscard]] constexpr Int128 coefficient() const {
    return static_cast<Int128>((static_cast<UInt128>(static_cast<std::uint64_t>(high_)) << 64) |
                               low_);
  }
  [[nodiscard]] constexpr int scale() const { return scale_; }
  [[nodiscard]] constexpr bool is_zero() const { return low_ == 0 && high_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const { return high_ < 0; }
  /// |coefficient|.
  [[nodiscard]] constexpr UInt128 magnitude() const {
    const auto bits = static_cast<UInt128>(coefficient());
    return is_negative() ? -bits : bits;
  }
  [[nodiscard]] constexpr Decimal negated() const {
    Decimal result = *this;
    result.set_coefficient(-coefficient());
    return result;
  }
  [[nodiscard]] constexpr Decimal abs() const { return is_negative() ? negated() : *this; }

  /// Plain notation without exponent or superfluous zeros: `-0.05`, `1200`.
  [[nodiscard]] std::string to_string() const;
  /// The same at `out`, which has room for `kMaxChars`; returns the end.
  char* to_chars(char* out) const;

  friend constexpr bool operator==(const Decimal&, const Decimal&) = default;
  friend constexpr std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
    if (left.scale_ == right.scale_) return order(left.coefficient(), right.coefficient());
    return compare_scaled(left, right);
  }

 private:
  friend struct DecimalParts;

  static constexpr std::strong_ordering order(Int128 left, Int128 right) {
    return left < right
               ? std::strong_ordering::less
               : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
  }
  static constexpr std::strong_ordering compare_scaled(const Decimal& left, const Decimal& right) {
    if (left.is_negative() != right.is_negative())
      return order(right.is_negative(), left.is_negative());
    // Only one side is scaled; when it leaves 128 bits it is greater than any coefficient.
    UInt128 a = left.magnitude();
    UInt128 b = right.magnitude();
    std::strong_ordering result = std::strong_ordering::equal;
    if (left.scale_ < right.scale_) {
      result = __builtin_mul_overflow(
                   a, kPowersOfTen[static_cast<std::size_t>(right.scale_ - left.scale_)], &a)
                   ? std::strong_ordering::greater
                   : order_unsigned(a, b);
    } else {
      result = __builtin_mul_overflow(
                   b, kPowersOfTen[static_cast<std::size_t>(left.scale_ - right.scale_)], &b)
                   ? std::strong_ordering::less
                   : order_unsigned(a, b);
    }
    return left.is_negative() ? 0 <=> result : result;
  }
  static constexpr std::strong_ordering order_unsigned(UInt128 left, UInt128 right) {
    return left < right
               ? std::strong_ordering::less
               : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
  }
  constexpr void set_coefficient(Int128 value) {
    low_ = static_cast<std::uint64_t>(static_cast<UInt128>(value));
    high_ =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64));
  }

  std::uint64_t low_ = 0;  // the coefficient in two's complement: 24 bytes instead of 32
  std::int64_t high_ = 0;
  std::uint8_t scale_ = 0;
};
static_assert(sizeof(Decimal) == 24 && std::is_trivially_copyable_v<Decimal>);

/// Errors of all four: AMOUNT_OUT_OF_RANGE when the exact result needs more than 38 digits or 28
/// places.
[[nodiscard]] Result<Decimal> add(Decimal left, Decimal right);
[[nodiscard]] Result<Decimal> subtract(Decimal left, Decimal right);
[[nodiscard]] Result<Decimal> multiply(Decimal left, Decimal right);
/// The quotient with `scale` places (0–28), rounded once. Also AMOUNT_OUT_OF_RANGE when `divisor`
/// is zero.
[[nodiscard]] Result<Decimal> divide(Decimal dividend, Decimal divisor, int scale,
                                     Rounding rounding);

/// `value` with at most `scale` places (0–28). Rounding only takes digits away, so it cannot fail.
[[nodiscard]] Decimal round(Decimal value, int scale, Rounding rounding);

}  // namespace daybook

template <>
struct std::hash<daybook::Decimal> {
  std::size_t operator()(const daybook::Decimal& value) const noexcept {
    const auto bits = static_cast<daybook::UInt128>(value.coefficient());
    return (static_cast<std::size_t>(bits) ^ static_cast<std::size_t>(bits >> 64)) *
               0x9E3779B97F4A7C15U +
           static_cast<std::size_t>(value.scale());
  }
};
