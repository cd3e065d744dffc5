#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/outcome.h"
#include "server/app/ledger_host.h"

namespace daybook::cli {

/// `system` or `manual`. Nothing for anything else.
[[nodiscard]] std::optional<engine::ClockMode> clock_mode(std::string_view text);

/// Whether there is a ledger in `directory`.
[[nodiscard]] bool has_ledger(const std::string& directory);

/// The clock of the ledger in `directory`: manual where it was ever moved by hand (`ClockAdvanced`), else the
/// system's. A ledger that holds nothing but keys has not chosen yet, and counts as the system's.
[[nodiscard]] Outcome<engine::ClockMode> clock_of(const std::string& directory);

/// Opens the ledger for a command that works on a directory: nothing that is due is done beside it.
[[nodiscard]] Outcome<std::unique_ptr<server::LedgerHost>> open_directory(const std::string& directory, bool create);

/// The same with a clock that is known.
[[nodiscard]] Outcome<std::unique_ptr<server::LedgerHost>> open_with_clock(const std::string& directory, engine::ClockMode clock);

/// Waits until views show all that is recorded; those that were deleted are folded anew. Errors: Failed where they do not
/// get there.
[[nodiscard]] Outcome<void> wait_for_views(server::LedgerHost& host);

}  // namespace daybook::cli
