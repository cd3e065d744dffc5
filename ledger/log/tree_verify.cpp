#include <algorithm>
#include <bit>
#include <functional>

#include "ledger/log/hash.h"
#include "ledger/log/tree.h"

/// What is held against a root without the tree.
namespace daybook::log {
namespace {

/// Takes leaves and their cover apart again, in the order in which they were put together.
class CoverRoot {
 public:
  CoverRoot(std::span<const std::uint64_t> indexes, std::span<const Hash> hashes, std::span<const Hash> cover)
      : indexes_(indexes), hashes_(hashes), cover_(cover) {}

  std::optional<Hash> of(std::uint64_t size) {
    const Hash found = root(indexes_, 0, size);
    return complete_ && cover_.empty() && hashes_.empty() ? std::optional(found) : std::nullopt;
  }

 private:
  Hash take(std::span<const Hash>& from) {
    if (from.empty()) {
      complete_ = false;
      return {};
    }
    const Hash taken = from.front();
    from = from.subspan(1);
    return taken;
  }

  Hash root(std::span<const std::uint64_t> indexes, std::uint64_t from, std::uint64_t count) {
    if (indexes.empty()) {
      return take(cover_);
    }
    if (count == 1) {
      return take(hashes_);
    }
    const std::uint64_t left = std::bit_floor(count - 1);
    const auto below = static_cast<std::size_t>(std::lower_bound(indexes.begin(), indexes.end(), from + left) - indexes.begin());
    const Hash left_root = root(indexes.first(below), from, left);
    return node_hash(left_root, root(indexes.subspan(below), from + left, count - left));
  }

  std::span<const std::uint64_t> indexes_;
  std::span<const Hash> hashes_;
  std::span<const Hash> cover_;
  bool complete_ = true;
};

}  // namespace

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

std::optional<std::vector<Hash>> peaks_of_last(const Hash& leaf, std::uint64_t size, std::span<const Hash> proof) {
  // All its siblings lie to its left: those in the smallest subtree, whose last leaf it is, then the other subtrees.
  const auto inside = static_cast<std::size_t>(std::countr_zero(size));
  if (size == 0 || proof.size() != inside + static_cast<std::size_t>(std::popcount(size)) - 1) return std::nullopt;
  std::vector<Hash> peaks{leaf};
  for (const Hash& left : proof.first(inside)) peaks.front() = node_hash(left, peaks.front());
  peaks.insert(peaks.end(), proof.begin() + static_cast<std::ptrdiff_t>(inside), proof.end());
  return peaks;
}

std::optional<Hash> root_of_cover(std::span<const std::uint64_t> indexes, std::span<const Hash> hashes,
                                  std::uint64_t size, std::span<const Hash> cover) {
  const bool ascends = std::adjacent_find(indexes.begin(), indexes.end(), std::greater_equal<>()) == indexes.end();
  if (size == 0 || indexes.size() != hashes.size() || !ascends || (!indexes.empty() && indexes.back() >= size)) {
    return std::nullopt;
  }
  return CoverRoot(indexes, hashes, cover).of(size);
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
