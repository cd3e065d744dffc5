#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/log/frame.h"
#include "ledger/log/lineage.h"
#include "ledger/log/record.h"
#include "ledger/log/tree.h"

namespace daybook::log {

/// A row by itself, whatever came before it. Errors of both: LOG_DAMAGED, and LOG_FORMAT_NEWER of the head.
struct RowLeaves {
  Result<FrameHead> head;
  Result<std::vector<Hash>> leaves;  ///< of its events; none where the head is bad
};

/// Takes a row apart and hashes its events. `reader` is used by one thread at a time.
[[nodiscard]] RowLeaves leaves_of_row(FrameReader& reader, Bytes key, Bytes value);

/// What a history comes to before the first row that is looked at.
struct HistoryStart {
  Position position = 0;
  Hash chain{};             ///< after it
  std::vector<Hash> peaks;  ///< of its tree: `Tree(size, peaks)`
};

/// Checks a whole history, row after row from position 1: checksums, density, groups, time, leaves, tree and
/// chain. Knows nothing of where the rows come from.
class HistoryCheck {
 public:
  explicit HistoryCheck(Lineage lineage);
  /// From another position on.
  HistoryCheck(Lineage lineage, const HistoryStart& start);

  /// The next row. Errors: LOG_DAMAGED (bytes), CHAIN_DIFFERS (hashes), naming the first bad position.
  [[nodiscard]] Result<void> add(Bytes key, Bytes value);

  /// The same of a row that has been taken apart.
  [[nodiscard]] Result<void> add(const RowLeaves& row);

  /// No more rows: the head they lead to. Errors: LOG_DAMAGED where the last group, or what a branch shares, is not whole.
  [[nodiscard]] Result<Head> end() const;

  /// The same where more may follow.
  [[nodiscard]] Result<Head> end_of_part() const;

  [[nodiscard]] Position position() const { return head_.position; }
  [[nodiscard]] const Lineage& lineage() const { return lineage_; }
  [[nodiscard]] std::uint64_t groups() const { return groups_; }

 private:
  [[nodiscard]] Result<void> check_order(const FrameHead& frame) const;

  Lineage lineage_;
  Head head_;             // after the last whole group, but for position: after the last row
  Position group_first_ = 1;
  std::int64_t group_time_ = 0;
  std::uint64_t groups_ = 0;
  Tree tree_;
  FrameReader reader_;
};

}  // namespace daybook::log
