#pragma once

#include "ledger/domain/time.h"

namespace daybook {

/// The k-th billing period (from 0) of what was created on `anchor`: from its day of month to the
/// day before the same day next month, clamped to short months and never chained (T-MOSP-2,
/// T-MOSP-5). Contiguous for all k.
[[nodiscard]] Period period_at(Date anchor, int k);

/// The place k of the period that holds `day`, which is not before `anchor`.
[[nodiscard]] int period_number(Date anchor, Date day);

/// The period that holds `day`, which is not before `anchor`.
[[nodiscard]] Period period_containing(Date anchor, Date day);

/// The first run of an account created on `anchor`, dated on or after `day`: its day of month, from
/// the month after its creation on (T-MOSP-3). A period is carried by the first run after its last
/// day (T-MOSP-4), that is by `first_run_on_or_after(anchor, period.end_exclusive)`.
[[nodiscard]] Date first_run_on_or_after(Date anchor, Date day);

/// The calendar month that holds `day`.
[[nodiscard]] Period month_of(Date day);

/// `day_of_month` of the month of `date`, clamped to its last day.
[[nodiscard]] Date day_in_month(Date date, int day_of_month);

/// The run that bills a calendar month: `day_of_month` of the month after it.
[[nodiscard]] Date run_of_month(Period month, int day_of_month);

}  // namespace daybook
