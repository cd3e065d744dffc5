#include "ledger/log/sorted_runs.h"

#include <algorithm>
#include <optional>

#include <sodium.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/sorted_runs_state.h"

namespace daybook::log {

using detail::Contents;
using detail::Tail;

namespace {

constexpr std::size_t kExpectAhead = 12;  // look-ups

}  // namespace

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
