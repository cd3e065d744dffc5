#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/planner.h"

namespace daybook {

/// A billing period of an enrollment or a profile for which nothing is owed.
struct UnbilledPeriod {
  InvoiceType type = InvoiceType::EnrollmentOverage;
  Period period;
  Date closed_on;               ///< the run's date
  std::int64_t rows_seen = 0;   ///< usage rows looked at
  std::vector<Position> deferred;
  std::optional<EnrollmentId> enrollment_id;  ///< whose it is: this,
  std::optional<ProfileId> profile_id;        ///< or this
};

/// Whether any of them stood where it is billed on a day of `period`.
[[nodiscard]] bool holds_any(const PlacedSubscriptions& placed, Period period);

/// The period ends without a document, for which `made` would have been: PeriodClosedWithoutInvoice of every
/// subscription that was held in it, and the credit that covered it. Without a subscription nothing says that the
/// period is over: its charges wait for the next. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> close_without_document(Planner& planner, const PlacedSubscriptions& subscriptions,
                                                  const Document& made, const UnbilledPeriod& unbilled);

}  // namespace daybook
