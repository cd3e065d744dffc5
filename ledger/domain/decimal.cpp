#include "ledger/domain/decimal.h"

#include <algorithm>
#include <charconv>

#include "ledger/domain/decimal_parts.h"
#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

constexpr std::uint64_t kTenTo19 = 10'000'000'000'000'000'000U;
// So many digits always fit 64 bits.
constexpr std::size_t kDigitsOf64Bits = 19;

tl::unexpected<Error> invalid_amount() {
  return rejected(
      "INVALID_AMOUNT",
      "an amount is written like -12.345 or 1.5e-7, with at most 38 significant digits and "
      "28 decimal places");
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a number and where its point stands, still as text.
struct Digits {
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;

  [[nodiscard]] std::size_t size() const { return whole.size() + fraction.size(); }
  [[nodiscard]] char at(std::size_t i) const {
    return i < whole.size() ? whole[i] : fraction[i - whole.size()];
  }
};

/// `e±digits`; false for another syntax. Beyond any length of text the exponent stays where it is.
bool read_exponent(std::string_view text, std::int64_t& exponent) {
  constexpr std::int64_t kFar = std::int64_t{1} << 40;
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return false;
  text.remove_prefix(1);
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  exponent = 0;
  for (char c : text) {
    if (!is_digit(c)) return false;
    exponent = std::min(exponent * 10 + (c - '0'), kFar);
  }
  if (negative) exponent = -exponent;
  return true;
}

/// Any number of digits, with exponent.
Result<Decimal> from_digits(const Digits& digits, bool negative) {
  std::size_t first = 0;
  std::size_t last = digits.size();
  while (first < last && digits.at(first) == '0') ++first;
  while (last > first && digits.at(last - 1) == '0') --last;
  if (first == last) return Decimal();
  const auto count = static_cast<std::int64_t>(last - first);
  const std::int64_t exponent = digits.exponent + static_cast<std::int64_t>(digits.size() - last) -
                                static_cast<std::int64_t>(digits.fraction.size());
  if (exponent < -Decimal::kMaxScale ||
      count + std::max<std::int64_t>(exponent, 0) > Decimal::kMaxDigits) {
    return invalid_amount();
  }
  UInt128 magnitude = 0;
  for (std::size_t i = first; i < last; ++i)
    magnitude = magnitude * 10 + static_cast<unsigned>(digits.at(i) - '0');
  if (exponent > 0) magnitude *= kPowersOfTen[static_cast<std::size_t>(exponent)];
  return DecimalParts::make(magnitude, exponent < 0 ? static_cast<int>(-exponent) : 0, negative);
}

/// Signed sum of magnitudes.
Result<Decimal> sum(UInt128 left, bool left_negative, UInt128 right, bool right_negative,
                    int scale) {
  if (left_negative != right_negative) {
    return left >= right ? DecimalParts::normalised(left - right, scale, left_negative)
                         : DecimalParts::normalised(right - left, scale, right_negative);
  }
  UInt128 magnitude = 0;
  if (__builtin_add_overflow(left, right, &magnitude)) return amount_out_of_range();
  return DecimalParts::normalised(magnitude, scale, left_negative);
}

Result<Decimal> add_signed(Decimal left, Decimal right, bool right_negative) {
  UInt128 a = left.magnitude();
  UInt128 b = right.magnitude();
  // Scaled up beyond 128 bits, the greater side cannot be brought back below 38 digits by the
  // other, nor by taking zeros off: the last place of the other side is not zero.
  const int gap = left.scale() - right.scale();
  if (gap > 0 && __builtin_mul_overflow(b, kPowersOfTen[static_cast<std::size_t>(gap)], &b)) {
    return amount_out_of_range();
  }
  if (gap < 0 && __builtin_mul_overflow(a, kPowersOfTen[static_cast<std::size_t>(-gap)], &a)) {
    return amount_out_of_range();
  }
  return sum(a, left.is_negative(), b, right_negative, std::max(left.scale(), right.scale()));
}

/// The digits of `magnitude`, without leading zeros; returns the end.
char* write_digits(UInt128 magnitude, char* out) {
  if ((magnitude >> 64) == 0) {
    return std::to_chars(out, out + 20, static_cast<std::uint64_t>(magnitude)).ptr;
  }
  char* end = std::to_chars(out, out + 20, static_cast<std::uint64_t>(magnitude / kTenTo19)).ptr;
  auto low = static_cast<std::uint64_t>(magnitude % kTenTo19);
  for (std::size_t i = kDigitsOf64Bits; i-- > 0; low /= 10)
    end[i] = static_cast<char>('0' + low % 10);
  return end + kDigitsOf64Bits;
}

}  // namespace

tl::unexpected<Error> amount_out_of_range() {
  return rejected("AMOUNT_OUT_OF_RANGE",
                  "the result is too large or has too many decimal places to be kept exactly");
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  // Up to 19 digits are read as they are checked; what more digits would overflow is read again
  // below.
  std::uint64_t value = 0;
  const char* first = at;
  for (; at != end && is_digit(*at); ++at)
    value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  Digits digits{{first, static_cast<std::size_t>(at - first)}, {}, 0};
  if (digits.whole.empty()) return invalid_amount();
  if (at != end && *at == '.') {
    first = ++at;
    for (; at != end && is_digit(*at); ++at)
      value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    digits.fraction = {first, static_cast<std::size_t>(at - first)};
    if (digits.fraction.empty()) return invalid_amount();
  }
  if (at == end && digits.size() <= kDigitsOf64Bits) {
    int scale = static_cast<int>(digits.fraction.size());
    while (scale > 0 && digits.fraction[static_cast<std::size_t>(scale) - 1] == '0') {
      value /= 10;
      --scale;
    }
    return DecimalParts::make(value, value == 0 ? 0 : scale, negative);
  }
  if (at != end && !read_exponent({at, static_cast<std::size_t>(end - at)}, digits.exponent)) {
    return invalid_amount();
  }
  return from_digits(digits, negative);
}

Result<Decimal> Decimal::from_parts(Int128 coefficient, int scale) {
  const bool negative = coefficient < 0;
  const auto bits = static_cast<UInt128>(coefficient);
  if (scale < 0) return invalid_amount();
  Result<Decimal> result = DecimalParts::normalised(negative ? -bits : bits, scale, negative);
  if (!result) return invalid_amount();
  return result;
}

char* Decimal::to_chars(char* out) const {
  if (is_negative()) *out++ = '-';
  char digits[kMaxDigits + 2];
  const auto count = static_cast<int>(write_digits(magnitude(), digits) - digits);
  const int whole = count - scale_;
  if (whole > 0) {
    out = std::copy_n(digits, whole, out);
    if (scale_ == 0) return out;
    *out++ = '.';
    return std::copy_n(digits + whole, scale_, out);
  }
  *out++ = '0';
  *out++ = '.';
  out = std::fill_n(out, -whole, '0');
  return std::copy_n(digits, count, out);
}

std::string Decimal::to_string() const {
  char buffer[kMaxChars];
  return {buffer, to_chars(buffer)};
}

Result<Decimal> add(Decimal left, Decimal right) {
  return add_signed(left, right, right.is_negative());
}

Result<Decimal> subtract(Decimal left, Decimal right) {
  return add_signed(left, right, !right.is_negative());
}

Result<Decimal> multiply(Decimal left, Decimal right) {
  const UInt128 a = left.magnitude();
  const UInt128 b = right.magnitude();
  const int scale = left.scale() + right.scale();
  const bool negative = left.is_negative() != right.is_negative();
  if (((a | b) >> 64) == 0) return DecimalParts::normalised(a * b, scale, negative);
  return DecimalParts::normalised(multiply_wide(Wide<2>(a), Wide<2>(b)), scale, negative);
}

Result<Decimal> divide(Decimal dividend, Decimal divisor, int scale, Rounding rounding) {
  LEDGER_INVARIANT(scale >= 0 && scale <= Decimal::kMaxScale);
  if (divisor.is_zero()) return amount_out_of_range();
  // dividend ÷ divisor × 10^scale as a quotient of whole numbers, of at most 94 and 66 digits.
  Wide<5> above(dividend.magnitude());
  Wide<5> below(divisor.magnitude());
  const int shift = scale + divisor.scale() - dividend.scale();
  if (shift >= 0) {
    above = multiply_wide(Wide<2>(dividend.magnitude()),
                          kWidePowersOfTen[static_cast<std::size_t>(shift)]);
  } else {
    below = multiply_wide(Wide<2>(divisor.magnitude()),
                          kWidePowersOfTen[static_cast<std::size_t>(-shift)]);
  }
  const bool negative = dividend.is_negative() != divisor.is_negative();
  return DecimalParts::normalised(divide_rounded(above, below, negative, rounding), scale,
                                  negative);
}

Decimal round(Decimal value, int scale, Rounding rounding) {
  LEDGER_INVARIANT(scale >= 0 && scale <= Decimal::kMaxScale);
  if (value.scale() <= scale) return value;
  const UInt128 unit = kPowersOfTen[static_cast<std::size_t>(value.scale() - scale)];
  const UInt128 magnitude = value.magnitude();
  UInt128 quotient = magnitude / unit;
  const UInt128 rest = magnitude % unit;
  if (rounds_away(rounding, value.is_negative(), (quotient & 1U) != 0,
                  compare_magnitudes(rest, unit / 2), rest == 0)) {
    ++quotient;
  }
  const Result<Decimal> result = DecimalParts::normalised(quotient, scale, value.is_negative());
  LEDGER_INVARIANT(result.has_value());
  return *result;
}

}  // namespace daybook
