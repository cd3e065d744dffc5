#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "ledger/log/rng.h"
#include "ledger/log/run.h"
#include "ledger/log/run_manifest.h"
#include "ledger/log/run_tail.h"
#include "ledger/log/sorted_runs.h"

/// What sorted_runs.cpp, its look-ups, and sorted_runs_upkeep.cpp, its background thread, share; nobody else includes it.
namespace daybook::log {
namespace detail {

/// A tail and how far it goes.
struct Tail {
  explicit Tail(std::size_t keys) : entries(keys) {}

  RunTail entries;
  Position through = 0;  // of a tail that is full: everything up to here is in it or in those before
};

/// Everything there is to look in, oldest first. Never changes; another takes its place.
struct Contents {
  std::vector<std::shared_ptr<Run>> runs;    // shared with look-ups under way
  std::vector<std::shared_ptr<Tail>> tails;  // the last one is filling; shared likewise
};

}  // namespace detail

struct SortedRuns::State {
  using Tail = detail::Tail;
  using Contents = detail::Contents;

  State(Family own, const Options& given) : family(std::move(own)), options(given) {}

  [[nodiscard]] std::shared_ptr<const Contents> now() const {
    const std::lock_guard guard(mutex);
    return contents;
  }

  /// Puts changed contents in place. `change` gets a copy; called under the lock.
  template <class Change>
  void replace(Change&& change) {
    const std::lock_guard guard(mutex);
    auto next = std::make_shared<Contents>(*contents);
    change(*next);
    generation.store(manifest.made << 16 | (next->tails.size() - 1), std::memory_order_release);
    contents = std::move(next);
  }

  /// Takes up what is in views/, or begins.
  [[nodiscard]] Result<void> load(Rng& rng);

  void begin_tail() {
    auto fresh = std::make_shared<Tail>(options.tail_keys);
    filling = fresh.get();
    replace([&](Contents& next) { next.tails.push_back(std::move(fresh)); });
  }

  [[nodiscard]] Result<std::shared_ptr<Run>> write_run(std::span<const RunEntry> entries,
                                                       std::uint32_t id, std::uint64_t made);

  Family family;
  Options options;
  RunManifest manifest;  // the background thread's, but `secret`, which never changes, and `made`

  mutable std::mutex mutex;
  std::shared_ptr<const Contents> contents = std::make_shared<Contents>();  // guarded
  Tail* filling = nullptr;                     // the adding thread's
  Position added_through = 0;                  // the adding thread's
  std::atomic<Position> covered{0};
  /// Freezes so far × 65,536 + tails that wait: unchanged means that only `filling` has grown.
  std::atomic<std::uint64_t> generation{0};
};

}  // namespace daybook::log
