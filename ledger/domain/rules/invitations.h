#pragma once

#include <optional>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/rules/invitation.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Whether it can still be accepted on `day`.
[[nodiscard]] inline bool is_open(const Invitation& invitation, Date day) {
  return invitation.state == InvitationState::Open && day < invitation.expires_on;
}

/// The scope of an invitation; nothing for an unknown id.
[[nodiscard]] std::optional<ScopeRef> scope_of(const StateReader& state, const InvitationId& id);

/// What an identity that is linked accepts by it: every open invitation of its address to a scope
/// that admits its directory, each followed by the role.
[[nodiscard]] std::vector<EventData> accepted_by(const StateReader& state,
                                                 const IdentityLinked& linked, Date day);

}  // namespace daybook
