#pragma once

#include <vector>

#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// A document beside the one that a run makes for a scope and period.
struct DocumentBeside {
  const Invoice* invoice = nullptr;
  bool has_usage = false;  ///< Marketplace; not a reservation that a card pays
};

/// Documents of `billed`, a MOSP subscription or an enrollment, that begin in `period` and are not void: those of
/// Marketplace, then those of reservations that a card pays. Other scopes have one document a period.
[[nodiscard]] std::vector<DocumentBeside> documents_beside(const StateReader& state, const ScopeRef& billed,
                                                           const Period& period);

}  // namespace daybook
