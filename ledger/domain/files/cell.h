#pragma once

#include <string>
#include <variant>

#include "ledger/domain/decimal.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The beginning of a day as FOCUS writes it: `2024-01-01T00:00Z`, from 1.2 on with seconds.
struct DayStart {
  Date date;
  bool has_seconds = false;

  friend bool operator==(const DayStart&, const DayStart&) = default;
};

/// One value of a file's row, with the type of its column; the first is no value.
using Cell = std::variant<std::monostate, std::string, Decimal, Date, DayStart, bool>;

}  // namespace daybook
