#include "ledger/domain/facts/invoice.h"

namespace daybook {

void fill_defaults(InvoicePaymentSucceeded& fact, const FactContext& context) {
  if (!fact.received_on) fact.received_on = context.day;
}

void fill_defaults(InvoicePaymentReversed& fact, const FactContext&) {
  if (!fact.reason) fact.reason = ReversalReason::Chargeback;
}

}  // namespace daybook
