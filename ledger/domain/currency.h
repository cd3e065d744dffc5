#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"

namespace daybook {

/// A currency in circulation: an active alphabetic code of ISO 4217:2015, list one.
///
/// Funds codes, metals, units of account and the test codes are none: nobody is invoiced in them.
struct Currency {
  char code[3] = {};

  /// Errors: INVALID_CURRENCY (unknown, withdrawn, or not three capitals).
  [[nodiscard]] static Result<Currency> parse(std::string_view text);
  /// Whether `code` is an active currency; false for a default one.
  [[nodiscard]] bool is_valid() const;
  /// Decimal places of the minor unit, 0–4. The currency must be valid.
  [[nodiscard]] int minor_digits() const;
  [[nodiscard]] constexpr std::string_view text() const { return {code, sizeof code}; }

  friend constexpr bool operator==(const Currency&, const Currency&) = default;
  friend constexpr auto operator<=>(const Currency& left, const Currency& right) {
    return left.text() <=> right.text();
  }
};

inline constexpr Currency kEur{{'E', 'U', 'R'}};
inline constexpr Currency kUsd{{'U', 'S', 'D'}};
inline constexpr Currency kGbp{{'G', 'B', 'P'}};
inline constexpr Currency kJpy{{'J', 'P', 'Y'}};

/// A code and the decimal places of its minor unit.
struct CurrencyEntry {
  std::string_view code;
  int minor_digits;
};
/// All currencies by code: for schemas, documentation and tests.
[[nodiscard]] std::span<const CurrencyEntry> all_currencies();

}  // namespace daybook

template <>
struct std::hash<daybook::Currency> {
  std::size_t operator()(const daybook::Currency& currency) const noexcept {
    return std::hash<std::string_view>()(currency.text());
  }
};
