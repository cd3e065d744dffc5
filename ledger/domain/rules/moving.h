#pragma once

#include "ledger/domain/rules/placement.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// What moves, transfers and upgrades share.
namespace daybook {

/// The first day that is on no document yet of where the subscription is.
[[nodiscard]] Date billed_until(const StateReader& state, const Subscription& subscription);
/// The same of what lies where it goes: of a profile or enrollment with its other subscriptions.
[[nodiscard]] Date billed_until(const StateReader& state, const ScopeRef& scope);

/// What the id in a SubscriptionMoved names: by the type of the account a section, a profile or an
/// enrollment account.
[[nodiscard]] Placement named_by(const Account& account, const ScopeId& scope);

}  // namespace daybook
