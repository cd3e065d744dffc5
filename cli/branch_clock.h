#pragma once

#include "cli/outcome.h"
#include "server/app/ledger_host.h"

namespace daybook::cli {

/// A branch to which nothing has happened yet gets its first event: a clock that is moved by hand from then on. Else the first that
/// serves it would perform all that is due by the system's clock. Other ledgers stay as they are.
[[nodiscard]] Outcome<void> begin_branch(server::LedgerHost& host);

/// Moves the ledger's clock. `run`: and performs what falls due on the way.
[[nodiscard]] Outcome<void> advance_clock(server::LedgerHost& host, Instant to, bool run);

}  // namespace daybook::cli
