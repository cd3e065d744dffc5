#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/types.h"

/// The tree over all events (RFC 9162, section 2.1), grown by whole batches of leaves.
///
/// What is kept in memory: the roots of the complete subtrees on the right edge (the frontier, at most 64)
/// and those of every complete, aligned subtree of 1,024 leaves and more (64 bytes for 1,024 events), so
/// that a root or proof at any size needs leaves of one stretch of 1,024 events and a few look-ups.
namespace daybook::log {

inline constexpr int kBlockLevel = 10;
inline constexpr std::uint64_t kBlockLeaves = 1u << kBlockLevel;

/// Leaves `from` … `from + count` (indexes from 0) of events that are there, appended to `out`.
using ReadLeaves =
    std::function<Result<void>(std::uint64_t from, std::uint64_t count, std::vector<Hash>& out)>;

class Tree {
 public:
  Tree() = default;

  /// Begins again from the roots of all complete blocks of 1,024 leaves.
  explicit Tree(std::span<const Hash> blocks);

  /// Of `size` leaves that are known by the roots of their complete subtrees alone, the smallest first, as many as `size` has
  /// bits: it grows and has a root, and answers nothing of the past.
  Tree(std::uint64_t size, std::span<const Hash> peaks);

  /// Adds leaves. One thread; readers of what was there before may go on.
  void append(std::span<const Hash> leaves);

  /// How many leaves there are. The appending thread alone.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Root over all leaves. The appending thread alone.
  [[nodiscard]] Hash root() const;

  /// Roots of the complete blocks from number `from` on, appended to `out`. Any thread.
  void blocks(std::uint64_t from, std::vector<Hash>& out) const;

  // Any thread; `size` is at most what has been appended and published, `leaves` reads from the log.

  [[nodiscard]] Result<Hash> root_at(std::uint64_t size, const ReadLeaves& leaves) const;

  /// RFC 9162, 2.1.3.1, for the leaf with index `leaf` < `size`.
  [[nodiscard]] Result<std::vector<Hash>> inclusion(std::uint64_t leaf, std::uint64_t size,
                                                    const ReadLeaves& leaves) const;

  /// The same of several leaves, whose indexes ascend, each once; `each` is called in their order. What they share is computed
  /// once.
  using EachPath = std::function<Result<void>(std::uint64_t leaf, const std::vector<Hash>& path)>;
  [[nodiscard]] Result<void> inclusions(std::span<const std::uint64_t> indexes, std::uint64_t size, const ReadLeaves& leaves,
                                        const EachPath& each) const;

  /// What leads from several leaves at once to the root: from left to right the roots of the largest subtrees that hold none
  /// of them. `indexes` ascend, each once, below `size`.
  [[nodiscard]] Result<std::vector<Hash>> cover(std::span<const std::uint64_t> indexes, std::uint64_t size,
                                                const ReadLeaves& leaves) const;

  /// RFC 9162, 2.1.4.1, for 0 < `old_size` <= `size`.
  [[nodiscard]] Result<std::vector<Hash>> consistency(std::uint64_t old_size, std::uint64_t size,
                                                      const ReadLeaves& leaves) const;

 private:
  class Reader;

  std::uint64_t size_ = 0;
  std::array<Hash, 64> frontier_{};  // [level]: root of the complete subtree, where bit `level` of size_ is set
  std::vector<Hash> scratch_;
  mutable std::shared_mutex levels_mutex_;
  std::array<std::vector<Hash>, 64 - kBlockLevel> levels_;  // [level - 10][index], guarded
};

/// Is `proof` the audit path of `leaf` with index `index` under `root` of `size` leaves? RFC 9162, 2.1.3.2.
[[nodiscard]] bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                    std::span<const Hash> proof, const Hash& root);

/// The roots of the complete subtrees of `size` leaves, the smallest first, as the last leaf and its audit path have them;
/// nothing where the path is not as long as theirs.
[[nodiscard]] std::optional<std::vector<Hash>> peaks_of_last(const Hash& leaf, std::uint64_t size, std::span<const Hash> proof);

/// The root of `size` leaves that those with these indexes lead to, together with what covers the others; nothing where the
/// cover has too many or too few. `hashes` are those of the leaves.
[[nodiscard]] std::optional<Hash> root_of_cover(std::span<const std::uint64_t> indexes, std::span<const Hash> hashes,
                                                std::uint64_t size, std::span<const Hash> cover);

/// Does `proof` show that `old_root` of `old_size` leaves is a prefix of `root` of `size`? RFC 9162, 2.1.4.2.
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                                      const Hash& root, std::span<const Hash> proof);

}  // namespace daybook::log
