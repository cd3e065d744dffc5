#include "ledger/domain/rules/billing_mark.h"

#include <algorithm>

namespace daybook {

void apply(BillingMark& mark, const BilledThrough& billed, const std::vector<Position>& deferred) {
  mark.scope = ScopeRef(billed.scope_type, billed.scope_id.text());
  mark.type = billed.invoice_type;
  mark.place = billed.place;
  mark.through = std::max(mark.through, billed.through.plus_days(1));
  mark.position = std::max(mark.position, billed.position);
  mark.deferred = deferred;
}

}  // namespace daybook
