#pragma once

#include <functional>
#include <string>

#include "ledger/log/open_error.h"
#include "ledger/log/types.h"

namespace daybook::log {

/// Makes a ledger whose write-ahead log ends in damage open again, by leaving out what comes from the first damaged record
/// on: for a copy of its directory.
///
/// First it looks, and writes nothing: what is left must be whole, its chain must hold from the first event on, and it must
/// reach the witness. Only then the end is cut off. `progress(position)` is called now and then, may be empty. A ledger that
/// is sound stays as it is. Answers the head.
///
/// Errors: HistoryLost, naming the acknowledged positions that would be missing; Corruption (damage elsewhere);
/// IntegrityFailed (the chain differs); Locked; Format.
[[nodiscard]] Opening<Position> recover_tail(const std::string& directory, const std::function<void(Position)>& progress);

}  // namespace daybook::log
