#pragma once

#include <string>

namespace daybook::log::testing {

/// Makes the golden log `v1` in the ledger directory `ledger` (which is not there yet) and writes
/// `out`/v1.segment and `out`/v1.json. Always the same bytes: no clock, no chance.
void write_golden(const std::string& ledger, const std::string& out);

}  // namespace daybook::log::testing
