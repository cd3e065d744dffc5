#pragma once

#include <cstddef>
#include <vector>

#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/enums.h"

namespace daybook {

/// The order in which the lines of an invoice of `scope` are shown, as indexes into `lines`; their numbers stay.
/// Of an enrollment (T-EA-5): what has a price, then Marketplace, then what costs nothing; of others: as numbered.
[[nodiscard]] std::vector<std::size_t> shown_order(ScopeType scope, const std::vector<InvoiceLine>& lines);

}  // namespace daybook
