#include "ledger/domain/time.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "ledger/domain/invariant.h"

namespace daybook {

inline void PrintTo(const Date& date, std::ostream* out) { *out << date.text(); }

namespace {

Date date(std::string_view text) { return Date::parse(text).value(); }

std::string parsed(std::string_view text) {
  const Result<Instant> instant = Instant::parse(text);
  return instant ? instant->text() : std::string(instant.error().code);
}

/// Days in a month, by the rule as it is taught.
int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

TEST(Date, CountsEveryDayFromTheFirstYearToTheLast) {
  Date expected = kFirstDate;
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const int days = days_in(year, month);
      // Inside the month only near its ends: 10,000 years are many days.
      for (int day = 1; day <= days; day = day == 2 ? days - 1 : day + 1) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const Date found = date(text);
        ASSERT_EQ(found.days, expected.days + day - 1) << text;
        ASSERT_EQ(found.text(), text);
        ASSERT_EQ(found.year(), year);
        ASSERT_EQ(found.month(), month);
        ASSERT_EQ(found.day(), day);
        ASSERT_EQ(found.days_in_month(), days);
        ASSERT_EQ(found.first_of_month(), expected);
        ASSERT_EQ(found.first_of_next_month().days, expected.days + days);
        ASSERT_EQ(Date::of(year, month, day), found);
      }
      expected = expected.plus_days(days);
    }
  }
  EXPECT_EQ(expected, kLastDate.plus_days(1));
  EXPECT_EQ(date("1970-01-01").days, 0);
}

TEST(Date, IsRefusedWhenItIsNoDayOfTheCalendar) {
  for (const std::string_view text :
       {"",           "2023-02-29",  "1900-02-29", "2024-02-30",  "2024-04-31",
        "2024-13-01", "2024-00-10",  "2024-01-00", "2024-01-32",  "0000-01-01",
        "2024-1-1",   "24-01-01",    "2024/01/01", "2024-01-01 ", " 2024-01-01",
        "20240101",   "+2024-01-01", "-2024-01-0", "2024-01-01T", "12024-01-01",
        "2024-0a-01"}) {
    const Result<Date> refused = Date::parse(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "INVALID_TIME");
  }
  EXPECT_TRUE(Date::parse("2000-02-29"));
  EXPECT_THROW((void)Date::of(2023, 2, 29), InvariantBroken);
}

TEST(Date, GoesBeyondTheLastYearWhenCountedOn) {
  EXPECT_EQ(kLastDate.plus_days(1).text(), "10000-01-01");
  EXPECT_FALSE(kLastDate.plus_days(1).is_valid());
  EXPECT_TRUE(kLastDate.is_valid());
  EXPECT_FALSE(kFirstDate.plus_days(-1).is_valid());
  EXPECT_EQ(kFirstDate.plus_days(-1).text(), "0000-12-31");
  EXPECT_EQ(add_months_clamped(kLastDate, 2).text(), "10000-02-29");
  EXPECT_THROW((void)kLastDate.plus_days(std::numeric_limits<std::int64_t>::max()),
               InvariantBroken);
  EXPECT_THROW((void)add_months_clamped(kLastDate, std::numeric_limits<int>::max()),
               InvariantBroken);
}

struct Anchor {
  std::string_view created;
  std::vector<std::pair<int, std::string_view>> starts;  // month by month, from domain.md 2.7
};

TEST(AddMonthsClamped, StartsThePeriodsOfTheTestVectors) {
  const std::vector<Anchor> anchors = {
      {"2024-03-05", {{0, "2024-03-05"}, {1, "2024-04-05"}, {2, "2024-05-05"}}},
      {"2024-03-10", {{1, "2024-04-10"}}},
      {"2024-02-02", {{1, "2024-03-02"}, {3, "2024-05-02"}}},
      {"2024-01-31",
       {{0, "2024-01-31"},
        {1, "2024-02-29"},
        {2, "2024-03-31"},
        {3, "2024-04-30"},
        {4, "2024-05-31"},
        {5, "2024-06-30"},
        {6, "2024-07-31"},
        {7, "2024-08-31"},
        {12, "2025-01-31"},
        {13, "2025-02-28"}}},
      {"2023-01-31",
       {{1, "2023-02-28"},
        {2, "2023-03-31"},
        {3, "2023-04-30"},
        {11, "2023-12-31"},
        {12, "2024-01-31"},
        {13, "2024-02-29"}}},
      {"2024-01-30",
       {{1, "2024-02-29"},
        {2, "2024-03-30"},
        {3, "2024-04-30"},
        {12, "2025-01-30"},
        {13, "2025-02-28"}}},
      {"2023-01-30", {{1, "2023-02-28"}, {2, "2023-03-30"}, {3, "2023-04-30"}}},
      {"2024-01-29", {{1, "2024-02-29"}, {2, "2024-03-29"}, {3, "2024-04-29"}}},
      {"2023-01-29", {{1, "2023-02-28"}, {2, "2023-03-29"}, {3, "2023-04-29"}}},
      {"2024-02-29",
       {{1, "2024-03-29"},
        {2, "2024-04-29"},
        {11, "2025-01-29"},
        {12, "2025-02-28"},
        {13, "2025-03-29"},
        {48, "2028-02-29"}}},
      {"2023-12-31", {{1, "2024-01-31"}, {2, "2024-02-29"}, {3, "2024-03-31"}, {4, "2024-04-30"}}},
      {"2024-01-01", {{1, "2024-02-01"}, {2, "2024-03-01"}, {12, "2025-01-01"}}},
      {"2024-03-31", {{-1, "2024-02-29"}, {-3, "2023-12-31"}, {-13, "2023-02-28"}}},
  };
  for (const Anchor& anchor : anchors) {
    for (const auto& [months, start] : anchor.starts) {
      EXPECT_EQ(add_months_clamped(date(anchor.created), months), date(start))
          << anchor.created << " + " << months;
    }
  }
}

TEST(AddMonthsClamped, NeverDriftsOverFourHundredYears) {
  for (int day = 1; day <= 31; ++day) {
    const Date anchor = Date::of(2000, 1, day);
    Date last = anchor.plus_days(-1);
    for (int months = 0; months <= 4800; ++months) {
      const int year = 2000 + months / 12;
      const int month = months % 12 + 1;
      const Date found = add_months_clamped(anchor, months);
      ASSERT_EQ(found, Date::of(year, month, std::min(day, days_in(year, month))));
      ASSERT_LT(last, found);
      ASSERT_EQ(months_between(anchor, found), months);
      last = found;
    }
  }
}

TEST(InstantParse, ReadsRfc3339InAnyZone) {
  EXPECT_EQ(parsed("2024-03-05T09:30:00Z"), "2024-03-05T09:30:00Z");
  EXPECT_EQ(parsed("2024-03-05t09:30:00z"), "2024-03-05T09:30:00Z");
  EXPECT_EQ(parsed("2024-03-05T23:30:00-02:00"), "2024-03-06T01:30:00Z");
  EXPECT_EQ(parsed("2024-03-01T01:30:00+02:00"), "2024-02-29T23:30:00Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00-00:00"), "2024-03-05T09:30:00Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00.5Z"), "2024-03-05T09:30:00.5Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00.000000Z"), "2024-03-05T09:30:00Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00.000001Z"), "2024-03-05T09:30:00.000001Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00.123456789Z"), "2024-03-05T09:30:00.123456Z");
  EXPECT_EQ(parsed("2024-03-05T09:30:00.999999999Z"), "2024-03-05T09:30:00.999999Z");
  EXPECT_EQ(parsed("1969-12-31T23:59:59.9999999Z"), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(parsed("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(parsed("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(Instant::parse("1970-01-01T00:00:01Z")->micros, 1'000'000);
}

TEST(InstantParse, RefusesWhatHasNoZoneOrIsNoMoment) {
  for (const std::string_view text : {"",
                                      "2024-03-05",
                                      "2024-03-05T09:30:00",
                                      "2024-03-05 09:30:00Z",
                                      "2024-03-05T09:30Z",
                                      "2024-03-05T24:00:00Z",
                                      "2024-03-05T09:60:00Z",
                                      "2016-12-31T23:59:60Z",
                                      "2024-03-05T09:30:61Z",
                                      "2024-02-30T09:30:00Z",
                                      "2024-03-05T09:30:00.Z",
                                      "2024-03-05T09:30:00,5Z",
                                      "2024-03-05T09:30:00.1234567890Z",
                                      "2024-03-05T09:30:00+2:00",
                                      "2024-03-05T09:30:00+0200",
                                      "2024-03-05T09:30:00+24:00",
                                      "2024-03-05T09:30:00+02:60",
                                      "2024-03-05T09:30:00ZZ",
                                      "2024-03-05T09:30:00Z ",
                                      "2024-03-05T9:30:00Z0",
                                      "0000-12-31T23:59:59Z",
                                      "0001-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01",
                                      "2024-03-05T09:30:00.5",
                                      "2024-03-05T-9:30:00Z",
                                      "20240305T093000Z"}) {
    EXPECT_EQ(parsed(text), "INVALID_TIME") << text;
  }
}

TEST(Instant, FallsOnItsUtcDay) {
  EXPECT_EQ(Instant::parse("2024-03-05T23:59:59.999999Z")->date(), date("2024-03-05"));
  EXPECT_EQ(Instant::parse("1969-12-31T23:59:59.999999Z")->date(), date("1969-12-31"));
  EXPECT_EQ(Instant::parse("1969-12-31T00:00:00Z")->date(), date("1969-12-31"));
  EXPECT_EQ(Instant::parse("1970-01-01T00:00:00Z")->date(), date("1970-01-01"));
  EXPECT_EQ(Instant::start_of(date("2024-03-05")).text(), "2024-03-05T00:00:00Z");
}

TEST(Instant, HasATextForAnyNumberOfMicroseconds) {
  for (const std::int64_t micros : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                    std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_LE(Instant{micros}.text().size(), Instant::kMaxChars);
  }
  EXPECT_FALSE(Instant{std::numeric_limits<std::int64_t>::min()}.is_valid());
  EXPECT_FALSE(Instant{std::numeric_limits<std::int64_t>::max()}.is_valid());
  for (const std::int32_t days :
       {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
    EXPECT_LE(Date{days}.text().size(), Date::kMaxChars);
    EXPECT_FALSE(Date{days}.is_valid());
  }
}

TEST(Period, IsHalfOpen) {
  const Period march = Period::of(date("2024-03-05"), date("2024-04-05")).value();
  EXPECT_TRUE(march.contains(date("2024-03-05")));
  EXPECT_TRUE(march.contains(date("2024-04-04")));
  EXPECT_FALSE(march.contains(date("2024-04-05")));
  EXPECT_EQ(march.last_day(), date("2024-04-04"));
  EXPECT_EQ(march.length_days(), 31);
  EXPECT_FALSE(march.overlaps({date("2024-04-05"), date("2024-05-05")}));
  EXPECT_TRUE(march.overlaps({date("2024-04-04"), date("2024-05-05")}));
  EXPECT_EQ(Period::of(date("2024-03-05"), date("2024-03-05")).error().code, "INVALID_TIME");
  EXPECT_EQ(Period::of(date("2024-03-05"), date("2024-03-04")).error().code, "INVALID_TIME");
}

}  // namespace
}  // namespace daybook
