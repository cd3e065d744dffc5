#include "ledger/domain/rules/periods.h"

#include <algorithm>

#include "ledger/domain/invariant.h"

namespace daybook {

Period period_at(Date anchor, int k) {
  return {add_months_clamped(anchor, k), add_months_clamped(anchor, k + 1)};
}

int period_number(Date anchor, Date day) {
  LEDGER_INVARIANT(anchor <= day);
  const int months = months_between(anchor, day);
  return add_months_clamped(anchor, months) <= day ? months : months - 1;
}

Period period_containing(Date anchor, Date day) {
  return period_at(anchor, period_number(anchor, day));
}

Date first_run_on_or_after(Date anchor, Date day) {
  const int months = std::max(1, months_between(anchor, day));
  const Date run = add_months_clamped(anchor, months);
  return run >= day ? run : add_months_clamped(anchor, months + 1);
}

Period month_of(Date day) { return {day.first_of_month(), day.first_of_next_month()}; }

Date day_in_month(Date date, int day_of_month) {
  return date.first_of_month().plus_days(std::min(day_of_month, date.days_in_month()) - 1);
}

Date run_of_month(Period month, int day_of_month) {
  return day_in_month(month.end_exclusive, day_of_month);
}

}  // namespace daybook
