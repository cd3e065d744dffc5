#pragma once

#include <compare>
#include <cstddef>
#include <vector>

#include "ledger/domain/rules/position.h"

namespace daybook {

/// A row of usage on a document.
struct BilledRow {
  Position position = 0;      ///< of its UsageRecorded
  Position corrected_by = 0;  ///< of the last correction that counted for it; 0: as it was recorded

  friend auto operator<=>(const BilledRow&, const BilledRow&) = default;
};

/// What a manifest commits to: the RFC 9162 root over `rows` in the order of their positions, 32
/// bytes; of none the hash of nothing (docs/reference/manifest.md).
[[nodiscard]] std::vector<std::byte> rows_root(std::vector<BilledRow> rows);

}  // namespace daybook
