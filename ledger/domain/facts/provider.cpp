#include "ledger/domain/facts/provider.h"

namespace daybook {

void fill_defaults(OfferDefined& fact, const FactContext&) {
  if (!fact.email_invoices) fact.email_invoices = true;
}

}  // namespace daybook
