#include "projections/all.h"

#include "projections/entities/entity_fold.h"
#include "projections/invoices/invoice_fold.h"
#include "projections/unmatched/unmatched.h"
#include "projections/usage/usage_fold.h"

namespace daybook::projections {

std::vector<Projection> all_projections() { return {entities(), usage(), invoices(), unmatched()}; }

}  // namespace daybook::projections
