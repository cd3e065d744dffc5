#include "ledger/engine/books.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/codec/event.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/fold.h"

namespace daybook::engine {
namespace {

class NoSealer final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override { return std::string(plain); }
  Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
};

/// Books over a log of their own, which counts how often it is asked.
struct BooksAndLog {
  BooksAndLog() {
    books.over(
        [this](Position from, const codec::LookAtEvent& look) -> Result<void> {
          ++looks;
          for (std::size_t at = from - 1; at < events.size() && look(events[at].first, events[at].second);) ++at;
          return {};
        },
        sealer);
  }

  /// Records the event in a transaction of its own.
  void record(const EventData& data) {
    Event event;
    event.envelope.source = "test";
    event.envelope.id = std::to_string(events.size());
    event.data = data;
    codec::Buffer bytes;
    ASSERT_TRUE(codec::encode_event(event, sealer, bytes));
    events.emplace_back(data.type(), std::vector<std::byte>(bytes.bytes().begin(), bytes.bytes().end()));
    books.begin();
    fold(books, data, Occurrence{events.size(), {}, {}});
    books.commit();
    books.set_position(events.size());
  }
  void issue(const std::string& invoice) {
    InvoiceIssued issued;
    issued.invoice_id = InvoiceId(invoice);
    issued.account_id = AccountId("A");
    issued.type = InvoiceType::AzureMarketplace;
    issued.scope_type = ScopeType::Account;
    issued.scope_id = ScopeId("A");
    record(issued);
  }
  void add_line(const std::string& invoice, const std::string& id) {
    InvoiceLine line;
    line.line_id = id;
    line.description = "Virtual Machines, B1s";
    record(InvoiceLinesAdded{InvoiceId(invoice), 0, {line}});
  }
  [[nodiscard]] std::string lines_of(const std::string& invoice) const {
    const InvoiceLines* lines = books.invoice_lines(InvoiceId(invoice));
    if (lines == nullptr) return "none";
    std::string text;
    for (const InvoiceLine& each : lines->lines) text += each.line_id + " ";
    return text;
  }

  NoSealer sealer;
  std::vector<std::pair<EventType, std::vector<std::byte>>> events;
  int looks = 0;
  Books books;
};

TEST(Books, WhatADocumentSaysIsReadInTheLog) {
  BooksAndLog ledger;
  ledger.issue("E1");
  EXPECT_EQ(ledger.lines_of("E1"), "none") << "as of this position it has none";
  ledger.add_line("E1", "a");
  ledger.add_line("E1", "b");
  ledger.issue("E2");
  ledger.add_line("E2", "c");
  EXPECT_EQ(ledger.lines_of("E1"), "a b ") << "the next document's are none of its own";
  EXPECT_EQ(ledger.lines_of("E2"), "c ");
  EXPECT_EQ(ledger.lines_of("E3"), "none");
  ASSERT_NE(ledger.books.invoice_document(InvoiceId("E2")), nullptr);
  EXPECT_EQ(ledger.books.invoice_document(InvoiceId("E2"))->issued.account_id, AccountId("A"));
  EXPECT_EQ(ledger.books.invoice_document(InvoiceId("E3")), nullptr);
}

TEST(Books, WhatWasReadOnceStaysWhereItIsUntilTheNextTransaction) {
  BooksAndLog ledger;
  ledger.issue("E1");
  ledger.add_line("E1", "a");
  const InvoiceLines* first = ledger.books.invoice_lines(InvoiceId("E1"));
  EXPECT_NE(ledger.books.invoice_document(InvoiceId("E1")), nullptr);
  EXPECT_EQ(ledger.books.invoice_lines(InvoiceId("E1")), first);
  EXPECT_EQ(ledger.looks, 1);
  ledger.issue("E2");
  EXPECT_EQ(ledger.lines_of("E1"), "a ");
  EXPECT_EQ(ledger.looks, 2);
}

TEST(Books, NothingOfADocumentIsWrittenByACheckpoint) {
  BooksAndLog ledger;
  ledger.issue("E1");
  ledger.add_line("E1", "a");
  EXPECT_GT(ledger.books.changed_rows(), 0u);
  for (const Books::Change& change : ledger.books.take_changes()) {
    EXPECT_FALSE(change.key.front() == 'r' && codec::is_logged(static_cast<StateKind>(change.key[1]))) << change.key;
  }
  EXPECT_EQ(ledger.books.changed_rows(), 0u);
}

TEST(Books, ALogWithoutTheDocumentIsNoEmptyDocument) {
  BooksAndLog ledger;
  ledger.issue("E1");
  ledger.events.clear();
  EXPECT_THROW(static_cast<void>(ledger.books.invoice_document(InvoiceId("E1"))), InvariantBroken);
}

TEST(Books, ARefusedTransactionLeavesNoDocument) {
  BooksAndLog ledger;
  ledger.books.begin();
  InvoiceIssued issued;
  issued.invoice_id = InvoiceId("E1");
  fold(ledger.books, EventData(issued), Occurrence{1, {}, {}});
  ledger.books.roll_back();
  EXPECT_EQ(ledger.books.invoice_document(InvoiceId("E1")), nullptr);
  EXPECT_EQ(ledger.looks, 0);
}

TEST(Books, WhatHasNotChangedSinceAPositionIsKnownAsOfIt) {
  Books books;
  const auto change = [&](std::string_view account) {
    books.begin();
    static_cast<Account*>(books.edit_row(StateKind::Account, account))->currency = kEur;
    books.link(Relation::AllAccounts, {}, account);
    books.commit();
  };
  const auto currency_at = [&](std::string_view account, Position position) -> std::optional<std::string> {
    const std::optional<codec::StateBox> row = books.row_at(StateKind::Account, account, position);
    if (!row) return std::nullopt;
    return *row ? std::string(static_cast<const Account*>(row->get())->currency.text()) : "no account";
  };
  books.set_position(10);
  change("A");
  books.set_position(12);
  EXPECT_EQ(currency_at("A", 12), "EUR");
  EXPECT_EQ(currency_at("A", 10), std::nullopt);
  EXPECT_EQ(currency_at("B", 12), "no account");
  EXPECT_EQ(books.members_at(Relation::AllAccounts, {}, 12), std::vector<std::string>{"A"});
  EXPECT_EQ(books.members_at(Relation::AllAccounts, {}, 10), std::nullopt);
  EXPECT_EQ(books.members_at(Relation::ProfilesOfAccount, "A", 10), std::vector<std::string>());

  change("B");
  EXPECT_EQ(currency_at("A", 12), "EUR") << "another's change is none of its own";
  EXPECT_EQ(currency_at("B", 12), std::nullopt);
  EXPECT_EQ(books.members_at(Relation::AllAccounts, {}, 12), std::nullopt);
  books.set_position(14);
  EXPECT_EQ(currency_at("B", 14), "EUR");

  // Documents do not lie in memory.
  EXPECT_FALSE(books.row_at(StateKind::InvoiceLines, "E1", 20));
  EXPECT_FALSE(books.row_at(StateKind::InvoiceDocument, "E1", 20));
}

}  // namespace
}  // namespace daybook::engine
