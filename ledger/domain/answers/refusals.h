#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/missing_invoice_view.h"

/// How answers refuse: 404 for what a viewer does not see, 403 for what he sees but not in this
/// respect (api.md 2).
namespace daybook {

/// NOT_FOUND: one text for what is not there and what is not for this viewer.
[[nodiscard]] tl::unexpected<Error> nothing_here();

/// NO_PERMISSION with the message of `reason` as its detail: a code W3 to W8 of domain.md 7, or VIEW_CHARGES_OFF.
[[nodiscard]] tl::unexpected<Error> no_permission(std::string_view reason);

/// The `reason` of a NO_PERMISSION made here, or of one whose detail ends with it in parentheses, as those of
/// commands do; of any other error nothing.
[[nodiscard]] std::optional<std::string_view> permission_reason(const Error& error);

/// Whether `viewer` may do `action` on the scope.
[[nodiscard]] bool is_allowed(const StateReader& state, const Viewer& viewer, Action action,
                              const ScopeRef& scope);

/// Whether `viewer` sees the scope: has a role on it, above it or below it.
[[nodiscard]] bool is_seen(const StateReader& state, const Viewer& viewer, const ScopeRef& scope);

/// Errors: NOT_FOUND unless the viewer sees the scope; NO_PERMISSION unless he may do `action`.
[[nodiscard]] Result<void> require_view(const StateReader& state, const Viewer& viewer,
                                        Action action, const ScopeRef& scope);

}  // namespace daybook
