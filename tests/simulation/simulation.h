#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "tests/simulation/script.h"

namespace daybook::simulation {

/// What came of a script.
struct Outcome {
  std::string failure;              ///< empty: every promise was kept
  std::size_t life = 0;             ///< in which it was broken, from 0
  std::uint64_t rounds = 0;         ///< times that the system went down and was looked at again
  std::uint64_t cut_in_opening = 0; ///< of them: while the ledger was being opened
  std::uint64_t stops = 0;          ///< times that the process would have ended with 74
  std::uint64_t refusals = 0;       ///< openings refused for damage that a loss or a read did, as they must be
  std::uint64_t fired = 0;          ///< lives in which a rule met its operation
  std::uint64_t full = 0;           ///< lives in which something did not fit on the disk
  std::uint64_t trace_hash = 0;
  bool repeatable = true;           ///< all background work was waited for: the trace is the same in every run
  std::deque<std::string> trace;    ///< the newest changes of the disk

  [[nodiscard]] bool ok() const { return failure.empty(); }
};

/// Plays `script` on a new disk. `seed` decides what neither the script nor the ledger does: which pages survive,
/// identifiers.
[[nodiscard]] Outcome play(const Script& script, std::uint64_t seed, std::size_t trace_lines = 0);

}  // namespace daybook::simulation
