#pragma once

#include <optional>

#include "ledger/domain/enums.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Whether the scope type knows the role (api.md 3); `account_type` is that of the account it
/// belongs to.
[[nodiscard]] bool is_role_of(ScopeType scope, Role role, AccountType account_type);

/// Whether taking `role` from `identity` would leave the scope without its last owner (ROL-7,
///
[[nodiscard]] bool is_last_owner(const StateReader& state, const ScopeRef& scope, Role role,
                                 const IdentityId& identity);

}  // namespace daybook
