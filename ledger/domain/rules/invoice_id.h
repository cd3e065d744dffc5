#pragma once

#include <string>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The name of the document of `scope` for the period that starts on `start`:
/// `E[B-Z0-9][A-Z0-9]{8}` under MOSP, `G[A-Z0-9]{9}` for profiles (ID-1). The same on every replay:
/// made from what it is for, not from secrets or chance; a name that is taken leads to the next
/// one.
[[nodiscard]] InvoiceId invoice_id_for(const StateReader& state, const ScopeRef& scope,
                                       InvoiceType type, Date start);

/// An id of `length` characters of A-Z 0-9 that depends on all of `text`. Not a secret.
[[nodiscard]] std::string letters_and_digits(std::string_view text, std::size_t length);

}  // namespace daybook
