#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ledger/log/types.h"
#include "ledger/log/zeroed_pages.h"

namespace daybook::log {

/// An entry of an index.
struct RunEntry {
  std::uint64_t key;
  Position position;
  friend auto operator<=>(const RunEntry&, const RunEntry&) = default;
};

/// The part of an index that is in memory: entries in order of arrival, a hash table from keys to the
/// newest entry of each, and from every entry the one before it with the same key. One thread adds, any
/// thread looks up meanwhile. All memory is reserved at once and touched as it fills.
class RunTail {
 public:
  /// Room for `capacity` entries, at most 2^31.
  explicit RunTail(std::size_t capacity);

  // One thread.
  [[nodiscard]] bool full() const { return size_ == capacity_; }
  void add(std::uint64_t key, Position position);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Position last_position() const { return size_ == 0 ? 0 : entries_[size_ - 1].position; }

  /// All entries, sorted. After the last `add`.
  [[nodiscard]] std::vector<RunEntry> sorted() const;

  // Any thread.
  /// Begins to load what looking up `key` will read: in a table of this size that is memory far away.
  void expect(std::uint64_t key) const;
  [[nodiscard]] bool contains(std::uint64_t key) const { return newest(key) != 0; }

  /// Appends the positions of `key` in [`from`, `to`] to `out`, ascending, at most `limit`.
  void find(std::uint64_t key, Position from, Position to, std::size_t limit,
            std::vector<Position>& out) const;

  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  /// Number (from 1) of the newest entry of `key`; 0: none.
  [[nodiscard]] std::uint32_t newest(std::uint64_t key) const;

  std::size_t capacity_;
  std::size_t slots_;  // a power of two
  std::size_t size_ = 0;
  // A slot: the high half of the mixed key ‖ the number of an entry; read and written atomically.
  PageArray<std::uint64_t> table_;
  PageArray<RunEntry> entries_;
  PageArray<std::uint32_t> before_;  // [entry]: number of the one before with its key
};

}  // namespace daybook::log
