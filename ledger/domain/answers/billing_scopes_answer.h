#pragma once

#include "ledger/domain/answers/page.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/billing_scopes_view.h"

namespace daybook {

/// The scopes a person reaches in the directory of his session, in order of their texts (ACC-9).
/// Errors: NOT_FOUND for the operator, who is no person.
[[nodiscard]] Result<BillingScopeListView> billing_scopes_answer(const StateReader& state,
                                                                 const Viewer& viewer,
                                                                 const PageRequest& page);

}  // namespace daybook
