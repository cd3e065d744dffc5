#pragma once

#include <vector>

#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/position.h"

namespace daybook {

/// Rows that the documents of one run and scope leave to each other: what has no room on one stands on the next if there is
/// room there, whether that comes with the same run or a later one.
class LeftOvers {
 public:
  /// Corrections that wait for documents of their own: no document of this run takes them.
  void hold(const std::vector<Position>& held) { held_.insert(held_.end(), held.begin(), held.end()); }

  /// Before a document is rated: it also takes what the one before it in this run left over.
  void ask_for(BillRequest& request) const;

  /// After: all that is left now, held corrections too, is what `bill` says is left.
  void take_from(Bill& bill);

  /// The same, for whoever closes the period without a document. Sorted.
  [[nodiscard]] const std::vector<Position>& all() const { return all_; }

 private:
  std::vector<Position> held_;
  std::vector<Position> waiting_;
  std::vector<Position> all_;
};

/// What was billed before a document that is not the first of its run, as far as rows are concerned: all up to the position
/// of the run, but for those in `left_over`. Sorts them.
[[nodiscard]] BillingMark billed_by_run(const BillRequest& request, std::vector<Position> left_over);

}  // namespace daybook
