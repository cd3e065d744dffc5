#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "replay/backup.h"
#include "replay/verify.h"

/// Ledgers made of segments: `daybook replay import`.
namespace daybook::replay {

struct ImportOptions {
  std::vector<std::string> segments;  ///< in the order of their positions, from 1 on
  std::string directory;              ///< absent or empty
  std::string keys;                   ///< keys/ of the ledger that was exported; empty: it gets new ones
  std::optional<std::array<std::byte, 32>> public_key;  ///< that has to have signed the newest head
};

/// Makes the ledger that the segments are of. It grows as `directory.unfinished`; every byte, hash and signature is checked as it
/// comes, and that streams are numbered as the log would; then it is read through where it lies, and renamed. Where something is
/// wrong the verdict names the segment and the position, and nothing is left behind.
/// Errors: ALREADY_EXISTS; NOT_FOUND (a segment, the keys); KEYS_DIFFER; COPY_FAILED.
[[nodiscard]] Result<Verdict> import_segments(const ImportOptions& options, const StepProgress& progress);

}  // namespace daybook::replay
