#include "projections/all.h"

// A line a view, behind those that it reads. `Projection NAME()` is defined in the folder of that name.
#define DAYBOOK_VIEWS(VIEW) \
  VIEW(entities)            \
  VIEW(usage)               \
  VIEW(invoices)            \
  VIEW(unmatched)

namespace daybook::projections {

#define DECLARE(NAME) [[nodiscard]] Projection NAME();
DAYBOOK_VIEWS(DECLARE)
#undef DECLARE

std::vector<Projection> all_projections() {
#define CALL(NAME) NAME(),
  return {DAYBOOK_VIEWS(CALL)};
#undef CALL
}

}  // namespace daybook::projections
