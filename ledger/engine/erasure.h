#pragma once

#include "ledger/domain/commands/person.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/engine/core.h"

namespace daybook::engine {

/// `EraseSubject`: destroys the keys of a person or an address, and says so in the log.
///
/// The keys go first: were the process to end between the two, the same command, repeated, goes on, and nothing
/// that was to be gone can be read again. Of an identity also the key of its sign-in address goes, so that the
/// text is gone from wherever it stood. What the books hold in memory is emptied too.
/// Errors: INVALID_FIELD (neither or both of identityId and address), FORBIDDEN, NOT_FOUND (an identity that was
/// never linked). Nothing to erase: no events.
[[nodiscard]] Result<Decision> erase_subject(Core& core, const EraseSubject& command, const DecisionContext& context);

}  // namespace daybook::engine
