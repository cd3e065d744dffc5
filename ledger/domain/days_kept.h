#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The days that facts may name and the clock may show: what lies outside is a slip of the pen, and sums of days, months
/// and terms that begin inside stay within the years that dates have.
inline constexpr Date kFirstDayKept{0};      ///< 1970-01-01, where a clock that is moved by hand begins
inline constexpr Date kLastDayKept{84'005};  ///< 2199-12-31

[[nodiscard]] constexpr bool is_kept(Date day) { return kFirstDayKept <= day && day <= kLastDayKept; }

/// Errors: INVALID_TIME.
[[nodiscard]] inline Result<void> check_day_kept(Date day, std::string_view pointer) {
  if (is_kept(day)) return {};
  return rejected("INVALID_TIME",
                  "is outside the days that a ledger keeps, 1970-01-01 to 2199-12-31: check the year",
                  std::string(pointer));
}

}  // namespace daybook
