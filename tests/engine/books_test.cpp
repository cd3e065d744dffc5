#include "ledger/engine/books.h"

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
  books.begin();
  add_line(books, "E1", "a");
  books.commit();
  books.begin();
  add_line(books, "E1", "b");
  add_line(books, "E2", "x");
  books.roll_back();
  EXPECT_EQ(ids(books, "E1"), "a ");
  EXPECT_EQ(ids(books, "E2"), "none");
}

TEST(Books, LinesGoThroughACheckpoint) {
  Books books;
  books.begin();
  add_line(books, "E1", "a");
  books.commit();
  const std::vector<Books::Change> changes = books.take_changes();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_FALSE(changes[0].erased);
  EXPECT_TRUE(books.take_changes().empty());

  class NoSealer final : public codec::Sealer {
   public:
    Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override {
      return std::string(plain);
    }
    Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
  };
  Books restored;
  EXPECT_TRUE(restored.restore(changes[0].key, changes[0].value, NoSealer()).value());
  EXPECT_EQ(ids(restored, "E1"), "a ");
  restored.begin();
  add_line(restored, "E1", "b");
  restored.roll_back();
  EXPECT_EQ(ids(restored, "E1"), "a ");
}

}  // namespace
}  // namespace daybook::engine
