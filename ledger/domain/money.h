#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"

namespace daybook {

/// An exact amount in one currency.
///
/// `minor_units` counts the smallest ISO 4217 unit: 1999 EUR is 19.99, 1999 JPY is 1999.
/// Range: int64. Unit prices finer than a minor unit are Decimal, rated amounts Exact until they
/// are rounded.
struct Money {
  std::int64_t minor_units = 0;
  Currency currency;

  /// The longest amount: sign, 19 digits, point, a leading zero.
  static constexpr std::size_t kMaxChars = 24;

  /// `amount` as Decimal::parse reads it. Errors: INVALID_AMOUNT (syntax, or finer than the minor
  /// unit), AMOUNT_OUT_OF_RANGE (beyond int64 minor units).
  [[nodiscard]] static Result<Money> parse(std::string_view amount, Currency currency);
  /// The exact amount. Errors: INVALID_AMOUNT (finer than the minor unit), AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] static Result<Money> from(Decimal amount, Currency currency);
  /// Rounds at one of the points of rounding.h. Errors: AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] static Result<Money> rounded(const Exact& value, Currency currency,
                                             Rounding rounding);

  [[nodiscard]] Decimal amount() const;
  /// With exactly the minor digits of the currency: "12.34", JPY "12", "0.00".
  [[nodiscard]] std::string amount_text() const;
  /// The same at `out`, which has room for `kMaxChars`; returns the end.
  char* amount_to_chars(char* out) const;

  friend constexpr bool operator==(const Money&, const Money&) = default;
};

/// Errors: CURRENCY_MISMATCH; AMOUNT_OUT_OF_RANGE when the sum leaves int64.
[[nodiscard]] Result<Money> add(Money left, Money right);
/// Errors: CURRENCY_MISMATCH; AMOUNT_OUT_OF_RANGE when the difference leaves int64.
[[nodiscard]] Result<Money> subtract(Money left, Money right);
/// Errors: AMOUNT_OUT_OF_RANGE for the one amount without a negative.
[[nodiscard]] Result<Money> negate(Money money);

}  // namespace daybook
