#pragma once

#include <cstdint>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Raised whenever a state, or what folding makes of an event, changes: whatever keeps states then takes them from the log
/// again instead of reading those of other rules.
inline constexpr std::uint32_t kStatesVersion = 7;

/// The state after `event`: which rows it changes, and how (`apply` overloads of each state).
///
/// Never refuses and decides nothing: the event has already happened. `store` shows the state
/// before it. Usage changes no state (it is kept as rows and cells by projections):
/// `UsageRecorded`, `UsageAmended` and `UsageVoided` may be passed or left out.
void fold(StateStore& store, const EventData& event, const Occurrence& at);

/// Whether `fold` may change anything for an event of this type: lets a reader skip frames by their
/// type mask.
[[nodiscard]] bool changes_state(EventType type);

}  // namespace daybook
