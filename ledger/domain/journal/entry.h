#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/time.h"

/// Double entry (api.md 7): what the ledger's events mean to a bookkeeper.
namespace daybook {

/// An account of the bookkeeper's: `assets:receivable` of `acc-1`. Not a billing account.
struct LedgerAccount {
  std::string path;                ///< words of the chart, `:` between them
  std::vector<std::string> names;  ///< what the ledger calls the rest: identifiers, a country, a rate

  friend auto operator<=>(const LedgerAccount&, const LedgerAccount&) = default;
};

/// One side of an entry: positive is debit, negative credit.
struct Posting {
  LedgerAccount account;
  Money amount;
  std::optional<Money> balance;  ///< of the account after it, where that is asserted
};

/// What one event posts. The amounts of each currency sum to zero.
struct JournalEntry {
  Date date;
  Position position = 0;  ///< of the event; 0: opening balances
  std::string code;       ///< of the document, the payment or the credit lot
  std::string payee;      ///< as on the document, else an identifier; may hold anything
  std::string narration;  ///< "Invoice", "Payment of G0000A1B2C"
  std::vector<Posting> postings;
};

/// Gathers the postings of one entry: an account has one of a currency, and none that is zero.
class EntryDraft {
 public:
  explicit EntryDraft(Currency currency) : currency_(currency) {}

  /// Positive is debit. Of an amount that leaves int64 `balanced` tells.
  EntryDraft& debit(const LedgerAccount& account, std::int64_t amount_minor);
  EntryDraft& credit(const LedgerAccount& account, std::int64_t amount_minor);

  [[nodiscard]] bool is_empty() const { return postings_.empty(); }
  /// In the order in which they were named. Errors: CORRUPTION, when they do not sum to zero: the
  /// event contradicts itself or those before it; AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<std::vector<Posting>> balanced(Position position) const;

 private:
  EntryDraft& add(const LedgerAccount& account, std::int64_t amount_minor, bool is_credit);

  Currency currency_;
  std::vector<Posting> postings_;
  bool is_out_of_range_ = false;
};

}  // namespace daybook
