#pragma once

#include <vector>

#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// The scope itself, then those above it up to its account; empty where there is no such scope.
/// Support plans stand under their own subscription, subscriptions of MCA and MPA under section and
/// profile.
[[nodiscard]] std::vector<ScopeRef> scope_path(const StateReader& state, const ScopeRef& scope);

}  // namespace daybook
