#pragma once

#include "ledger/domain/answers/growing_usage.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Whether what an open period of `scope` comes to, and the number of its lines, can only grow from here on with usage of its days that is
/// not below zero, as long as the state stays as it is: nothing is left over that would be taken once there is room, none of its
/// prices makes more units worth less, and no credit is set against it. Where this is not known, it is false.
///
/// `usage` stands at the position of `state`; its days are the period. `today` is that of the clock. Errors: those of `whole`.
[[nodiscard]] Result<bool> only_grows(const StateReader& state, const UsageSource& whole, const GrowingUsage& usage,
                                      const ScopeRef& scope, Date today);

}  // namespace daybook
