#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/journal/entry.h"
#include "ledger/domain/journal/posting.h"
#include "ledger/domain/result.h"

namespace daybook {

/// Accounts and what stands on them, by currency: positive is debit.
using Balances = std::map<std::pair<LedgerAccount, Currency>, Money>;

/// Entries of some days, in the order of their dates, then of the log.
struct JournalPart {
  /// Opening balances first, where there are any. The last posting of each account and currency
  /// asserts its balance.
  std::vector<JournalEntry> entries;
  Balances closing;      ///< of every account that is posted to, zeros too
  Date balanced_before;  ///< the day at whose beginning `closing` holds
};

/// All that a ledger has posted.
class Journal {
 public:
  /// The next event, in the order of the log. Errors: those of `post`; the journal is of no use then.
  [[nodiscard]] Result<void> take(const Event& event, Position position);

  [[nodiscard]] const std::vector<JournalEntry>& entries() const { return entries_; }
  [[nodiscard]] const PostingState& state() const { return state_; }

  /// The entries dated from `from` to before `to`. With `from` they begin with opening balances of
  /// that day: assets, liabilities and equity as they stood, and all income before in
  /// `equity:opening`. Errors: CORRUPTION, where an invoice lacks its lines; AMOUNT_OUT_OF_RANGE.
  [[nodiscard]] Result<JournalPart> part(std::optional<Date> from, std::optional<Date> to) const;

 private:
  PostingState state_;
  std::vector<JournalEntry> entries_;
};

}  // namespace daybook
