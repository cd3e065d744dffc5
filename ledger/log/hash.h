#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ledger/log/types.h"

/// What the ledger commits to, and nothing else: docs/reference/log_format.md, "Hashes".
/// SHA-256 is OpenSSL's. Only RunningHash allocates.
namespace daybook::log {

/// SHA-256(0x00 ‖ event bytes): a leaf of the tree.
[[nodiscard]] Hash leaf_hash(Bytes event);

/// SHA-256(0x01 ‖ left ‖ right): an inner node.
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);

/// `parents[i] = node_hash(children[2i], children[2i+1])`; `children.size() == 2 * parents.size()`.
/// `parents` may begin where `children` begins: the level is then folded in place.
void node_hashes(std::span<const Hash> children, std::span<Hash> parents);

/// The root of a tree without leaves: SHA-256 of nothing.
[[nodiscard]] const Hash& empty_root();

/// SHA-256(0x03 ‖ ledger id): what the first group's chain hash follows.
[[nodiscard]] Hash first_chain(const LedgerId& ledger);

/// SHA-256(0x04 ‖ chain ‖ ledger id): what the first group of a branch follows, where `chain` is that of the group it left
/// its origin after.
[[nodiscard]] Hash branch_chain(const Hash& chain, const LedgerId& branch);

/// What a group adds to the chain.
struct GroupFacts {
  std::uint64_t epoch = 0;
  Position first = 0;
  std::uint64_t count = 0;
  std::int64_t recorded_at = 0;
  Hash root{};  ///< of the tree whose last leaf is the group's last event
};

/// SHA-256(0x02 ‖ previous ‖ epoch ‖ first ‖ count ‖ recorded_at ‖ root), integers as 8 bytes LE.
[[nodiscard]] Hash chain_hash(const Hash& previous, const GroupFacts& group);

/// Plain SHA-256 of `bytes`.
[[nodiscard]] Hash sha256(Bytes bytes);

/// Plain SHA-256 of bytes that come in pieces.
class RunningHash {
 public:
  RunningHash();
  ~RunningHash();
  RunningHash(const RunningHash&) = delete;
  RunningHash& operator=(const RunningHash&) = delete;

  void add(Bytes bytes);

  /// The hash of all that was added; then it begins again.
  [[nodiscard]] Hash end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daybook::log
