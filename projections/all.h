#pragma once

#include <vector>

#include "projections/projection.h"

namespace daybook::projections {

/// Every view of a ledger, each behind those that it reads.
[[nodiscard]] std::vector<Projection> all_projections();

}  // namespace daybook::projections
