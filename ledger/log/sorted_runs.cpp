#include "ledger/log/sorted_runs.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include <sodium.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/run.h"
#include "ledger/log/run_manifest.h"
#include "ledger/log/run_merge.h"
#include "ledger/log/run_tail.h"

namespace daybook::log {
namespace {

constexpr std::size_t kRunsOfAMerge = 8;
constexpr std::size_t kExpectAhead = 12;  // look-ups

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

}  // namespace

struct SortedRuns::State {
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

SortedRuns::SortedRuns() = default;
SortedRuns::~SortedRuns() = default;

Result<void> SortedRuns::State::load(Rng& rng) {
  Result<std::optional<RunManifest>> found = read_manifest(family);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (*found) {
    manifest = std::move(**found);
  } else {
    rng.fill(manifest.secret);
    if (Result<void> written = write_manifest(family, manifest); !written) {
      return written;
    }
  }
  Contents loaded;
  std::vector<std::uint32_t> known;
  for (const RunFacts& facts : manifest.runs) {
    auto run = Run::load(family, facts);
    if (!run) {
      return tl::unexpected(run.error());
    }
    loaded.runs.push_back(std::move(*run));
    known.push_back(facts.id);
  }
  if (Result<void> removed = remove_unknown_runs(family, known); !removed) {
    return removed;
  }
  contents = std::make_shared<Contents>(std::move(loaded));
  covered = manifest.covered;
  added_through = manifest.covered;
  begin_tail();
  return {};
}

Result<std::unique_ptr<SortedRuns>> SortedRuns::open(Views& views, const Options& options,
                                                     Rng& rng) {
  const std::string name = std::string(Views::kPagesPrefix) + options.family;
  for (bool again = true;; again = false) {
    Result<Family> family = views.family(name);
    if (!family) {
      return tl::unexpected(family.error());
    }
    auto runs = std::unique_ptr<SortedRuns>(new SortedRuns());
    runs->state_ = std::make_unique<State>(std::move(*family), options);
    const Result<void> loaded = runs->state_->load(rng);
    if (loaded) {
      return runs;
    }
    if (!again || loaded.error().kind != ErrorKind::Corruption) {
      return tl::unexpected(loaded.error());
    }
    if (Result<void> dropped = views.drop(name); !dropped) {
      return tl::unexpected(dropped.error());
    }
  }
}

std::uint64_t SortedRuns::hash(Bytes identity) const {
  static_assert(crypto_shorthash_KEYBYTES == sizeof state_->manifest.secret);
  std::uint64_t value = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&value),
                   reinterpret_cast<const unsigned char*>(identity.data()), identity.size(),
                   reinterpret_cast<const unsigned char*>(state_->manifest.secret.data()));
  return value;
}

Position SortedRuns::covered() const { return state_->covered.load(std::memory_order_acquire); }

void SortedRuns::add(std::uint64_t key, Position position) {
  State& state = *state_;
  LEDGER_INVARIANT(position >= state.added_through);
  if (state.filling->entries.full()) {
    // Whatever of this event is in the full tail already comes again after a restart: `through` ends before.
    state.filling->through = position - 1;
    state.begin_tail();
  }
  state.filling->entries.add(key, position);
  state.added_through = position;
}

void SortedRuns::added_through(Position position) {
  state_->added_through = std::max(state_->added_through, position);
}

Result<void> SortedRuns::find(std::uint64_t key, std::vector<Position>& out, Position from,
                              Position to, std::size_t limit) const {
  const std::shared_ptr<const Contents> contents = state_->now();
  const std::size_t begin = out.size();
  const std::size_t until = limit > out.max_size() - begin ? out.max_size() : begin + limit;
  for (const auto& run : contents->runs) {
    if (Result<void> found = run->find(key, from, to, until, out); !found) {
      return found;
    }
  }
  for (const auto& tail : contents->tails) {
    if (out.size() >= until) {
      break;
    }
    tail->entries.find(key, from, to, until - out.size(), out);
  }
  // An event may be in a run and, added again after a restart, in a tail.
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  if (!std::is_sorted(first, out.end())) {
    std::sort(first, out.end());
  }
  out.erase(std::unique(first, out.end()), out.end());
  return {};
}

Result<bool> SortedRuns::may_contain(std::uint64_t key) const {
  const std::shared_ptr<const Contents> contents = state_->now();
  for (const auto& tail : contents->tails) {
    if (tail->entries.contains(key)) {
      return true;
    }
  }
  for (const auto& run : contents->runs) {
    if (run->may_contain(key)) {
      return true;
    }
  }
  return false;
}

Result<SortedRuns::Mark> SortedRuns::find_in_runs(std::span<const std::uint64_t> keys,
                                                  std::vector<Hit>& hits) const {
  std::shared_ptr<const Contents> contents;
  Mark mark;
  {
    const std::lock_guard guard(state_->mutex);
    contents = state_->contents;
    mark.runs_made = state_->generation.load(std::memory_order_relaxed) >> 16;
  }
  // Run by run, the memory of the keys to come asked for ahead: three reads far away are a look-up's whole cost.
  std::vector<Position> positions;
  const std::size_t before = hits.size();
  for (const auto& run : contents->runs) {
    for (std::uint32_t index = 0; index < keys.size(); ++index) {
      if (index + kExpectAhead < keys.size()) {
        run->expect(keys[index + kExpectAhead]);
      }
      positions.clear();
      if (Result<void> found = run->find(keys[index], 1, ~Position{0}, positions.max_size(), positions); !found) {
        return tl::unexpected(found.error());
      }
      for (const Position position : positions) {
        hits.push_back({index, position});
      }
    }
  }
  std::stable_sort(hits.begin() + static_cast<std::ptrdiff_t>(before), hits.end(),
                   [](const Hit& left, const Hit& right) { return left.index < right.index; });
  return mark;
}

Result<void> SortedRuns::find_since(const Mark& mark, std::uint64_t key,
                                    std::vector<Position>& out) const {
  const State& state = *state_;
  if (state.generation.load(std::memory_order_acquire) == mark.runs_made << 16) {
    state.filling->entries.find(key, 1, ~Position{0}, out.max_size() - out.size(), out);
    return {};
  }
  const std::shared_ptr<const Contents> contents = state.now();
  for (const auto& run : contents->runs) {
    if (run->facts().made > mark.runs_made) {
      if (Result<void> found = run->find(key, 1, ~Position{0}, out.max_size(), out); !found) {
        return found;
      }
    }
  }
  for (const auto& tail : contents->tails) {
    tail->entries.find(key, 1, ~Position{0}, out.max_size() - out.size(), out);
  }
  return {};
}

void SortedRuns::expect(std::uint64_t key) const { state_->filling->entries.expect(key); }

bool SortedRuns::in_tails(std::uint64_t key) const {
  const std::shared_ptr<const Contents> contents = state_->now();
  return std::any_of(contents->tails.begin(), contents->tails.end(),
                     [key](const auto& tail) { return tail->entries.contains(key); });
}

std::size_t SortedRuns::waiting() const {
  return state_->generation.load(std::memory_order_acquire) & 0xFFFF;
}

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

SortedRuns::Stats SortedRuns::stats() const {
  const std::shared_ptr<const Contents> contents = state_->now();
  Stats stats;
  stats.runs = contents->runs.size();
  for (const auto& run : contents->runs) {
    stats.keys += run->facts().entries;
    stats.page_reads += run->page_reads();
  }
  for (const auto& tail : contents->tails) {
    stats.keys += tail->entries.size();
  }
  return stats;
}

std::uint64_t SortedRuns::memory_bytes() const {
  const std::shared_ptr<const Contents> contents = state_->now();
  std::uint64_t bytes = 0;
  for (const auto& run : contents->runs) bytes += run->memory_bytes();
  for (const auto& tail : contents->tails) bytes += tail->entries.memory_bytes();
  return bytes;
}

}  // namespace daybook::log
