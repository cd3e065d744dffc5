#pragma once

#include <vector>

#include "ledger/log/types.h"

namespace daybook::log {

/// Where a branch left the ledger that it goes on from.
struct Origin {
  LedgerId ledger{};      ///< of that ledger
  Position position = 0;  ///< of the last event that both have
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// Whose history a ledger's is: its own from the first event, or, for a branch, that of other ledgers up to where it left
/// them. docs/reference/log_format.md, section 5, has the chain of a branch.
struct Lineage {
  LedgerId ledger_id{};
  std::vector<Origin> origins;  ///< the oldest first; positions from 1, each higher than the one before

  /// The chain before the first group.
  [[nodiscard]] Hash first_chain() const;

  /// The chain after the group that ends at `position`, whose row says `in_row`: another where a branch begins there.
  [[nodiscard]] Hash chain_after(Position position, const Hash& in_row) const;

  /// Whether a branch begins at `first` or later and before `last`.
  [[nodiscard]] bool branches_inside(Position first, Position last) const;

  /// The last position that is not this ledger's own; 0: all of them are.
  [[nodiscard]] Position branched_at() const { return origins.empty() ? 0 : origins.back().position; }

  /// That of a branch named `branch` that shares the events up to `position`, at least 1.
  [[nodiscard]] Lineage branch(const LedgerId& branch, Position position) const;

  friend bool operator==(const Lineage&, const Lineage&) = default;
};

}  // namespace daybook::log
