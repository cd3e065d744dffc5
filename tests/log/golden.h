#pragma once

#include <string>

namespace daybook::log::testing {

/// Makes the golden log `v1` in the ledger directory `ledger` and its branch `v2` in `ledger`-branch (neither is there yet), and
/// writes `out`/v1.segment, `out`/v1.json and those of v2. Always the same bytes: no clock, no chance.
void write_golden(const std::string& ledger, const std::string& out);

}  // namespace daybook::log::testing
