#include <algorithm>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/log/run_merge.h"
#include "ledger/log/sorted_runs_state.h"

/// What one background thread does for an index: tails become runs, runs are merged.
namespace daybook::log {

using detail::Contents;
using detail::Tail;

namespace {

constexpr std::size_t kRunsOfAMerge = 8;

}  // namespace

Result<std::shared_ptr<Run>> SortedRuns::State::write_run(std::span<const RunEntry> entries,
                                                          std::uint32_t id, std::uint64_t made) {
  Result<RunWriter> writer = RunWriter::create(family, id, options.filter);
  if (!writer) {
    return tl::unexpected(writer.error());
  }
  if (Result<void> added = writer->add(entries); !added) {
    return tl::unexpected(added.error());
  }
  return writer->finish({.tier = 0, .made = made});
}

Result<void> SortedRuns::freeze(bool all, Position recorded) {
  State& state = *state_;
  if (all && state.filling->entries.size() > 0) {
    state.filling->through = state.added_through;
    state.begin_tail();
  }
  do {
    const std::shared_ptr<const Contents> contents = state.now();
    if (contents->tails.size() < 2) {
      return {};
    }
    const std::shared_ptr<Tail> tail = contents->tails.front();
    if (tail->through > recorded) {
      return {};
    }
    RunManifest next = state.manifest;
    const std::uint32_t id = next.next_id++;
    ++next.made;
    auto run = state.write_run(tail->entries.sorted(), id, next.made);
    if (!run) {
      return tl::unexpected(run.error());
    }
    next.runs.push_back((*run)->facts());
    next.covered = std::max(next.covered, tail->through);
    if (Result<void> written = write_manifest(state.family, next); !written) {
      return written;
    }
    state.replace([&](Contents& changed) {
      state.manifest.runs = next.runs;
      state.manifest.covered = next.covered;
      state.manifest.next_id = next.next_id;
      state.manifest.made = next.made;
      changed.tails.erase(changed.tails.begin());
      changed.runs.push_back(std::move(*run));
    });
    state.covered.store(next.covered, std::memory_order_release);
  } while (all);
  return {};
}

Result<bool> SortedRuns::merge() {
  State& state = *state_;
  const std::shared_ptr<const Contents> contents = state.now();
  const auto& runs = contents->runs;
  // Neighbours of one tier; tiers never rise from old to young.
  for (std::size_t first = 0; first + kRunsOfAMerge <= runs.size(); ++first) {
    const std::span<const std::shared_ptr<Run>> sources(&runs[first], kRunsOfAMerge);
    if (sources.front()->facts().tier != sources.back()->facts().tier) {
      continue;
    }
    RunManifest next = state.manifest;
    auto merged = merge_runs(state.family, sources, next.next_id++, state.options.filter);
    if (!merged) {
      return tl::unexpected(merged.error());
    }
    const auto at = static_cast<std::ptrdiff_t>(first);
    const auto end = static_cast<std::ptrdiff_t>(first + kRunsOfAMerge);
    next.runs.erase(next.runs.begin() + at + 1, next.runs.begin() + end);
    next.runs[first] = (*merged)->facts();
    if (Result<void> written = write_manifest(state.family, next); !written) {
      return tl::unexpected(written.error());
    }
    state.replace([&](Contents& changed) {
      state.manifest.runs = next.runs;
      state.manifest.next_id = next.next_id;
      changed.runs.erase(changed.runs.begin() + at + 1, changed.runs.begin() + end);
      changed.runs[first] = std::move(*merged);
    });
    for (const auto& source : sources) {
      source->set_obsolete();
    }
    return true;
  }
  return false;
}

Result<void> SortedRuns::reset() {
  State& state = *state_;
  RunManifest next;
  next.secret = state.manifest.secret;
  next.next_id = state.manifest.next_id;
  if (Result<void> written = write_manifest(state.family, next); !written) {
    return written;
  }
  const std::shared_ptr<const Contents> before = state.now();
  auto fresh = std::make_shared<Tail>(state.options.tail_keys);
  state.filling = fresh.get();
  state.replace([&](Contents& changed) {
    state.manifest.runs.clear();
    state.manifest.covered = 0;
    changed.runs.clear();
    changed.tails.assign(1, std::move(fresh));
  });
  state.covered = 0;
  state.added_through = 0;
  for (const auto& run : before->runs) {
    run->set_obsolete();
  }
  return {};
}

}  // namespace daybook::log
