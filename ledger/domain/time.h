#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"

namespace daybook {

/// A civil day in UTC, proleptic Gregorian calendar. What is parsed lies in the years 0001–9999;
/// sums may leave them, but not the years −32767–32767 of std::chrono.
struct Date {
  std::int32_t days = 0;  ///< since 1970-01-01

  static constexpr std::size_t kMaxChars = 16;

  /// Exactly `YYYY-MM-DD`, a day that exists. Errors: INVALID_TIME.
  [[nodiscard]] static Result<Date> parse(std::string_view text);
  /// The day must exist: for days known to the programmer.
  [[nodiscard]] static Date of(int year, int month, int day);

  /// Whether the year is one of 0001–9999, as of everything that was parsed.
  [[nodiscard]] constexpr bool is_valid() const;

  [[nodiscard]] int year() const;
  [[nodiscard]] int month() const;  ///< 1–12
  [[nodiscard]] int day() const;    ///< 1–31
  [[nodiscard]] int days_in_month() const;
  [[nodiscard]] Date plus_days(std::int64_t count) const;
  [[nodiscard]] Date first_of_month() const;
  [[nodiscard]] Date first_of_next_month() const;

  [[nodiscard]] std::string text() const;  ///< "2024-03-05"
  /// The same at `out`, which has room for `kMaxChars`; returns the end.
  char* to_chars(char* out) const;

  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

inline constexpr Date kFirstDate{-719'162};  ///< 0001-01-01
inline constexpr Date kLastDate{2'932'896};  ///< 9999-12-31

constexpr bool Date::is_valid() const { return *this >= kFirstDate && *this <= kLastDate; }

/// Days from `from` to `to`; negative when `to` is earlier.
[[nodiscard]] constexpr std::int64_t days_between(Date from, Date to) {
  return std::int64_t{to.days} - from.days;
}

/// The anchor's day, `months` later: clamped to the last day of a shorter month. Always counted
/// from the original anchor, never chained, so day 31 does not drift to 28 (T-MOSP-5).
[[nodiscard]] Date add_months_clamped(Date anchor, int months);

/// Whole months from the month of `from` to the month of `to`, whatever the days.
[[nodiscard]] int months_between(Date from, Date to);

/// A moment in UTC.
struct Instant {
  std::int64_t micros = 0;  ///< since 1970-01-01T00:00:00Z

  static constexpr std::size_t kMaxChars = 32;

  /// RFC 3339 with zone, up to 9 fraction digits of which 6 are kept, in UTC within the years
  /// 0001–9999. No leap seconds: a second has one name only. Errors: INVALID_TIME.
  [[nodiscard]] static Result<Instant> parse(std::string_view text);
  [[nodiscard]] static constexpr Instant start_of(Date date) {
    return {std::int64_t{date.days} * 86'400'000'000};
  }

  /// Whether the year is one of 0001–9999, as of everything that was parsed.
  [[nodiscard]] constexpr bool is_valid() const {
    return *this >= start_of(kFirstDate) && *this < start_of({kLastDate.days + 1});
  }

  /// The UTC day.
  [[nodiscard]] constexpr Date date() const {
    constexpr std::int64_t kDay = 86'400'000'000;
    return {static_cast<std::int32_t>(micros >= 0 ? micros / kDay : (micros + 1) / kDay - 1)};
  }

  /// "2024-03-05T09:30:00Z", with a fraction without trailing zeros only when it is not zero.
  [[nodiscard]] std::string text() const;
  /// The same at `out`, which has room for `kMaxChars`; returns the end.
  char* to_chars(char* out) const;

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};

/// A billing period: half-open, `[start, end_exclusive)`.
struct Period {
  Date start;
  Date end_exclusive;

  /// Errors: INVALID_TIME unless `start` is before `end_exclusive`.
  [[nodiscard]] static Result<Period> of(Date start, Date end_exclusive);

  [[nodiscard]] constexpr bool contains(Date date) const {
    return start <= date && date < end_exclusive;
  }
  [[nodiscard]] constexpr bool overlaps(const Period& other) const {
    return start < other.end_exclusive && other.start < end_exclusive;
  }
  [[nodiscard]] constexpr bool is_empty() const { return end_exclusive <= start; }
  [[nodiscard]] constexpr std::int64_t length_days() const {
    return days_between(start, end_exclusive);
  }
  /// The last day, as prose and `termEnd` name it.
  [[nodiscard]] constexpr Date last_day() const { return {end_exclusive.days - 1}; }

  friend constexpr auto operator<=>(const Period&, const Period&) = default;
};

}  // namespace daybook

template <>
struct std::hash<daybook::Date> {
  std::size_t operator()(const daybook::Date& date) const noexcept {
    return std::hash<std::int32_t>()(date.days);
  }
};
