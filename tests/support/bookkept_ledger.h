#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/journal/journal.h"
#include "ledger/domain/journal/journal_text.h"
#include "ledger/domain/rules/credit_lot.h"
#include "ledger/domain/rules/credit_note.h"
#include "tests/support/in_memory_ledger.h"

/// A ledger in memory with a journal beside it, which is told everything that happens.
namespace daybook::testing {

/// Postings as texts: `ACCOUNT AMOUNT`.
using Lines = std::vector<std::string>;

class BookkeptLedger {
 public:
  BookkeptLedger& at(std::string_view day_or_instant) {
    ledger_.at(day_or_instant);
    return *this;
  }
  BookkeptLedger& given(std::vector<EventData> facts) {
    ledger_.given(facts);
    for (const EventData& fact : facts) tell(fact, "//test");
    return told();
  }
  /// A fact that may be refused; whether it was accepted.
  bool attempt(EventData fact) {
    ledger_.post({fact});
    if (ledger_.error()) return false;
    tell(fact, "//test");
    told();
    return true;
  }
  /// What is refused makes nothing happen.
  BookkeptLedger& when(CommandData command) {
    ledger_.when(std::move(command));
    return told();
  }

  [[nodiscard]] InMemoryLedger& ledger() { return ledger_; }
  [[nodiscard]] const Journal& journal() const { return journal_; }
  [[nodiscard]] const Invoice& invoice(std::size_t n = 0) const { return *ledger_.invoices().at(n); }
  [[nodiscard]] JournalPart part(std::optional<Date> from = std::nullopt,
                                 std::optional<Date> to = std::nullopt) const {
    return journal_.part(from, to).value();
  }
  /// What stands on each account that is not zero: `assets:bank EUR` and the amount.
  [[nodiscard]] std::map<std::string, std::string> balances() const {
    std::map<std::string, std::string> result;
    for (const auto& [key, balance] : part().closing) {
      if (balance.minor_units == 0) continue;
      result[hledger_account(key.first) + " " + std::string(key.second.text())] = balance.amount_text();
    }
    return result;
  }
  /// The postings of the newest entry with this code, one a line.
  [[nodiscard]] std::vector<std::string> postings_of(std::string_view code) const {
    std::vector<std::string> lines;
    for (const JournalEntry& entry : journal_.entries()) {
      if (entry.code != code) continue;
      lines.clear();
      for (const Posting& posting : entry.postings)
        lines.push_back(hledger_account(posting.account) + " " + posting.amount.amount_text());
    }
    return lines;
  }

  /// That the journal says what the ledger itself says: what accounts owe, tax, money, credit.
  void expect_agreement() const {
    std::map<std::pair<std::string, Currency>, std::int64_t> owed;
    std::map<Currency, std::int64_t> tax;
    for (const Invoice* invoice : ledger_.invoices()) {
      owed[{invoice->account_id.text(), invoice->currency}] += invoice->amount_due_minor();
      tax[invoice->currency] += ledger_.document(*invoice).issued.totals.tax.minor_units;
      for (const CreditNoteId& id : invoice->credit_note_ids)
        tax[invoice->currency] -=
            ledger_.state().find<CreditNote>(id.text())->issued.totals.tax.minor_units;
    }
    std::map<Currency, std::int64_t> open;
    std::map<Currency, std::int64_t> prepaid;
    for (const auto& [id, posted] : journal_.state().lots) {
      const CreditLot& lot = *ledger_.state().find<CreditLot>(id.text());
      (posted.is_paid_for() ? prepaid : open)[lot.original.currency] += lot.current_minor();
    }
    std::map<Currency, std::int64_t> of_tax;
    std::map<Currency, std::int64_t> sum;
    for (const auto& [key, balance] : part().closing) {
      const auto& [account, currency] = key;
      sum[currency] += balance.minor_units;
      std::optional<std::int64_t> expected;
      if (account.path == "assets:receivable") expected = owed[{account.names[0], currency}];
      if (account.path == "liabilities:tax") of_tax[currency] -= balance.minor_units;
      if (account.path == "assets:bank") expected = banked_.at(currency);
      if (account.path == "liabilities:prepayment") expected = -prepaid[currency];
      if (account.path == "equity:credits:open") expected = -open[currency];
      EXPECT_EQ(balance.minor_units, expected.value_or(balance.minor_units))
          << hledger_account(account) << " " << currency.text();
    }
    for (const auto& [key, amount] : owed) {
      if (amount == 0) continue;
      const LedgerAccount account{"assets:receivable", {key.first}};
      EXPECT_TRUE(part().closing.contains({account, key.second})) << key.first << " is not posted";
    }
    for (const auto& [currency, amount] : tax) EXPECT_EQ(of_tax[currency], amount);
    for (const auto& [currency, amount] : sum) EXPECT_EQ(amount, 0) << currency.text();
    for (const JournalEntry& entry : journal_.entries()) {
      std::map<Currency, std::int64_t> of_entry;
      for (const Posting& posting : entry.postings)
        of_entry[posting.amount.currency] += posting.amount.minor_units;
      for (const auto& [currency, amount] : of_entry)
        EXPECT_EQ(amount, 0) << "entry of " << entry.position;
    }
  }

 private:
  BookkeptLedger& told() {
    for (const EventData& event : ledger_.events()) tell(event, "daybook");
    return *this;
  }
  void tell(const EventData& data, std::string_view source) {
    Event event;
    event.envelope.source = std::string(source);
    event.envelope.time = ledger_.now();
    event.data = data;
    const Result<void> taken = journal_.take(event, ++position_);
    if (!taken) ADD_FAILURE() << taken.error().detail;
    if (const auto* paid = data.get_if<InvoicePaymentSucceeded>())
      banked_[paid->amount.currency] += paid->amount.minor_units;
    if (const auto* back = data.get_if<InvoicePaymentReversed>())
      banked_[back->amount.currency] -= back->amount.minor_units;
  }

  InMemoryLedger ledger_;
  Journal journal_;
  Position position_ = 0;
  std::map<Currency, std::int64_t> banked_;
};

}  // namespace daybook::testing
