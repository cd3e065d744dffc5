#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/log/open_error.h"
#include "ledger/log/types.h"

/// What can still be read of a ledger that does not open, or not whole.
namespace daybook::log {

/// Positions, both inclusive.
struct PositionRange {
  Position from = 0;
  Position to = 0;
  friend bool operator==(const PositionRange&, const PositionRange&) = default;
};

/// A file of the damaged ledger, relative to its directory, and what is wrong with it.
struct DamagedFile {
  std::string file;
  std::string detail;
};

/// What a salvage came to.
struct Salvage {
  /// Everything that was acknowledged is there and proven by chain and witness: the target is a ledger.
  bool whole = false;
  std::optional<LedgerId> ledger_id;      ///< of FORMAT or witness; none where both are gone
  std::optional<Position> acknowledged;   ///< as the witness says; none where it is gone, or an old copy
  Position proven = 0;                    ///< up to here the chain holds
  std::uint64_t recovered = 0;            ///< events
  std::vector<PositionRange> parts;       ///< what there is, in order
  std::vector<PositionRange> lost;        ///< gaps, and what was acknowledged behind the end
  std::vector<DamagedFile> damaged;
};

/// Called with bytes of the damaged ledger's files that have been read.
using SalvageProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads every row that is whole in the table files and write-ahead logs below `directory`/log, whatever its MANIFEST says,
/// and writes to `target`, which is absent or empty: a ledger where nothing is missing; else one file
/// `positions-FROM-TO.rows` a stretch (docs/reference/log_format.md, section 10). `directory` is not changed, but locked
/// meanwhile. Errors: Conflict (target is not empty), Locked, Format (nothing of a ledger there), Failed (the target cannot
/// be written).
[[nodiscard]] Opening<Salvage> salvage(const std::string& directory, const std::string& target,
                                       const SalvageProgress& progress);

}  // namespace daybook::log
