#include "ledger/log/tree.h"

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/log/hash.h"

namespace daybook::log {

Tree::Tree(std::span<const Hash> blocks) {
  std::vector<Hash> nodes(blocks.begin(), blocks.end());
  size_ = blocks.size() << kBlockLevel;
  for (std::size_t level = 0; !nodes.empty(); ++level) {
    if ((nodes.size() & 1) != 0) {
      frontier_[kBlockLevel + level] = nodes.back();
    }
    std::vector<Hash> parents(nodes.size() / 2);
    node_hashes(std::span<const Hash>(nodes).first(parents.size() * 2), parents);
    levels_[level] = std::move(nodes);
    nodes = std::move(parents);
  }
}

Tree::Tree(std::uint64_t size, std::span<const Hash> peaks) : size_(size) {
  LEDGER_INVARIANT(std::popcount(size) == static_cast<int>(peaks.size()));
  for (std::size_t level = 0; level < 64; ++level) {
    if (((size >> level) & 1) == 0) continue;
    frontier_[level] = peaks.front();
    peaks = peaks.subspan(1);
  }
}

void Tree::append(std::span<const Hash> leaves) {
  // Level by level: `nodes` are those newly complete, after one cell for the left neighbour that waited for
  // its sibling. Parents are written over their children.
  scratch_.resize(std::max(scratch_.size(), leaves.size() + 1));
  std::copy(leaves.begin(), leaves.end(), scratch_.begin() + 1);
  std::size_t count = leaves.size();
  for (std::size_t level = 0; count > 0; ++level) {
    const bool waiting = ((size_ >> level) & 1) != 0;
    if (level >= kBlockLevel) {
      const std::unique_lock lock(levels_mutex_);
      auto& kept = levels_[level - kBlockLevel];
      kept.insert(kept.end(), scratch_.begin() + 1,
                  scratch_.begin() + 1 + static_cast<std::ptrdiff_t>(count));
    }
    if (waiting) {
      scratch_[0] = frontier_[level];
    }
    const std::span<const Hash> nodes(scratch_.data() + (waiting ? 0 : 1), count + (waiting ? 1 : 0));
    if ((nodes.size() & 1) != 0) {
      frontier_[level] = nodes.back();
    }
    count = nodes.size() / 2;
    node_hashes(nodes.first(count * 2), std::span(scratch_.data() + 1, count));
  }
  size_ += leaves.size();
}

Hash Tree::root() const {
  if (size_ == 0) {
    return empty_root();
  }
  const auto lowest = static_cast<std::size_t>(std::countr_zero(size_));
  Hash root = frontier_[lowest];
  for (std::size_t level = lowest + 1; level < 64; ++level) {
    if (((size_ >> level) & 1) != 0) {
      root = node_hash(frontier_[level], root);
    }
  }
  return root;
}

void Tree::blocks(std::uint64_t from, std::vector<Hash>& out) const {
  const std::shared_lock lock(levels_mutex_);
  if (from < levels_[0].size()) {
    out.insert(out.end(), levels_[0].begin() + static_cast<std::ptrdiff_t>(from), levels_[0].end());
  }
}

/// Computes roots and paths of [from, from + count) as the RFC's recursion does. `from` is always a multiple
/// of the next power of two, so that a stretch of a power of two is a node of the tree.
class Tree::Reader {
 public:
  Reader(const Tree& tree, const ReadLeaves& leaves) : tree_(tree), read_(leaves) {}

  Hash root(std::uint64_t from, std::uint64_t count) {
    if (count >= kBlockLeaves && std::has_single_bit(count)) {
      return kept(from, count);
    }
    if (const Hash* known = from_block(from, count)) {
      return *known;
    }
    if (count <= kBlockLeaves && !load(from, count)) {
      return {};
    }
    if (count == 1) {
      return leaves_[from - first_];
    }
    const std::uint64_t left = std::bit_floor(count - 1);
    const Hash left_root = root(from, left);
    return node_hash(left_root, root(from + left, count - left));
  }

  void path(std::uint64_t leaf, std::uint64_t from, std::uint64_t count, std::vector<Hash>& out) {
    if (count == 1 || (count <= kBlockLeaves && !load(from, count))) {
      return;
    }
    const std::uint64_t left = std::bit_floor(count - 1);
    if (leaf < from + left) {
      path(leaf, from, left, out);
      out.push_back(sibling(from + left, count - left));
    } else {
      path(leaf, from + left, count - left, out);
      out.push_back(sibling(from, left));
    }
  }

  /// The roots of what lies between the leaves `indexes` of [from, from + count).
  void cover(std::span<const std::uint64_t> indexes, std::uint64_t from, std::uint64_t count, std::vector<Hash>& out) {
    if (indexes.empty()) {
      out.push_back(root(from, count));
      return;
    }
    if (count == 1 || (count <= kBlockLeaves && !load(from, count))) {
      return;
    }
    const std::uint64_t left = std::bit_floor(count - 1);
    const auto right = std::lower_bound(indexes.begin(), indexes.end(), from + left);
    const auto below = static_cast<std::size_t>(right - indexes.begin());
    cover(indexes.first(below), from, left, out);
    cover(indexes.subspan(below), from + left, count - left, out);
  }

  /// RFC 9162 SUBPROOF(old, D[from:from+count], whole).
  void subproof(std::uint64_t old, std::uint64_t from, std::uint64_t count, bool whole,
                std::vector<Hash>& out) {
    if (old == count) {
      if (!whole) {
        out.push_back(root(from, count));
      }
      return;
    }
    if (count <= kBlockLeaves && !load(from, count)) {
      return;
    }
    const std::uint64_t left = std::bit_floor(count - 1);
    if (old <= left) {
      subproof(old, from, left, whole, out);
      out.push_back(root(from + left, count - left));
    } else {
      subproof(old - left, from + left, count - left, false, out);
      out.push_back(root(from, left));
    }
  }

  template <class T>
  Result<T> answer(T value) {
    if (!status_) {
      return tl::unexpected(status_.error());
    }
    return value;
  }

  /// Whether everything could be read so far.
  [[nodiscard]] const Result<void>& status() const { return status_; }

 private:
  /// A root beside a path. Those outside of the block at hand lie beside every path through this one: they are computed once,
  /// so that the block need not be read again.
  Hash sibling(std::uint64_t from, std::uint64_t count) {
    const bool in_block = from >= first_ && from + count <= first_ + leaves_.size();
    if (in_block || (count >= kBlockLeaves && std::has_single_bit(count))) {
      return root(from, count);
    }
    const auto known = edges_.find({from, count});
    if (known != edges_.end()) {
      return known->second;
    }
    Reader aside(tree_, read_);
    const Hash found = aside.root(from, count);
    if (!aside.status_) {
      status_ = aside.status_;
      return {};
    }
    edges_.emplace(std::pair(from, count), found);
    return found;
  }

  /// A node of the whole block at hand, whose levels are computed once.
  const Hash* from_block(std::uint64_t from, std::uint64_t count) {
    if (leaves_.size() != kBlockLeaves || !std::has_single_bit(count) || from < first_ || from + count > first_ + kBlockLeaves) {
      return nullptr;
    }
    if (block_.empty()) {
      block_ = leaves_;
      std::vector<Hash> level = leaves_;
      while (level.size() > 1) {
        node_hashes(level, std::span(level).first(level.size() / 2));
        level.resize(level.size() / 2);
        block_.insert(block_.end(), level.begin(), level.end());
      }
    }
    // Level 0 has 1,024 nodes, level 1 the next 512, and so on.
    const auto level = static_cast<std::uint64_t>(std::countr_zero(count));
    const std::uint64_t begin = 2 * kBlockLeaves - (2 * kBlockLeaves >> level);
    return &block_[begin + ((from - first_) >> level)];
  }

  Hash kept(std::uint64_t from, std::uint64_t count) const {
    const int level = std::countr_zero(count);
    const std::shared_lock lock(tree_.levels_mutex_);
    const auto& nodes = tree_.levels_[static_cast<std::size_t>(level - kBlockLevel)];
    LEDGER_INVARIANT((from >> level) < nodes.size());
    return nodes[from >> level];
  }

  /// Sees to it that the leaves of [from, from + count) are at hand; false after an error.
  bool load(std::uint64_t from, std::uint64_t count) {
    if (from >= first_ && from + count <= first_ + leaves_.size()) {
      return true;
    }
    first_ = from;
    leaves_.clear();
    block_.clear();
    if (status_) {
      status_ = read_(from, count, leaves_);
    }
    return status_.has_value() && leaves_.size() == count;
  }

  const Tree& tree_;
  const ReadLeaves& read_;
  Result<void> status_;
  std::uint64_t first_ = 0;
  std::vector<Hash> leaves_;
  std::vector<Hash> block_;  ///< every level of these leaves, where they are a whole block
  std::map<std::pair<std::uint64_t, std::uint64_t>, Hash> edges_;
};

Result<Hash> Tree::root_at(std::uint64_t size, const ReadLeaves& leaves) const {
  if (size == 0) {
    return empty_root();
  }
  Reader reader(*this, leaves);
  const Hash root = reader.root(0, size);
  return reader.answer(root);
}

Result<std::vector<Hash>> Tree::inclusion(std::uint64_t leaf, std::uint64_t size,
                                          const ReadLeaves& leaves) const {
  LEDGER_INVARIANT(leaf < size);
  Reader reader(*this, leaves);
  std::vector<Hash> proof;
  reader.path(leaf, 0, size, proof);
  return reader.answer(std::move(proof));
}

Result<void> Tree::inclusions(std::span<const std::uint64_t> indexes, std::uint64_t size, const ReadLeaves& leaves,
                              const EachPath& each) const {
  Reader reader(*this, leaves);
  std::vector<Hash> path;
  for (const std::uint64_t leaf : indexes) {
    LEDGER_INVARIANT(leaf < size);
    path.clear();
    reader.path(leaf, 0, size, path);
    if (!reader.status()) {
      return reader.status();
    }
    if (Result<void> taken = each(leaf, path); !taken) {
      return taken;
    }
  }
  return {};
}

Result<std::vector<Hash>> Tree::cover(std::span<const std::uint64_t> indexes, std::uint64_t size,
                                      const ReadLeaves& leaves) const {
  LEDGER_INVARIANT(size > 0 && (indexes.empty() || indexes.back() < size));
  Reader reader(*this, leaves);
  std::vector<Hash> nodes;
  reader.cover(indexes, 0, size, nodes);
  return reader.answer(std::move(nodes));
}

Result<std::vector<Hash>> Tree::consistency(std::uint64_t old_size, std::uint64_t size,
                                            const ReadLeaves& leaves) const {
  LEDGER_INVARIANT(old_size > 0 && old_size <= size);
  Reader reader(*this, leaves);
  std::vector<Hash> proof;
  reader.subproof(old_size, 0, size, true, proof);
  return reader.answer(std::move(proof));
}

}  // namespace daybook::log
