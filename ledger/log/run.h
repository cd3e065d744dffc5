#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/fuse_filter.h"
#include "ledger/log/run_tail.h"
#include "ledger/log/views.h"

/// A run of SortedRuns: entries that never change, sorted by key and position, in one family of views/.
///
///   key    run:u32 BE ‖ kind:u8 ‖ index:u32 BE
///   kind 0 a page of up to 292 entries: under its index + 2^31 as run_page.h has it; what was written before that was
///          known, and is read as long as it is not merged, under its index, each { key:u64, position:6 bytes }
///   kind 1 fences: for up to 256 pages { key:u64, position:u64 } of their first entries
///   kind 2 a filter's head { keys:u32, pieces:u32, seed:u64, first key:u64 }: one for 4 million keys
///   kind 3 pieces of the filters' fingerprints, 64 KiB each, in the order of the filters
namespace daybook::log {

inline constexpr std::size_t kPageEntries = 292;

/// What the manifest says of a run.
struct RunFacts {
  std::uint32_t id = 0;
  std::uint32_t tier = 0;
  std::uint32_t pages = 0;
  std::uint32_t filters = 0;
  std::uint64_t entries = 0;
  std::uint64_t made = 0;  ///< serial number of the youngest freeze in it
  Position first = 0;
  Position last = 0;
  friend bool operator==(const RunFacts&, const RunFacts&) = default;
};

class Run {
 public:
  /// Reads fences and filters.
  [[nodiscard]] static Result<std::shared_ptr<Run>> load(Family family, const RunFacts& facts);

  /// Removes its rows if it is `obsolete`; those that fail to go are removed at the next open.
  ~Run();

  [[nodiscard]] const RunFacts& facts() const { return facts_; }

  /// No look-up needs this run any more than to be finished: its rows go with the last holder.
  void set_obsolete() { obsolete_.store(true); }

  /// False is certain; true is a candidate (always, where there is no filter).
  [[nodiscard]] bool may_contain(std::uint64_t key) const;
  /// Begins to load what that will read, some look-ups ahead.
  void expect(std::uint64_t key) const;

  /// Appends the positions of `key` in [`from`, `to`] to `out`, ascending, until `out` has `until` of them.
  [[nodiscard]] Result<void> find(std::uint64_t key, Position from, Position to, std::size_t until,
                                  std::vector<Position>& out) const;

  /// The entries of page `number`, appended to `out`.
  [[nodiscard]] Result<void> page(std::uint32_t number, std::vector<RunEntry>& out) const;

  [[nodiscard]] std::uint64_t page_reads() const { return page_reads_.load(); }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  friend class RunWriter;
  Run(Family family, const RunFacts& facts) : family_(std::move(family)), facts_(facts) {}

  [[nodiscard]] const FuseFilter* filter_of(std::uint64_t key) const;
  [[nodiscard]] Result<void> load_fences();
  [[nodiscard]] Result<void> load_filters();

  Family family_;
  RunFacts facts_;
  std::vector<RunEntry> fences_;  // first entry of every page
  std::vector<FuseFilter> filters_;
  std::vector<std::uint64_t> filter_first_;  // first key of every filter
  std::atomic<bool> obsolete_{false};
  mutable std::atomic<std::uint64_t> page_reads_{0};
};

/// Writes a run from entries in ascending order.
class RunWriter {
 public:
  [[nodiscard]] static Result<RunWriter> create(const Family& family, std::uint32_t id, bool filter);

  [[nodiscard]] Result<void> add(std::span<const RunEntry> entries);

  /// Takes the rows in; the run is on disk, but counts only once the manifest names it. `facts` brings tier
  /// and made. No entries at all is a mistake.
  [[nodiscard]] Result<std::shared_ptr<Run>> finish(RunFacts facts);

 private:
  RunWriter(Family family, SortedFile file, std::uint32_t id, bool filter)
      : family_(family), file_(std::move(file)), run_(new Run(family, {.id = id})), filter_(filter) {}

  [[nodiscard]] Result<void> end_page();
  void end_filter();
  [[nodiscard]] Result<void> write_fences();
  [[nodiscard]] Result<void> write_filters();

  Family family_;
  SortedFile file_;
  std::shared_ptr<Run> run_;  // shared with its readers once it is finished
  bool filter_;
  std::vector<RunEntry> page_;
  std::vector<std::uint64_t> keys_;  // of the filter being gathered
  RunEntry last_{};
};

/// Rows of runs that are not in `known`, removed.
[[nodiscard]] Result<void> remove_unknown_runs(Family family, std::span<const std::uint32_t> known);

/// All rows of one run, removed.
[[nodiscard]] Result<void> remove_run(Family family, std::uint32_t id);

}  // namespace daybook::log
