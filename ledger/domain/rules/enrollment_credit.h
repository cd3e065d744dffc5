#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/rules/account.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// The lots of a scope in the order in which they are used: the earliest to expire first, then the
/// earliest to start, then the earliest granted (domain.md 2.8, step 6).
[[nodiscard]] std::vector<CreditLot> credit_lots(const StateReader& state, const ScopeRef& scope);

/// Whether prepayment covers the line: neither Marketplace nor what is billed separately.
[[nodiscard]] bool is_covered(const InvoiceLine& line);

/// Covers eligible lines with up to `available` minor units, in proportion to their amounts; what
/// was covered. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::int64_t> cover_lines(std::span<InvoiceLine*> lines,
                                               std::int64_t available);

/// What eligible usage came to beyond the credit on it.
[[nodiscard]] std::int64_t overage_of(const std::vector<InvoiceLine>& lines);

/// Where Marketplace charges of enrollments have a document of their own.
[[nodiscard]] bool bills_marketplace_apart(const Account& account);

}  // namespace daybook
