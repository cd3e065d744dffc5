#include "ledger/domain/journal/journal.h"

#include <algorithm>
#include <iterator>

#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

Result<void> add_to(Balances& balances, const LedgerAccount& account, Money amount) {
  Money& balance =
      balances.try_emplace({account, amount.currency}, Money{0, amount.currency}).first->second;
  LEDGER_TRY(balance, add(balance, amount));
  return {};
}

/// What stood on the accounts at the beginning of `day`.
Result<JournalEntry> opening_entry(const Balances& before, Date day) {
  Balances opening;
  for (const auto& [key, balance] : before) {
    LEDGER_CHECK(add_to(opening, is_income(key.first) ? chart::opening() : key.first, balance));
  }
  JournalEntry entry;
  entry.date = day;
  entry.payee = "Daybook";
  entry.narration = "Opening balances";
  for (const auto& [key, balance] : opening) {
    if (balance.minor_units != 0) entry.postings.push_back({key.first, balance, std::nullopt});
  }
  return entry;
}

/// The last posting of each account and currency asserts what then stands there.
void assert_balances(JournalPart& part) {
  std::set<std::pair<LedgerAccount, Currency>> asserted;
  for (auto entry = part.entries.rbegin(); entry != part.entries.rend(); ++entry) {
    for (Posting& posting : entry->postings) {
      const std::pair key{posting.account, posting.amount.currency};
      if (asserted.insert(key).second) posting.balance = part.closing.at(key);
    }
  }
}

}  // namespace

Result<void> Journal::take(const Event& event, Position position) {
  LEDGER_TRY(std::vector<JournalEntry> posted, post(state_, event, position));
  std::move(posted.begin(), posted.end(), std::back_inserter(entries_));
  return {};
}

Result<JournalPart> Journal::part(std::optional<Date> from, std::optional<Date> to) const {
  for (const auto& [id, posted] : state_.invoices) {
    if (posted.lines_missing == 0) continue;
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "The log holds not all the lines of invoice " + id.text() +
                      ", so nothing says what it earned.");
  }
  std::vector<const JournalEntry*> sorted;
  for (const JournalEntry& entry : entries_) {
    if (!to || entry.date < *to) sorted.push_back(&entry);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const JournalEntry* left, const JournalEntry* right) {
                     return std::pair(left->date, left->position) <
                            std::pair(right->date, right->position);
                   });
  Balances before;
  JournalPart part;
  for (const JournalEntry* entry : sorted) {
    const bool is_before = from && entry->date < *from;
    for (const Posting& posting : entry->postings) {
      if (is_before) LEDGER_CHECK(add_to(before, posting.account, posting.amount));
    }
    if (!is_before) part.entries.push_back(*entry);
  }
  if (from) {
    LEDGER_TRY(JournalEntry opening, opening_entry(before, *from));
    if (!opening.postings.empty()) part.entries.insert(part.entries.begin(), std::move(opening));
  }
  for (const JournalEntry& entry : part.entries) {
    for (const Posting& posting : entry.postings)
      LEDGER_CHECK(add_to(part.closing, posting.account, posting.amount));
  }
  assert_balances(part);
  if (!part.entries.empty()) part.balanced_before = part.entries.back().date.plus_days(1);
  if (to) part.balanced_before = *to;
  return part;
}

}  // namespace daybook
