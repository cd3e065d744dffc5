#pragma once

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Fills in the keys of streams that the sender of a fact leaves out, from what is known before it
/// which enrollment an enrollment account is of, whom a new administrator replaces, which contact has an address.
/// Whether anything was filled in; what was sealed before may have to be sealed anew. The fact has been checked.
[[nodiscard]] bool complete(const StateReader& state, EventData& fact);

}  // namespace daybook
