#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/billing_facts.h"
#include "tests/support/bookkept_ledger.h"

/// How the journal reads for hledger and beancount. That they accept it: tests/end_to_end/journal_test.py.
namespace daybook::testing {
namespace {

BookkeptLedger paid_invoice() {
  BookkeptLedger books;
  books.at("2024-02-02")
      .given({vat(), account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-03-05"), cost("sub-01", "30.00", "2024-03-07")});
  books.when(AdvanceClock{midnight("2024-05-02"), true});
  books.at("2024-05-04").given({payment(books.invoice().invoice_id, "p:1", "36.30")});
  return books;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

TEST(JournalText, ForHledger) {
  const BookkeptLedger books = paid_invoice();
  const std::string id = books.invoice().invoice_id.text();
  const std::string text =
      replaced(hledger_text(books.part(), "Daybook journal at position 8"), id, "E12345678");
  const std::string issued = std::to_string(books.journal().entries()[0].position);
  const std::string paid = std::to_string(books.journal().entries()[1].position);
  EXPECT_EQ(text, "; Daybook journal at position 8\n"
                  "; Check:    hledger -f FILE check --strict ordereddates payees\n"
                  "; Balances: hledger -f FILE balance\n"
                  "decimal-mark .\n"
                  "commodity 1.00 EUR\n"
                  "\n"
                  "payee acc-1\n"
                  "\n"
                  "account assets:bank\n"
                  "account assets:receivable:acc-1\n"
                  "account income:usage\n"
                  "account liabilities:tax:NL:21\n"
                  "\n"
                  "2024-05-02 * (E12345678) acc-1 | Invoice\n"
                  "    ; event: " + issued + "\n"
                  "    assets:receivable:acc-1   36.30 EUR\n"
                  "    income:usage             -30.00 EUR = -30.00 EUR\n"
                  "    liabilities:tax:NL:21     -6.30 EUR = -6.30 EUR\n"
                  "\n"
                  "2024-05-04 * (p:1) acc-1 | Payment of E12345678\n"
                  "    ; event: " + paid + "\n"
                  "    assets:bank               36.30 EUR = 36.30 EUR\n"
                  "    assets:receivable:acc-1  -36.30 EUR = 0.00 EUR\n"
                  "\n");
}

TEST(JournalText, ForBeancount) {
  const BookkeptLedger books = paid_invoice();
  const std::string id = books.invoice().invoice_id.text();
  const std::string text = replaced(beancount_text(books.part(), "Daybook"), id, "E12345678");
  const std::string issued = std::to_string(books.journal().entries()[0].position);
  const std::string paid = std::to_string(books.journal().entries()[1].position);
  EXPECT_EQ(text, "; Daybook\n"
                  "; Check: bean-check FILE\n"
                  "option \"title\" \"Daybook\"\n"
                  "option \"operating_currency\" \"EUR\"\n"
                  "\n"
                  "2024-05-02 open Assets:Bank\n"
                  "2024-05-02 open Assets:Receivable:Id-acc-1\n"
                  "2024-05-02 open Income:Usage\n"
                  "2024-05-02 open Liabilities:Tax:NL:21\n"
                  "\n"
                  "2024-05-02 * \"acc-1\" \"Invoice\"\n"
                  "  code: \"E12345678\"\n"
                  "  event: " + issued + "\n"
                  "  Assets:Receivable:Id-acc-1   36.30 EUR\n"
                  "  Income:Usage                -30.00 EUR\n"
                  "  Liabilities:Tax:NL:21        -6.30 EUR\n"
                  "\n"
                  "2024-05-04 * \"acc-1\" \"Payment of E12345678\"\n"
                  "  code: \"p:1\"\n"
                  "  event: " + paid + "\n"
                  "  Assets:Bank                  36.30 EUR\n"
                  "  Assets:Receivable:Id-acc-1  -36.30 EUR\n"
                  "\n"
                  "2024-05-05 balance Assets:Bank                  36.30 ~ 0 EUR\n"
                  "2024-05-05 balance Assets:Receivable:Id-acc-1    0.00 ~ 0 EUR\n"
                  "2024-05-05 balance Income:Usage                -30.00 ~ 0 EUR\n"
                  "2024-05-05 balance Liabilities:Tax:NL:21        -6.30 ~ 0 EUR\n");
}

TEST(JournalText, NoNameBecomesSyntaxOrAnotherAccount) {
  const std::string names[] = {"acc-1", "Acc-1", "acc:1", "acc.1", "acc_1", "acc--1", "acc-", "-acc", "a-.b", "a.-b",
                               "a--d.b", "a---b", "Id-acc-1", "Id-Acc-1", "Id-", "1", "1.5", "1-5", "--d1", ".1", "a%3Ab",
                               "A", "a", ":", ".", "-", "_"};
  std::set<std::string> hledger;
  std::set<std::string> beancount;
  for (const std::string& name : names) {
    const std::string plain = hledger_account({"assets:receivable", {name}});
    EXPECT_EQ(std::count(plain.begin(), plain.end(), ':'), 2) << plain;
    EXPECT_TRUE(hledger.insert(plain).second) << plain;
    const std::string capital = beancount_account({"assets:receivable", {name}});
    EXPECT_TRUE(beancount.insert(capital).second) << capital;
    const std::string last = capital.substr(std::string("Assets:Receivable:").size());
    EXPECT_TRUE((last[0] >= 'A' && last[0] <= 'Z') || (last[0] >= '0' && last[0] <= '9')) << last;
    EXPECT_EQ(last.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  }
  EXPECT_EQ(beancount_account({"liabilities:tax", {"CH", "8.1"}}), "Liabilities:Tax:CH:8-1");
}

TEST(JournalText, APayeeStaysInItsLine) {
  EXPECT_EQ(hledger_word(" Rogue; Co | \n2024-01-01 * (x)\tmore  "), "Rogue, Co / 2024-01-01 * (x) more");
  EXPECT_EQ(hledger_word("\n"), "-");
  EXPECT_EQ(beancount_string("a \"quoted\" \\ name\nand more"), "\"a \\\"quoted\\\" \\\\ name and more\"");
}

TEST(JournalText, CurrenciesHaveTheirOwnDecimals) {
  JournalPart part;
  for (const std::string_view code : {"JPY", "KWD", "EUR"}) {
    const Currency currency = Currency::parse(code).value();
    for (const char* path : {"assets:bank", "income:usage"})
      part.closing[{{path, {}}, currency}] = {0, currency};
  }
  const std::string text = hledger_text(part, "x");
  EXPECT_NE(text.find("commodity 1.00 EUR\ncommodity 1. JPY\ncommodity 1.000 KWD\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace daybook::testing
