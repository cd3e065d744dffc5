#pragma once

#include "ledger/domain/answers/growing_usage.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// Whether what an open period of `scope` comes to, and the number of its lines, can only grow with its usage as long as the state
/// stays as it is: no row is below zero, none of its prices makes more units worth less, and no credit, refund or
/// correction of what was billed is set against it. Where this is not known, it is false.
///
/// `usage` has been asked about the period, `whole` is what it is read from; `last` is the position that usage grows up to.
/// Refunds of purchases are not looked for. Errors: those of `whole`.
[[nodiscard]] Result<bool> only_grows(const StateReader& state, const UsageSource& whole, const GrowingUsage& usage,
                                      const ScopeRef& scope, Position last);

}  // namespace daybook
