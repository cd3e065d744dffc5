#pragma once

#include "projections/projection.h"

namespace daybook::projections {

/// Measured usage: every row as it was recorded and corrected, and exact sums of a day
/// (usage_rows.h).
///
/// Reads UsageRecorded, UsageAmended, UsageVoided; PeriodClosed and PeriodClosedWithoutInvoice
/// because a stream may begin with one. Rows are routed to lanes by the number of their stream; a
/// stream has one owner. Nothing is priced here. Read it with UsageReader.
[[nodiscard]] Projection usage();

}  // namespace daybook::projections
