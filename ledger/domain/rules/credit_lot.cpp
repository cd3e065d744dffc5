#include "ledger/domain/rules/credit_lot.h"

#include <algorithm>

namespace daybook {

CreditLot renewed_lot(const CreditLot& previous, const MonthlyCreditRenewed& renewed) {
  CreditLot lot;
  lot.lot_id = renewed.lot_id;
  lot.first_lot_id = previous.first_lot_id;
  lot.scope = ScopeRef(renewed.scope_type, renewed.scope_id.text());
  lot.source = CreditSource::MonthlyCredit;
  lot.original = renewed.amount;
  lot.left_minor = renewed.amount.minor_units;
  lot.start_on = renewed.period.start;
  lot.renews_until = previous.renews_until;
  lot.expires_on = renewed.period.end_exclusive;
  // A renewal later than that is of a log from before upgrades ended it (decision 0100): it covers its period.
  if (lot.renews_until && *lot.renews_until > lot.start_on)
    lot.expires_on = std::min(*lot.expires_on, *lot.renews_until);
  return lot;
}

void apply(CreditLot& lot, const CreditGranted& event, Period period, const Occurrence& at) {
  lot.lot_id = event.lot_id;
  lot.first_lot_id = event.lot_id;
  lot.scope = ScopeRef(event.scope_type, event.scope_id.text());
  lot.source = event.source;
  lot.original = event.amount;
  lot.start_on = event.start_on;
  lot.expires_on = event.expires_on;
  lot.left_minor = event.amount.minor_units;
  lot.granted_at = at.position;
  lot.is_for_reservations = event.for_reservations.value_or(false);
  if (event.source != CreditSource::MonthlyCredit) return;
  if (event.expires_on && *event.expires_on > period.end_exclusive) {
    lot.renews_until = event.expires_on;
  }
  lot.expires_on = std::min(event.expires_on.value_or(period.end_exclusive), period.end_exclusive);
}

void apply(CreditLot& lot, const CreditApplied& event, const Occurrence&) {
  lot.left_minor -= event.amount.minor_units;
  if (event.period) {
    lot.uses.push_back({*event.period, event.amount.minor_units, event.invoice_id});
  }
}

void apply(CreditLot& lot, const CreditExpired& event, const Occurrence&) {
  lot.is_expired = true;
  lot.expired_minor += event.amount.minor_units;
}

void apply(CreditLot& lot, const CreditAdjusted& event, const Occurrence&) {
  lot.left_minor += event.amount.minor_units;
}

void give_back(CreditLot& lot, const InvoiceId& invoice) {
  for (const CreditUse& use : lot.uses) {
    if (use.invoice_id == invoice) lot.left_minor += use.amount_minor;
  }
  std::erase_if(lot.uses, [&](const CreditUse& use) { return use.invoice_id == invoice; });
}

}  // namespace daybook
