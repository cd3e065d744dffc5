#pragma once

#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/credits_view.h"

namespace daybook {

/// `GET /v1/accounts/{id}/credits`, and of subscriptions, profiles and enrollments (EST-4): lots in the
/// order in which they came; an account shows those of all its scopes, and its balances count those
/// in its own currency. Errors: NOT_FOUND; NO_PERMISSION.
[[nodiscard]] Result<CreditListView> credits_answer(const StateReader& state,
                                                    const UsageSource& usage, const Viewer& viewer,
                                                    const ScopeRef& scope, Date today);

}  // namespace daybook
