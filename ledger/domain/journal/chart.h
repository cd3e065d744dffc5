#pragma once

#include <cstdint>
#include <string>

#include "ledger/domain/decimal.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/journal/entry.h"

/// The accounts that the ledger posts to (api.md 7, docs/reference/journal.md).
namespace daybook {

/// What is earned, by what it is earned with.
enum class Revenue : std::uint8_t { Usage, Marketplace, Reservation, Support, Licence, Discount };

namespace chart {

/// What a billing account owes.
[[nodiscard]] LedgerAccount receivable(const AccountId& account);
[[nodiscard]] LedgerAccount bank();
/// Tax that is owed to a country.
[[nodiscard]] LedgerAccount tax(const TaxLine& line);
[[nodiscard]] LedgerAccount income(Revenue revenue);
/// Paid back although it was owed.
[[nodiscard]] LedgerAccount given_back();
/// Prepayment that was left for nothing.
[[nodiscard]] LedgerAccount expired();
/// Credit that covered charges and that nobody paid for.
[[nodiscard]] LedgerAccount credits();
/// Such credit before it is used: given, and still usable. The two always sum to zero.
[[nodiscard]] LedgerAccount credits_granted();
[[nodiscard]] LedgerAccount credits_open();
/// What customers have paid for and can still use.
[[nodiscard]] LedgerAccount prepayment();
/// Prepayment that is invoiced outside.
[[nodiscard]] LedgerAccount prepayment_bought();
/// Income of the days before a part of the journal.
[[nodiscard]] LedgerAccount opening();

}  // namespace chart

/// Whether the account's balance begins anew with each part of the journal.
[[nodiscard]] bool is_income(const LedgerAccount& account);

}  // namespace daybook
