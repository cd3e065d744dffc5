#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/rng.h"
#include "ledger/log/types.h"
#include "ledger/log/views.h"

/// An index from 64-bit keys to positions that only grows: identities (keyed hash → position, with a
/// filter), and streams and accounts (number → positions, without).
///
///   add ─► tail (in memory, at most `tail_keys`) ─► full tails wait ─► freeze() ─► runs in views/ ─► merge()
///
/// A run is pages of 292 `{key:8, position:6}` sorted by key then position, each page one row of the index's
/// family; in memory it has a binary fuse filter (18 bits a key) and the first key of every page. A key may
/// have any number of positions. The identity index holds hashes: **a hit is a candidate, to be checked by
/// reading the event**; a miss is certain.
namespace daybook::log {

class SortedRuns {
 public:
  struct Options {
    std::string family;                 ///< name, of this index alone; it lives in views/ as `runs.<name>`
    bool filter = true;                 ///< false: number → positions, where most look-ups hit
    std::size_t tail_keys = 4'000'000;  ///< entries in memory before a freeze is due; about 36 bytes each
  };

  /// What a look-up in the runs has covered, for `find_since`.
  struct Mark {
    std::uint64_t runs_made = 0;
    friend bool operator==(const Mark&, const Mark&) = default;
  };

  /// Loads the runs that the manifest names; rows of others are removed. A damaged index is emptied: it can
  /// be made again. A new index draws its secret from `rng`. The tail is empty: the caller adds again every event after `covered()`, in order.
  [[nodiscard]] static Result<std::unique_ptr<SortedRuns>> open(Views& views, const Options& options,
                                                                Rng& rng);
  ~SortedRuns();

  /// Keyed hash (SipHash-2-4) of an identity, under the secret drawn when the index was made. Any thread.
  [[nodiscard]] std::uint64_t hash(Bytes identity) const;

  /// Everything up to this position is in runs on disk; the rest is in memory only.
  [[nodiscard]] Position covered() const;

  // Sequencer thread alone -------------------------------------------------------------------------

  /// Adds an entry; positions never descend (an event may have several keys, or none). Does not touch
  /// the disk and allocates only where a tail fills and a new one begins.
  void add(std::uint64_t key, Position position);

  /// Says that every event up to `position` has been added, so that `covered` can pass events without key.
  void added_through(Position position);

  // Any thread -------------------------------------------------------------------------------------

  /// Appends to `out` the positions of `key` in [`from`, `to`], ascending, no more than `limit`.
  [[nodiscard]] Result<void> find(std::uint64_t key, std::vector<Position>& out, Position from = 1,
                                  Position to = ~Position{0}, std::size_t limit = ~std::size_t{0}) const;

  /// Has `key` any position at all? For the identity index: false is certain, true is a candidate.
  [[nodiscard]] Result<bool> may_contain(std::uint64_t key) const;

  /// Looks many keys up in the runs alone, off the sequencer. `hits` gets (index into keys, position) in
  /// order of the keys; the mark says which runs were looked at.
  struct Hit {
    std::uint32_t index;
    Position position;
  };
  [[nodiscard]] Result<Mark> find_in_runs(std::span<const std::uint64_t> keys,
                                          std::vector<Hit>& hits) const;

  /// On the sequencer, some look-ups ahead: begins to load what `find_since` will read of `key`.
  void expect(std::uint64_t key) const;

  /// The rest of a look-up begun with `find_in_runs`: the tails, and the runs made after the mark. On the
  /// sequencer: a look into the filling tail alone, as long as no tail waits and no run was made since.
  [[nodiscard]] Result<void> find_since(const Mark& mark, std::uint64_t key,
                                        std::vector<Position>& out) const;

  /// Is `key` in memory, in a tail? As cheap as it gets (one or two cache misses).
  [[nodiscard]] bool in_tails(std::uint64_t key) const;

  /// Memory that filters, fences and tails take.
  [[nodiscard]] std::uint64_t memory_bytes() const;

  // One background thread --------------------------------------------------------------------------

  /// Full tails that wait to be frozen. The caller slows down when it grows past two or three.
  [[nodiscard]] std::size_t waiting() const;

  /// Writes the oldest waiting tail as a run. Nothing waiting: nothing happens. With `all`, every one, also
  /// the one still filling: at a shutdown, when nobody adds. A tail that goes beyond `recorded` waits: what is added before
  /// it is written may never happen.
  [[nodiscard]] Result<void> freeze(bool all = false, Position recorded = ~Position{0});

  /// Merges eight neighbouring runs of one tier into one of the next, if there are eight. True if it did.
  [[nodiscard]] Result<bool> merge();

  /// Forgets everything but its secret; then the caller adds from position 1. Nothing else meanwhile.
  [[nodiscard]] Result<void> reset();

  struct Stats {
    std::uint64_t keys = 0;         ///< in runs and tails
    std::uint64_t runs = 0;
    std::uint64_t page_reads = 0;    ///< since open
  };
  [[nodiscard]] Stats stats() const;

 private:
  SortedRuns();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::log
