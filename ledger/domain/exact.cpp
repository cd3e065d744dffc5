#include "ledger/domain/exact.h"

#include "ledger/domain/decimal_parts.h"
#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

const Wide<3>& power_of_ten(int exponent) {
  return kWidePowersOfTen[static_cast<std::size_t>(exponent)];
}

}  // namespace

Result<Exact> Exact::from_magnitude(const Wide<4>& magnitude, bool negative) {
  Exact result;
  result.limbs_ = magnitude.limbs;
  if (result.is_negative()) return amount_out_of_range();
  return negative ? result.negated() : result;
}

Exact::Exact(std::int64_t value) : Exact(from_minor(value, 0)) {}

Exact Exact::from_minor(std::int64_t minor_units, int minor_digits) {
  LEDGER_INVARIANT(minor_digits >= 0 && minor_digits <= kScale);
  const Wide<4> magnitude =
      multiply_wide(Wide<1>(magnitude_of(minor_units)), power_of_ten(kScale - minor_digits));
  const Result<Exact> result = from_magnitude(magnitude, minor_units < 0);
  LEDGER_INVARIANT(result.has_value());
  return *result;
}

Result<Exact> Exact::from(Decimal value) {
  const Wide<5> product =
      multiply_wide(Wide<2>(value.magnitude()), power_of_ten(kScale - value.scale()));
  Wide<4> magnitude;
  if (!narrow(product, magnitude)) return amount_out_of_range();
  return from_magnitude(magnitude, value.is_negative());
}

Result<Exact> Exact::product(Decimal left, Decimal right) {
  const Wide<4> digits = multiply_wide(Wide<2>(left.magnitude()), Wide<2>(right.magnitude()));
  const Wide<7> product =
      multiply_wide(digits, power_of_ten(kScale - left.scale() - right.scale()));
  Wide<4> magnitude;
  if (!narrow(product, magnitude)) return amount_out_of_range();
  return from_magnitude(magnitude, left.is_negative() != right.is_negative());
}

Result<Exact> Exact::from_limbs(const std::array<std::uint64_t, 4>& limbs) {
  Exact result;
  result.limbs_ = limbs;
  // Only the value without a negative stays negative when its sign is turned.
  if (result.is_negative() && result.negated().is_negative()) return amount_out_of_range();
  return result;
}

Result<Exact> Exact::times(Decimal factor) const {
  const Wide<6> product = multiply_wide(magnitude(), Wide<2>(factor.magnitude()));
  const auto division = divide_wide(product, power_of_ten(factor.scale()));
  Wide<4> quotient;
  if (!division.remainder.is_zero() || !narrow(division.quotient, quotient))
    return amount_out_of_range();
  return from_magnitude(quotient, is_negative() != factor.is_negative());
}

Result<Exact> Exact::times(Decimal factor, Rounding rounding) const {
  const bool negative = is_negative() != factor.is_negative();
  const Wide<6> product = multiply_wide(magnitude(), Wide<2>(factor.magnitude()));
  Wide<4> quotient;
  if (!narrow(divide_rounded(product, power_of_ten(factor.scale()), negative, rounding),
              quotient)) {
    return amount_out_of_range();
  }
  return from_magnitude(quotient, negative);
}

Result<Exact> Exact::divided_by(Decimal divisor, Rounding rounding) const {
  if (divisor.is_zero()) return amount_out_of_range();
  const bool negative = is_negative() != divisor.is_negative();
  const Wide<7> above = multiply_wide(magnitude(), power_of_ten(divisor.scale()));
  Wide<4> quotient;
  if (!narrow(divide_rounded(above, Wide<2>(divisor.magnitude()), negative, rounding), quotient)) {
    return amount_out_of_range();
  }
  return from_magnitude(quotient, negative);
}

Result<std::int64_t> Exact::to_minor(int minor_digits, Rounding rounding) const {
  LEDGER_INVARIANT(minor_digits >= 0 && minor_digits < kScale);
  const Wide<4> units =
      divide_rounded(magnitude(), power_of_ten(kScale - minor_digits), is_negative(), rounding);
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 63;  // the magnitude of the least int64
  if (units.size() > 1 || units.limbs[0] > (is_negative() ? kLeast : kLeast - 1))
    return amount_out_of_range();
  return static_cast<std::int64_t>(is_negative() ? -units.limbs[0] : units.limbs[0]);
}

Result<Decimal> Exact::to_decimal() const {
  return DecimalParts::normalised(magnitude(), kScale, is_negative());
}

Decimal Exact::to_display() const {
  int scale = Decimal::kMaxScale;
  Wide<4> cut = divide_wide(magnitude(), power_of_ten(kScale - scale)).quotient;
  const Wide<4> limit{kPowersOfTen[Decimal::kMaxDigits]};
  for (; cut >= limit; --scale) divide_by_limb(cut, 10);
  const Result<Decimal> result = DecimalParts::normalised(cut, scale, is_negative());
  LEDGER_INVARIANT(result.has_value());
  return *result;
}

std::string Exact::to_string() const {
  char digits[kMaxChars];
  char* const end = digits + sizeof digits;
  char* first = end;
  Wide<4> rest = magnitude();
  for (int place = 0; place <= kScale || !rest.is_zero(); ++place) {
    const auto digit = static_cast<char>('0' + divide_by_limb(rest, 10));
    if (place == kScale && first != end) *--first = '.';
    if (place >= kScale || digit != '0' || first != end) *--first = digit;
  }
  if (is_negative()) *--first = '-';
  return {first, end};
}

}  // namespace daybook
