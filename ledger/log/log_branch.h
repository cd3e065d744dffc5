#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ledger/domain/result.h"
#include "ledger/log/lineage.h"
#include "ledger/log/record.h"
#include "ledger/log/rng.h"

namespace daybook::log {

class Log;

/// What became of a branch.
struct Branched {
  Lineage lineage;           ///< of the branch
  Head head;                 ///< the branch's, which nothing was appended to yet
  std::uint64_t linked = 0;  ///< bytes of table files that both have
  std::uint64_t copied = 0;  ///< bytes of files of its own
};

/// The head with which a branch leaves `log` after `position`. Errors: NOT_FOUND beyond the head; INSIDE_GROUP, naming the
/// positions before and after; LOG_DAMAGED.
[[nodiscard]] Result<Head> branch_head(const Log& log, Position position);

/// Makes a branch: a ledger of its own with the first `position` events of `log`, which ends a group. It has another id,
/// another chain from there on and another key for its heads; keys of personal values are copied.
///
/// Table files, which never change, are linked where the file system can, everything else is copied: nothing of the origin
/// is written. `directory` is absent or empty and has a parent; FORMAT comes last, so that what was interrupted is no ledger.
/// `log` was opened with `read_only`.
///
/// Errors: ALREADY_EXISTS; COPY_FAILED (a file and why); those of `branch_head`.
[[nodiscard]] Result<Branched> make_branch(const Log& log, Position position, const std::string& directory, Rng& rng);

}  // namespace daybook::log
