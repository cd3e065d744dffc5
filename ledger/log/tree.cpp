#include "ledger/log/tree.h"

#include <algorithm>
#include <bit>
#include <mutex>

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
      out.push_back(root(from + left, count - left));
    } else {
      path(leaf, from + left, count - left, out);
      out.push_back(root(from, left));
    }
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

 private:
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

Result<std::vector<Hash>> Tree::consistency(std::uint64_t old_size, std::uint64_t size,
                                            const ReadLeaves& leaves) const {
  LEDGER_INVARIANT(old_size > 0 && old_size <= size);
  Reader reader(*this, leaves);
  std::vector<Hash> proof;
  reader.subproof(old_size, 0, size, true, proof);
  return reader.answer(std::move(proof));
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> proof, const Hash& root) {
  if (index >= size) {
    return false;
  }
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) {
      return false;
    }
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                        const Hash& root, std::span<const Hash> proof) {
  if (old_size == 0 || old_size > size) {
    return false;
  }
  if (old_size == size) {
    return proof.empty() && old_root == root;
  }
  std::vector<Hash> path(proof.begin(), proof.end());
  if (std::has_single_bit(old_size)) {
    path.insert(path.begin(), old_root);
  }
  if (path.empty()) {
    return false;
  }
  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  Hash old_hash = path[0];
  Hash hash = path[0];
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) {
      return false;
    }
    if ((node & 1) != 0 || node == last) {
      old_hash = node_hash(path[i], old_hash);
      hash = node_hash(path[i], hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, path[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && hash == root;
}

}  // namespace daybook::log
