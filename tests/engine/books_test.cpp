#include "ledger/engine/books.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

/// Lines of invoices lie frozen in the books between transactions; nobody who reads or changes them sees a difference.
namespace daybook::engine {
namespace {

InvoiceLine line(std::string id) {
  InvoiceLine line;
  line.line_id = std::move(id);
  line.description = "Virtual Machines, B1s";
  return line;
}

void add_line(Books& books, std::string_view invoice, std::string id) {
  auto& lines = *static_cast<InvoiceLines*>(books.edit_row(StateKind::InvoiceLines, invoice));
  lines.invoice_id = InvoiceId(std::string(invoice));
  lines.lines.push_back(line(std::move(id)));
}

/// `add_line` in a transaction of its own.
void commit_line(Books& books, std::string_view invoice, std::string id) {
  books.begin();
  add_line(books, invoice, std::move(id));
  books.commit();
}

std::string ids(const Books& books, std::string_view invoice) {
  const InvoiceLines* lines = books.invoice_lines(InvoiceId(std::string(invoice)));
  if (lines == nullptr) return "none";
  std::string text;
  for (const InvoiceLine& each : lines->lines) text += each.line_id + " ";
  return text;
}

TEST(Books, LinesAreTheSameBeforeAndAfterTheTransaction) {
  Books books;
  books.begin();
  add_line(books, "E1", "a");
  EXPECT_EQ(ids(books, "E1"), "a ");
  add_line(books, "E1", "b");
  books.commit();
  EXPECT_EQ(ids(books, "E1"), "a b ");
  const InvoiceLines* first = books.invoice_lines(InvoiceId("E1"));
  EXPECT_EQ(books.invoice_lines(InvoiceId("E1")), first) << "what was read once stays where it is";
  EXPECT_EQ(first->lines.at(1), line("b"));
  books.begin();
  add_line(books, "E1", "c");
  EXPECT_EQ(ids(books, "E1"), "a b c ");
  books.commit();
  EXPECT_EQ(ids(books, "E1"), "a b c ");
  EXPECT_EQ(ids(books, "E2"), "none");
}

TEST(Books, ARefusedTransactionLeavesTheLinesAsTheyWere) {
  Books books;
  commit_line(books, "E1", "a");
  books.begin();
  add_line(books, "E1", "b");
  add_line(books, "E2", "x");
  books.roll_back();
  EXPECT_EQ(ids(books, "E1"), "a ");
  EXPECT_EQ(ids(books, "E2"), "none");
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
  commit_line(books, "E1", "a");
  EXPECT_FALSE(books.row_at(StateKind::InvoiceLines, "E1", 20));
}

/// Checkpoints as the engine writes them.
class Checkpoints {
 public:
  explicit Checkpoints(Books& books) : books_(books) { books.over(stored_, sealer_); }

  void take() { taken_ = books_.take_changes(); }
  std::size_t write() {
    for (const Books::Change& change : taken_) {
      EXPECT_FALSE(change.erased) << change.key;
      rows_[change.key] = change.value;
    }
    books_.written(taken_);
    return taken_.size();
  }
  std::size_t take_and_write() {
    take();
    return write();
  }

 private:
  class NoSealer final : public codec::Sealer {
   public:
    Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override { return std::string(plain); }
    Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
  };

  Books& books_;
  NoSealer sealer_;
  std::map<std::string, std::string> rows_;
  std::vector<Books::Change> taken_;
  StoredRows stored_ = [this](StateKind kind, std::string_view key) -> std::optional<std::string> {
    const auto found = rows_.find(Books::stored_key(kind, key));
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  };
};

TEST(Books, LinesAreKeptUntilTheyAreWrittenAndFoundAfterwards) {
  Books books;
  Checkpoints checkpoints(books);
  commit_line(books, "E1", "a");
  EXPECT_GT(books.unwritten_bytes(), 0u);
  EXPECT_EQ(checkpoints.take_and_write(), 1u);
  EXPECT_EQ(books.unwritten_bytes(), 0u);
  EXPECT_EQ(ids(books, "E1"), "a ");
  EXPECT_EQ(checkpoints.take_and_write(), 0u) << "nothing has changed";
  books.begin();
  add_line(books, "E1", "b");
  EXPECT_EQ(ids(books, "E1"), "a b ");
  books.roll_back();
  EXPECT_EQ(ids(books, "E1"), "a ");
  commit_line(books, "E1", "c");
  EXPECT_EQ(checkpoints.take_and_write(), 1u);
  EXPECT_EQ(ids(books, "E1"), "a c ");
}

TEST(Books, WhatChangesWhileACheckpointIsWrittenIsNotLost) {
  Books books;
  Checkpoints checkpoints(books);
  commit_line(books, "E1", "a");
  checkpoints.take();
  commit_line(books, "E1", "b");
  checkpoints.write();
  EXPECT_GT(books.unwritten_bytes(), 0u);
  EXPECT_EQ(ids(books, "E1"), "a b ");
  // Changed and changed back meanwhile: it is written as it is, and stays so.
  checkpoints.take();
  books.begin();
  add_line(books, "E1", "c");
  books.roll_back();
  checkpoints.write();
  EXPECT_EQ(books.unwritten_bytes(), 0u);
  EXPECT_EQ(checkpoints.take_and_write(), 0u);
  EXPECT_EQ(ids(books, "E1"), "a b ");
}

TEST(Books, ARefusedNewRowIsNotWritten) {
  Books books;
  Checkpoints checkpoints(books);
  books.begin();
  add_line(books, "E1", "a");
  books.roll_back();
  EXPECT_EQ(checkpoints.take_and_write(), 0u);
  EXPECT_EQ(ids(books, "E1"), "none");
}

}  // namespace
}  // namespace daybook::engine
