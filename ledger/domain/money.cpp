#include "ledger/domain/money.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

tl::unexpected<Error> money_out_of_range() {
  return rejected("AMOUNT_OUT_OF_RANGE", "the amount is beyond what 64 bits of minor units hold");
}

tl::unexpected<Error> currency_mismatch(Currency left, Currency right) {
  return rejected("CURRENCY_MISMATCH", std::string(left.text()) + " and " +
                                           std::string(right.text()) +
                                           " cannot be added; convert one of them first");
}

}  // namespace

Result<Money> Money::parse(std::string_view amount, Currency currency) {
  return Decimal::parse(amount).and_then([&](Decimal value) { return from(value, currency); });
}

Result<Money> Money::from(Decimal amount, Currency currency) {
  const int digits = currency.minor_digits();
  if (amount.scale() > digits) {
    return rejected("INVALID_AMOUNT", std::string(currency.text()) + " has " +
                                          std::to_string(digits) +
                                          " decimal places; the amount has more");
  }
  const UInt128 unit = kPowersOfTen[static_cast<std::size_t>(digits - amount.scale())];
  const UInt128 limit = static_cast<UInt128>(std::numeric_limits<std::int64_t>::max()) +
                        (amount.is_negative() ? 1 : 0);
  UInt128 units = 0;
  if (__builtin_mul_overflow(amount.magnitude(), unit, &units) || units > limit)
    return money_out_of_range();
  const auto bits = static_cast<std::uint64_t>(units);
  return Money{static_cast<std::int64_t>(amount.is_negative() ? -bits : bits), currency};
}

Result<Money> Money::rounded(const Exact& value, Currency currency, Rounding rounding) {
  return value.to_minor(currency.minor_digits(), rounding).map([&](std::int64_t units) {
    return Money{units, currency};
  });
}

Decimal Money::amount() const {
  const Result<Decimal> result = Decimal::from_parts(minor_units, currency.minor_digits());
  LEDGER_INVARIANT(result.has_value());
  return *result;
}

std::string Money::amount_text() const {
  char buffer[kMaxChars];
  return {buffer, amount_to_chars(buffer)};
}

char* Money::amount_to_chars(char* out) const {
  const auto digits = currency.minor_digits();
  char text[20];
  const auto count = static_cast<int>(
      std::to_chars(text, text + sizeof text, magnitude_of(minor_units)).ptr - text);
  if (minor_units < 0) *out++ = '-';
  const int whole = count - digits;
  if (whole > 0) {
    out = std::copy_n(text, whole, out);
  } else {
    *out++ = '0';
  }
  if (digits == 0) return out;
  *out++ = '.';
  out = std::fill_n(out, std::max(-whole, 0), '0');
  return std::copy(text + std::max(whole, 0), text + count, out);
}

Result<Money> add(Money left, Money right) {
  if (left.currency != right.currency) return currency_mismatch(left.currency, right.currency);
  if (__builtin_add_overflow(left.minor_units, right.minor_units, &left.minor_units))
    return money_out_of_range();
  return left;
}

Result<Money> subtract(Money left, Money right) {
  if (left.currency != right.currency) return currency_mismatch(left.currency, right.currency);
  if (__builtin_sub_overflow(left.minor_units, right.minor_units, &left.minor_units))
    return money_out_of_range();
  return left;
}

Result<Money> negate(Money money) { return subtract(Money{0, money.currency}, money); }

}  // namespace daybook
