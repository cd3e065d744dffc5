#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/domain/rules/periods.h"
#include "tests/support/in_memory_ledger.h"

namespace daybook::testing {
namespace {

/// The first periods of `created`, as prose shows them: inclusive ends, as in the table of
/// domain.md 2.7.
std::vector<std::string> periods_of(std::string_view created, int count, int first = 0) {
  std::vector<std::string> result;
  for (int k = first; k < first + count; ++k) {
    const Period each = period_at(day(created), k);
    result.push_back(each.start.text() + ".." + each.last_day().text());
  }
  return result;
}

using Periods = std::vector<std::string>;

TEST(BillingPeriods, BeginOnTheDayOfMonthOfCreation) {
  EXPECT_EQ(periods_of("2024-03-05", 2),
            (Periods{"2024-03-05..2024-04-04", "2024-04-05..2024-05-04"}));
  EXPECT_EQ(periods_of("2024-03-10", 1), (Periods{"2024-03-10..2024-04-09"}));
}

TEST(BillingPeriods, ClampToShortMonthsFromTheOriginalDay) {
  EXPECT_EQ(periods_of("2024-01-31", 7),
            (Periods{"2024-01-31..2024-02-28", "2024-02-29..2024-03-30", "2024-03-31..2024-04-29",
                     "2024-04-30..2024-05-30", "2024-05-31..2024-06-29", "2024-06-30..2024-07-30",
                     "2024-07-31..2024-08-30"}));
  EXPECT_EQ(periods_of("2024-01-31", 1, 12), (Periods{"2025-01-31..2025-02-27"}));
  EXPECT_EQ(
      periods_of("2023-01-31", 3),
      (Periods{"2023-01-31..2023-02-27", "2023-02-28..2023-03-30", "2023-03-31..2023-04-29"}));
  EXPECT_EQ(periods_of("2023-01-31", 2, 11),
            (Periods{"2023-12-31..2024-01-30", "2024-01-31..2024-02-28"}));
  EXPECT_EQ(
      periods_of("2024-01-30", 3),
      (Periods{"2024-01-30..2024-02-28", "2024-02-29..2024-03-29", "2024-03-30..2024-04-29"}));
  EXPECT_EQ(periods_of("2024-01-30", 1, 12), (Periods{"2025-01-30..2025-02-27"}));
  EXPECT_EQ(
      periods_of("2023-01-30", 3),
      (Periods{"2023-01-30..2023-02-27", "2023-02-28..2023-03-29", "2023-03-30..2023-04-29"}));
  EXPECT_EQ(
      periods_of("2024-01-29", 3),
      (Periods{"2024-01-29..2024-02-28", "2024-02-29..2024-03-28", "2024-03-29..2024-04-28"}));
  EXPECT_EQ(
      periods_of("2023-01-29", 3),
      (Periods{"2023-01-29..2023-02-27", "2023-02-28..2023-03-28", "2023-03-29..2023-04-28"}));
  EXPECT_EQ(periods_of("2024-02-29", 2),
            (Periods{"2024-02-29..2024-03-28", "2024-03-29..2024-04-28"}));
  EXPECT_EQ(periods_of("2024-02-29", 2, 11),
            (Periods{"2025-01-29..2025-02-27", "2025-02-28..2025-03-28"}));
  EXPECT_EQ(periods_of("2023-12-31", 4),
            (Periods{"2023-12-31..2024-01-30", "2024-01-31..2024-02-28", "2024-02-29..2024-03-30",
                     "2024-03-31..2024-04-29"}));
  EXPECT_EQ(periods_of("2024-01-01", 2),
            (Periods{"2024-01-01..2024-01-31", "2024-02-01..2024-02-29"}));
}

TEST(BillingPeriods, AreContiguousForEveryAnchorDayOver400Years) {
  // Every day of a leap year and of the year after it as an anchor; 400 years are the cycle of the
  // calendar.
  for (Date anchor = day("2024-01-01"); anchor < day("2026-01-01"); anchor = anchor.plus_days(1)) {
    Date next = anchor;
    for (int k = 0; k < 400 * 12; ++k) {
      const Period each = period_at(anchor, k);
      ASSERT_EQ(each.start, next) << anchor.text() << " period " << k;
      ASSERT_LT(each.start, each.end_exclusive);
      ASSERT_GE(each.length_days(), 28);
      ASSERT_LE(each.length_days(), 31);
      const int days = each.start.days_in_month();
      ASSERT_EQ(each.start.day(), std::min(anchor.day(), days));
      next = each.end_exclusive;
    }
  }
}

TEST(BillingPeriods, EveryDayLiesInThePeriodOfItsNumber) {
  for (std::string_view created : {"2024-01-31", "2024-02-29", "2023-11-30", "2024-06-15"}) {
    const Date anchor = day(created);
    for (Date each = anchor; each < anchor.plus_days(3000); each = each.plus_days(1)) {
      const int k = period_number(anchor, each);
      ASSERT_TRUE(period_at(anchor, k).contains(each)) << created << " " << each.text();
      ASSERT_EQ(period_containing(anchor, each), period_at(anchor, k));
    }
  }
}

TEST(RunDates, AreTheAccountsDayFromTheMonthAfterItsCreation) {
  EXPECT_EQ(first_run_on_or_after(day("2024-02-02"), day("2024-02-02")), day("2024-03-02"));
  EXPECT_EQ(first_run_on_or_after(day("2024-02-02"), day("2024-04-05")), day("2024-05-02"));
  EXPECT_EQ(first_run_on_or_after(day("2024-02-02"), day("2024-03-02")), day("2024-03-02"));
  EXPECT_EQ(first_run_on_or_after(day("2024-02-02"), day("2024-03-03")), day("2024-04-02"));
}

TEST(RunDates, TC8ClampToShortMonths) {
  std::vector<std::string> runs;
  Date run = first_run_on_or_after(day("2024-01-31"), day("2024-01-31"));
  while (run <= day("2025-02-28")) {
    runs.push_back(run.text());
    run = first_run_on_or_after(day("2024-01-31"), run.plus_days(1));
  }
  EXPECT_EQ(runs, (Periods{"2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30",
                           "2024-07-31", "2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30",
                           "2024-12-31", "2025-01-31", "2025-02-28"}));
}

TEST(RunDates, OfProfilesAreTheInvoiceDayOfTheMonthAfter) {
  EXPECT_EQ(run_of_month(month_of(day("2024-03-28")), 5), day("2024-04-05"));
  EXPECT_EQ(run_of_month(month_of(day("2024-12-01")), 9), day("2025-01-09"));
  EXPECT_EQ(run_of_month(month_of(day("2024-01-15")), 31), day("2024-02-29"));
}

}  // namespace
}  // namespace daybook::testing
