#pragma once

#include <cstddef>
#include <future>
#include <utility>
#include <vector>

#include "ledger/log/history.h"

namespace daybook::log {

/// HistoryCheck over two threads: while the caller finds rows, a thread takes those before them apart and hashes their
/// events, which is most of the work. What it finds is joined in order, a few milliseconds after `add`.
class HistoryCheckAhead {
 public:
  explicit HistoryCheckAhead(Lineage lineage) : check_(std::move(lineage)) {}

  /// The next row; it is copied. Errors, of this row or of one before it: those of HistoryCheck.
  [[nodiscard]] Result<void> add(Bytes key, Bytes value);

  /// No more rows: the head they lead to. Errors: those of HistoryCheck.
  [[nodiscard]] Result<Head> end();

  /// The last position that has been checked.
  [[nodiscard]] Position position() const { return check_.position(); }

 private:
  struct Row {
    std::vector<std::byte> key;
    std::vector<std::byte> value;
  };

  [[nodiscard]] static std::vector<RowLeaves> take_apart(std::vector<Row> rows);
  [[nodiscard]] Result<void> join();

  HistoryCheck check_;
  std::vector<Row> gathered_;
  std::future<std::vector<RowLeaves>> ahead_;
};

}  // namespace daybook::log
