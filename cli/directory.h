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

/// Why a ledger did not open, of which `Format` is said where there is none, too: then it is `NotFound`.
[[nodiscard]] ExitCode exit_code_at(const std::string& directory, ExitCode exit_code);

/// Whether `path` can be made: the directory that it lies in is there. Errors: NotFound.
[[nodiscard]] Outcome<void> check_parent(const std::string& path);

/// Whether a ledger is in `directory` or can be made there: beside what is somebody else's none is. What an interrupted
/// making left, lost+found and names that begin with a dot are no hindrance. Errors: NotFound (its parent); Conflict.
[[nodiscard]] Outcome<void> check_place_of_ledger(const std::string& directory);

/// Whether `path` lies outside of the ledger in `directory`, where only its own files are. Errors: Conflict.
[[nodiscard]] Outcome<void> check_outside(const std::string& path, const std::string& directory);

/// Whether `file` can be written without doing harm: a new file or a plain one, and not among those of the ledger in
/// `directory` (empty: none in reach).
[[nodiscard]] Outcome<void> check_new_file(const std::string& file, const std::string& directory);

/// The clock of the ledger in `directory`: manual where it was ever moved by hand (`ClockAdvanced`), else the
/// system's. A ledger that holds nothing but keys has not chosen yet, and counts as the system's.
[[nodiscard]] Outcome<engine::ClockMode> clock_of(const std::string& directory);

/// The same of a ledger in which nothing can be written.
[[nodiscard]] Outcome<engine::ClockMode> clock_read_of(const std::string& directory);

/// Opens the ledger for a command that works on a directory: nothing that is due is done beside it.
[[nodiscard]] Outcome<std::unique_ptr<server::LedgerHost>> open_directory(const std::string& directory, bool create);

/// The same with a clock that is known.
[[nodiscard]] Outcome<std::unique_ptr<server::LedgerHost>> open_with_clock(const std::string& directory, engine::ClockMode clock);

/// Opens a ledger, and shows on stderr how far that is where it takes long. Errors: as LedgerHost::open.
[[nodiscard]] server::LedgerHost::Opened open_host(server::LedgerHost::Options options);

/// Waits until views show all that is recorded; those that were deleted are folded anew. Errors: Failed where they do not
/// get there.
[[nodiscard]] Outcome<void> wait_for_views(server::LedgerHost& host);

}  // namespace daybook::cli
