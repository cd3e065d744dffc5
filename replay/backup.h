#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "replay/verify.h"

/// Backups: copies of a ledger's directory that were read through and proven before they got their name.
namespace daybook::replay {

/// What is being done, for a bar: "copying", "verifying".
using StepProgress = std::function<void(std::string_view step, std::uint64_t done, std::uint64_t total)>;

/// Copies the ledger in `directory`, which nothing serves, to `backup`, which is not there yet. It grows as
/// `backup.unfinished`, is verified there, and then renamed; where it is not sound, or the ledger cannot be opened, the
/// verdict says why. Errors: ALREADY_EXISTS; COPY_FAILED.
[[nodiscard]] Result<Verdict> create_backup(const std::string& directory, const std::string& backup,
                                            const StepProgress& progress);

/// Puts a backup that is sound into `directory`, which is absent or empty, and verifies it there. FORMAT comes last: what
/// was interrupted is no ledger. Errors: ALREADY_EXISTS; COPY_FAILED.
[[nodiscard]] Result<Verdict> restore_backup(const std::string& backup, const std::string& directory,
                                             const StepProgress& progress);

}  // namespace daybook::replay
