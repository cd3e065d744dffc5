#pragma once

#include <string>
#include <vector>

#include "ledger/codec/key_store.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/engine/books.h"

namespace daybook::engine {

/// `EraseSubject`: says which person or address is to be erased. Of an address also the identities that sign in with
/// it are, so that the text is gone from wherever it stood.
///
/// Here it is only said. The keys go when the group that says so is durable and before it is acknowledged
/// (`Core::erase_noted`): a process that ends between the two finds the saying at the end of the log and finishes.
/// Errors: INVALID_FIELD (neither or both of identityId and address), FORBIDDEN, NOT_FOUND (an identity that was
/// never linked). Nothing to erase: no events.
[[nodiscard]] Result<Decision> erase_subject(const Books& books, const codec::KeyStore& keys,
                                             const EraseSubject& command, const DecisionContext& context);

/// References of the keys that go with `erased`: that of the person, of the address he signs in with, and of every
/// mail recipient of such an address. As the books stand; keys that are not there may be among them.
[[nodiscard]] std::vector<std::string> keys_of_erased(const Books& books, const codec::KeyStore& keys,
                                                      const SubjectErased& erased);

}  // namespace daybook::engine
