#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/rules/account.h"

namespace daybook {

/// What eligible usage and reservations came to beyond the credit on them.
[[nodiscard]] std::int64_t overage_of(const std::vector<InvoiceLine>& lines);

/// Where Marketplace charges of enrollments have a document of their own.
[[nodiscard]] bool bills_marketplace_apart(const Account& account);

}  // namespace daybook
