#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "ledger/domain/rules/position.h"
#include "ledger/log/log.h"
#include "projections/checkpoint.h"
#include "projections/projection.h"

namespace daybook::projections {

/// Where a projection stopped, and why.
struct Halt {
  Position position = 0;  ///< of the event that could not be folded
  std::string reason;
  friend bool operator==(const Halt&, const Halt&) = default;
};

/// One view being folded: the live one, or one that is rebuilt beside it.
struct Instance {
  const Projection* projection;
  FoldPlace place;
  Checkpoint checkpoint = {};
  std::optional<Halt> halt = {};
  std::unique_ptr<Fold> fold =
      {};  ///< made when first needed; thrown away with a batch that failed
  std::size_t event_bytes = 0;  ///< that the last batch held in memory, for each event of the log
};

struct BatchOptions {
  unsigned workers = std::max(1U, std::thread::hardware_concurrency());
  std::size_t parallel_from =
      8192;  ///< a smaller batch is folded sooner by one thread than shared out
  std::size_t ingest_bytes =
      8u << 20;  ///< a batch with more bytes of rows is ingested as sorted files
};

/// How many events the next batch of `instances` has, at most `most`: as many as fit into memory by what the last took.
[[nodiscard]] std::size_t batch_size(std::span<Instance* const> instances, std::size_t most);

/// Folds the events up to `to` (inclusive) that each of `instances` has not folded yet, and commits
/// rows and checkpoint of each in one step. The log is scanned once for all of them. An instance
/// stands behind those that it reads; `committed` is called after each one, before the next is
/// folded.
///
/// An event that cannot be folded halts its instance alone, with everything before it folded and
/// committed. So does a view that cannot be written. Never throws for either.
void fold_batch(const log::Log& log, std::span<Instance* const> instances, Position to,
                const BatchOptions& options, const std::function<void(Instance&)>& committed);

}  // namespace daybook::projections
