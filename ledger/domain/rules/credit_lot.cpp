#include "ledger/domain/rules/credit_lot.h"

namespace daybook {

void apply(CreditLot& lot, const CreditGranted& event, const Occurrence& at) {
  lot.lot_id = event.lot_id;
  lot.scope = ScopeRef(event.scope_type, event.scope_id.text());
  lot.source = event.source;
  lot.original = event.amount;
  lot.start_on = event.start_on;
  lot.expires_on = event.expires_on;
  lot.left_minor = event.amount.minor_units;
  lot.granted_at = at.position;
}

void apply(CreditLot& lot, const CreditApplied& event, const Occurrence&) {
  lot.left_minor -= event.amount.minor_units;
  if (event.period) lot.uses.push_back({*event.period, event.amount.minor_units});
}

}  // namespace daybook
