#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// What opts a scope out, its recipients wiped (EML-6); nothing where it is not opted in.
[[nodiscard]] std::vector<EventData> opted_out(const StateReader& state, const ScopeRef& scope,
                                               const std::optional<std::string>& reason);

/// The same of a subscription that is deleted, and of a support plan that it is the subscription of (6.4).
[[nodiscard]] std::vector<EventData> mail_ended_by_deletion(const StateReader& state, const SubscriptionId& deleted);

}  // namespace daybook
