#include "ledger/domain/time.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "ledger/domain/invariant.h"

namespace daybook {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

constexpr year_month_day civil(int year, int month, int day) {
  return {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
          std::chrono::day(static_cast<unsigned>(day))};
}
constexpr Date date_of(year_month_day civil_day) {
  return {static_cast<std::int32_t>(sys_days(civil_day).time_since_epoch().count())};
}
year_month_day civil_of(Date date) { return sys_days(std::chrono::days(date.days)); }

static_assert(kFirstDate == date_of(civil(1, 1, 1)) && kLastDate == date_of(civil(9999, 12, 31)));
// What year_month_day can name.
constexpr Date kEarliest = date_of(civil(-32767, 1, 1));
constexpr Date kLatest = date_of(civil(32767, 12, 31));

tl::unexpected<Error> invalid_date() {
  return rejected("INVALID_TIME",
                  "a date is a day of the calendar written YYYY-MM-DD, like 2024-03-05");
}
tl::unexpected<Error> invalid_instant() {
  return rejected(
      "INVALID_TIME",
      "an instant is written as RFC 3339 has it, with a zone, like 2024-03-05T09:30:00Z");
}

/// Reads exactly `count` digits at `at`; false when there are fewer or others.
bool digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
  if (at + count > text.size()) return false;
  value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

bool read_date(std::string_view text, Date& date) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || !digits(text, 0, 4, year) || text[4] != '-' ||
      !digits(text, 5, 2, month) || text[7] != '-' || !digits(text, 8, 2, day) || year == 0) {
    return false;
  }
  const year_month_day civil_day = civil(year, month, day);
  if (!civil_day.ok()) return false;
  date = date_of(civil_day);
  return true;
}

/// `+hh:mm`, `-hh:mm` or `Z` in seconds.
bool read_zone(std::string_view text, std::int64_t& seconds) {
  if (text == "Z" || text == "z") {
    seconds = 0;
    return true;
  }
  int hours = 0;
  int minutes = 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || !digits(text, 1, 2, hours) ||
      text[3] != ':' || !digits(text, 4, 2, minutes) || hours > 23 || minutes > 59) {
    return false;
  }
  seconds = (std::int64_t{hours} * 60 + minutes) * 60;
  if (text[0] == '-') seconds = -seconds;
  return true;
}

char* two_digits(char* out, int value) {
  *out++ = static_cast<char>('0' + value / 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

}  // namespace

Result<Date> Date::parse(std::string_view text) {
  Date date;
  if (!read_date(text, date)) return invalid_date();
  return date;
}

Date Date::of(int year, int month, int day) {
  LEDGER_INVARIANT(year >= -32767 && year <= 32767 && month >= 1 && month <= 12 && day >= 1 &&
                   day <= 31);
  const year_month_day civil_day = civil(year, month, day);
  LEDGER_INVARIANT(civil_day.ok());
  return date_of(civil_day);
}

int Date::year() const { return static_cast<int>(civil_of(*this).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(civil_of(*this).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(civil_of(*this).day())); }

int Date::days_in_month() const {
  const year_month_day today = civil_of(*this);
  return static_cast<int>(
      static_cast<unsigned>((today.year() / today.month() / std::chrono::last).day()));
}

Date Date::plus_days(std::int64_t count) const {
  LEDGER_INVARIANT(count >= days_between(*this, kEarliest) &&
                   count <= days_between(*this, kLatest));
  return {static_cast<std::int32_t>(days + count)};
}

Date Date::first_of_month() const { return {days - day() + 1}; }
Date Date::first_of_next_month() const { return first_of_month().plus_days(days_in_month()); }

std::string Date::text() const {
  char buffer[kMaxChars];
  return {buffer, to_chars(buffer)};
}

char* Date::to_chars(char* out) const {
  const year_month_day today = civil_of(*this);
  int year = static_cast<int>(today.year());
  if (year < 0) {
    *out++ = '-';
    year = -year;
  }
  if (year > 9999) {
    out = std::to_chars(out, out + 5, year).ptr;
  } else {
    out = two_digits(two_digits(out, year / 100), year % 100);
  }
  *out++ = '-';
  out = two_digits(out, static_cast<int>(static_cast<unsigned>(today.month())));
  *out++ = '-';
  return two_digits(out, static_cast<int>(static_cast<unsigned>(today.day())));
}

Date add_months_clamped(Date anchor, int months) {
  LEDGER_INVARIANT(anchor >= kEarliest && anchor <= kLatest);
  const year_month_day start = civil_of(anchor);
  const std::int64_t count = std::int64_t{static_cast<int>(start.year())} * 12 +
                             static_cast<int>(static_cast<unsigned>(start.month())) - 1 + months;
  const std::int64_t year = count >= 0 ? count / 12 : (count + 1) / 12 - 1;
  LEDGER_INVARIANT(year >= -32767 && year <= 32767);
  const auto month = std::chrono::year(static_cast<int>(year)) /
                     std::chrono::month(static_cast<unsigned>(count - year * 12 + 1));
  return date_of(month / std::min(start.day(), (month / std::chrono::last).day()));
}

int months_between(Date from, Date to) {
  return (to.year() - from.year()) * 12 + (to.month() - from.month());
}

Result<Instant> Instant::parse(std::string_view text) {
  Date date;
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (text.size() < 20 || !read_date(text.substr(0, 10), date) ||
      (text[10] != 'T' && text[10] != 't') || !digits(text, 11, 2, hours) || text[13] != ':' ||
      !digits(text, 14, 2, minutes) || text[16] != ':' || !digits(text, 17, 2, seconds) ||
      hours > 23 || minutes > 59 || seconds > 59) {
    return invalid_instant();
  }
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (text[at] == '.') {
    const std::size_t first = ++at;
    std::int64_t unit = kMicrosPerSecond;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      unit /= 10;
      fraction += unit * (text[at] - '0');
    }
    if (at == first || at - first > 9) return invalid_instant();
  }
  std::int64_t zone = 0;
  if (!read_zone(text.substr(at), zone)) return invalid_instant();
  const std::int64_t second =
      date.days * kSecondsPerDay + (std::int64_t{hours} * 60 + minutes) * 60 + seconds - zone;
  const Instant instant{second * kMicrosPerSecond + fraction};
  if (!instant.is_valid()) return invalid_instant();
  return instant;
}

std::string Instant::text() const {
  char buffer[kMaxChars];
  return {buffer, to_chars(buffer)};
}

char* Instant::to_chars(char* out) const {
  std::int64_t rest = micros % (kSecondsPerDay * kMicrosPerSecond);
  if (rest < 0) rest += kSecondsPerDay * kMicrosPerSecond;
  std::int64_t fraction = rest % kMicrosPerSecond;
  const int second = static_cast<int>(rest / kMicrosPerSecond);
  out = date().to_chars(out);
  *out++ = 'T';
  out = two_digits(out, second / 3600);
  *out++ = ':';
  out = two_digits(out, second / 60 % 60);
  *out++ = ':';
  out = two_digits(out, second % 60);
  if (fraction != 0) {
    *out++ = '.';
    for (std::int64_t unit = kMicrosPerSecond / 10; fraction != 0; unit /= 10) {
      *out++ = static_cast<char>('0' + fraction / unit);
      fraction %= unit;
    }
  }
  *out++ = 'Z';
  return out;
}

Result<Period> Period::of(Date start, Date end_exclusive) {
  if (start >= end_exclusive) {
    return rejected("INVALID_TIME", "a period ends after the day it starts on");
  }
  return Period{start, end_exclusive};
}

}  // namespace daybook
