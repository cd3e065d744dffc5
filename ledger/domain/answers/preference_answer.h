#pragma once

#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/access_view.h"
#include "ledger/domain/views/email_preference_view.h"

namespace daybook {

/// `GET /v1/email-preferences/{scopeType}/{scopeId}` of a subscription, support plan or profile.
/// Errors: NOT_FOUND; NO_PERMISSION (who sees the scope but neither administers it nor sees its
/// invoices).
[[nodiscard]] Result<EmailPreferenceView> email_preference_answer(const StateReader& state,
                                                                  const Viewer& viewer,
                                                                  const ScopeRef& scope);

/// `GET /v1/access/{scopeType}/{scopeId}`: roles on it and above it, and the toggle. Errors:
/// NOT_FOUND; NO_PERMISSION (who sees the scope only through what lies below it).
[[nodiscard]] Result<AccessView> access_answer(const StateReader& state, const Viewer& viewer,
                                               const ScopeRef& scope);

}  // namespace daybook
