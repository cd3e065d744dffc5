#pragma once

#include <optional>

#include "ledger/domain/answers/page.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/price_list_view.h"

namespace daybook {

/// The prices in force on a day for an account, profile or enrollment, by meter (DOC-2). A price of
/// a single subscription is on its invoices alone. Errors: NOT_FOUND; NO_PERMISSION.
[[nodiscard]] Result<PriceListView> price_list_answer(const StateReader& state,
                                                      const Viewer& viewer, const ScopeRef& scope,
                                                      Date on, const PageRequest& page);

}  // namespace daybook
