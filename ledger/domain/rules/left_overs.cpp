#include "ledger/domain/rules/left_overs.h"

#include <algorithm>
#include <utility>

namespace daybook {

BillingMark billed_by_run(const BillRequest& request, std::vector<Position> left_over) {
  std::sort(left_over.begin(), left_over.end());
  BillingMark mark;
  mark.scope = request.scope;
  mark.type = request.type;
  mark.through = request.period.start;
  mark.position = request.position;
  mark.deferred = std::move(left_over);
  mark.place = request.place;
  return mark;
}

void LeftOvers::ask_for(BillRequest& request) const {
  if (waiting_.empty()) return;
  request.before = billed_by_run(request, waiting_);
  request.with_late = true;
}

void LeftOvers::take_from(Bill& bill) {
  waiting_ = bill.deferred;
  bill.deferred.insert(bill.deferred.end(), held_.begin(), held_.end());
  std::sort(bill.deferred.begin(), bill.deferred.end());
  all_ = bill.deferred;
}

}  // namespace daybook
