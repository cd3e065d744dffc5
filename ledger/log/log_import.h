#pragma once

#include <functional>
#include <span>
#include <string>

#include "ledger/log/rng.h"
#include "ledger/log/segment.h"

namespace daybook::log {

/// Where a ledger is made of segments, and with which keys.
struct LogImport {
  std::string directory;  ///< absent, with a parent
  std::string keys;       ///< a ledger's keys/, copied as they are; empty: a new signing key
  /// Sees every event after its bytes were checked and before anything can open the ledger; an error ends it.
  std::function<Result<void>(const RecordView&)> each;
  std::function<void(Position)> progress;  ///< now and then; may be empty
};

/// Makes a ledger of segments: the same ledger, event for event and group for group, with its chain, tree and heads. All of it is
/// verified on the way in. FORMAT comes last: what was interrupted, or refused, is no ledger.
/// Errors, with the segment they are about: those of `read_segments`; those of `each`; KEYS_DIFFER where the keys are not those
/// that signed; COPY_FAILED (a file and why).
[[nodiscard]] tl::expected<SegmentFacts, SegmentFault> import_segments(std::span<const std::string> paths,
                                                                       const LogImport& import, Rng& rng);

}  // namespace daybook::log
