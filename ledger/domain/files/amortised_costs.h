#pragma once

#include <functional>
#include <map>
#include <vector>

#include "ledger/domain/exact.h"
#include "ledger/domain/files/charged_period.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What a reservation costs on one day.
struct ReservationDay {
  const Reservation* reservation = nullptr;
  Date day;
  Exact cost;
  bool covers = true;  ///< false: after it was given back, where nothing can use it
};

/// What the reservations that a scope pays for cost on the days of `period`: the price of a term by its days (EXP-3),
/// from the day on which one is given back only what was not. Over the whole term that is what was paid less what was
/// given back, to the last digit. In order of reservation, day. Errors: AMOUNT_OUT_OF_RANGE; CURRENCY_MISMATCH for a
/// reservation in another currency.
[[nodiscard]] Result<std::vector<ReservationDay>> reservation_days(const StateReader& state,
                                                                   const ScopeRef& scope,
                                                                   Currency currency, Period period);

/// Spreads what reservations cost over the rows of a file: over the usage that runs on them (pricing model
/// `Reservation`) on its day, in proportion to quantity; what finds none is unused.
class AmortisedCosts {
 public:
  /// `charged` with all its rows, whichever the file shows. Errors: as of charged_rows and reservation_days.
  [[nodiscard]] static Result<AmortisedCosts> of(const StateReader& state, const UsageSource& usage,
                                                 const UsageRecords& records,
                                                 const ChargedPeriod& charged,
                                                 std::vector<ReservationDay> days);

  /// The row with its effective cost. Each row is asked for at most once: the parts of a day sum to the whole.
  [[nodiscard]] Result<FileRow> spread(FileRow row);
  /// A row for each day of a reservation on which nothing ran on it.
  [[nodiscard]] Result<void> unused(const StateReader& state, const FileVisitor& visit) const;

 private:
  struct DayOfAll {
    Exact cost;               ///< of the reservations that cover it
    Exact quantity;           ///< of the usage that runs on them
    std::map<Position, Exact> before;  ///< by row: the quantity in front of it
    const Reservation* only = nullptr;
    bool is_one = true;
  };

  std::vector<ReservationDay> days_;
  std::map<Date, DayOfAll> by_day_;
};

}  // namespace daybook
