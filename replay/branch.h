#pragma once

#include <string>
#include <variant>

#include <tl/expected.hpp>

#include "ledger/domain/result.h"
#include "ledger/domain/time.h"
#include "ledger/log/log_branch.h"
#include "ledger/log/open_error.h"
#include "replay/backup.h"

/// Branches: working copies of a ledger as it was at a position, to go on with and to throw away.
namespace daybook::replay {

/// Where a branch leaves its origin: after this position, or after the last event recorded up to an instant.
using BranchPoint = std::variant<log::Position, Instant>;

/// `1234`, or an RFC 3339 instant. Errors: BAD_QUERY.
[[nodiscard]] Result<BranchPoint> branch_point(std::string_view text);

/// The position after which a branch of `log`, which may go on meanwhile, leaves it. Errors: BAD_QUERY for an instant after
/// the ledger's clock; those of `branch_head` (ledger/log/log_branch.h).
[[nodiscard]] Result<log::Position> leaving_position(const log::Log& log, const BranchPoint& at);

/// Why there is no branch: a ledger that does not open, or a reason of its own.
using BranchFailure = std::variant<log::OpenError, Error>;

/// Makes a branch of the ledger in `origin`, which nothing serves and of which no byte changes, in `directory`, which is absent
/// or empty. `make_branch` (ledger/log/log_branch.h) has what a branch is and the errors; also BAD_QUERY for an instant after the ledger's clock. At the end the branch is opened and its
/// newest groups are proven.
[[nodiscard]] tl::expected<log::Branched, BranchFailure> branch(const std::string& origin, const BranchPoint& at,
                                                                const std::string& directory);

/// The same of a ledger that goes on: of a copy that `begin` begins, which lies at `directory`.origin meanwhile. `directory` is not
/// there yet; it grows as `directory`.unfinished. Whatever ends it, what `progress` throws too, leaves nothing. Errors also:
/// ALREADY_EXISTS; COPY_FAILED; those of `begin`.
[[nodiscard]] tl::expected<log::Branched, BranchFailure> branch_of(const BeginCopy& begin, const BranchPoint& at,
                                                                   const std::string& directory, const StepProgress& progress);

}  // namespace daybook::replay
