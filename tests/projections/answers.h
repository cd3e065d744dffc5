#pragma once

#include <string>

#include "projections/engine.h"
#include "tests/projections/random_ledger.h"

namespace daybook::projections::testing {

/// Every answer that the views give about `ledger` at `position`, as text: states, listings,
/// invoice lists with counts (not the ledger-wide total, which only the head knows), usage rows,
/// cells and late rows, unmatched usage.
[[nodiscard]] std::string every_answer(const Projections& views, const RandomLedger& ledger,
                                       Position position);

}  // namespace daybook::projections::testing
