#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/log/log_copy.h"
#include "replay/verify.h"

/// Backups: copies of a ledger's directory that were read through and proven before they got their name.
namespace daybook::replay {

/// What is being done, for a bar: "copying", "verifying".
using StepProgress = std::function<void(std::string_view step, std::uint64_t done, std::uint64_t total)>;

/// Begins the copy of a ledger in a directory that is not there yet, while nothing is appended to the ledger.
using BeginCopy = std::function<Result<std::unique_ptr<log::LogCopy>>(const std::string& directory)>;

/// Makes the copy that `begin` begins, while the ledger goes on, at `backup`, which is not there yet. It grows as
/// `backup.unfinished`, is verified there, and then renamed; where it is not sound the verdict says why, and it stays under
/// that name. Whatever else ends it, what `progress` throws too, leaves nothing. Errors: ALREADY_EXISTS; COPY_FAILED; those
/// of `begin`.
[[nodiscard]] Result<Verdict> create_backup(const BeginCopy& begin, const std::string& backup, const StepProgress& progress);

/// The same of the ledger in `directory`, which nothing serves; where it cannot be opened, the verdict says why.
[[nodiscard]] Result<Verdict> create_backup(const std::string& directory, const std::string& backup,
                                            const StepProgress& progress);

/// Puts a backup that is sound into `directory`, which is absent or empty, and verifies it there. FORMAT comes last: what
/// was interrupted is no ledger. Errors: ALREADY_EXISTS; COPY_FAILED.
[[nodiscard]] Result<Verdict> restore_backup(const std::string& backup, const std::string& directory,
                                             const StepProgress& progress);

}  // namespace daybook::replay
