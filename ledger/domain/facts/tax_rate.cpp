#include "ledger/domain/facts/tax_rate.h"

namespace daybook {

void fill_defaults(TaxRateChanged& fact, const FactContext&) {
  if (!fact.treatment) fact.treatment = TaxTreatment::Standard;
}

}  // namespace daybook
