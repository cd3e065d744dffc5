#include <set>

#include "ledger/domain/journal/journal_text.h"
#include "ledger/domain/journal/text_lines.h"

namespace daybook {
namespace {

std::string hledger_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char c : name) {
    if (is_letter_or_digit(c) || c == '.' || c == '_' || c == '-') {
      text.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text.push_back('%');
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

/// A document's or payment's own name, in brackets.
std::string in_brackets(std::string_view code) {
  std::string text(code);
  for (char& c : text) {
    if (c < ' ' || c == '(' || c == ')' || c == ';') c = '_';
  }
  return "(" + text + ")";
}

/// `1.00`: as many decimals as the currency has.
std::string example_of(Currency currency) {
  std::string amount = Money{0, currency}.amount_text();
  amount.front() = '1';
  return currency.minor_digits() == 0 ? amount + "." : amount;
}

void write_hledger(const JournalEntry& entry, std::string& out) {
  out += entry.date.text() + " * ";
  if (!entry.code.empty()) out += in_brackets(entry.code) + " ";
  out += hledger_word(entry.payee) + " | " + hledger_word(entry.narration) + "\n";
  if (entry.position != 0) out += "    ; event: " + std::to_string(entry.position) + "\n";
  std::vector<TextLine> lines;
  for (const Posting& posting : entry.postings) {
    const std::string currency(posting.amount.currency.text());
    TextLine line{hledger_account(posting.account), posting.amount.amount_text(), currency, {}};
    if (posting.balance) line.rest = " = " + posting.balance->amount_text() + " " + currency;
    lines.push_back(std::move(line));
  }
  write_aligned(lines, "    ", out);
  out += "\n";
}

}  // namespace

std::string hledger_account(const LedgerAccount& account) {
  std::string text = account.path;
  for (const std::string& name : account.names) text += ":" + hledger_name(name);
  return text;
}

std::string hledger_word(std::string_view text) {
  std::string word = in_one_line(text);
  for (char& c : word) {
    if (c == '|') c = '/';
    if (c == ';') c = ',';
  }
  return word.empty() ? "-" : word;
}

std::string hledger_text(const JournalPart& part, std::string_view title) {
  std::set<Currency> currencies;
  std::set<std::string> payees;
  std::set<std::string> accounts;
  for (const auto& [key, balance] : part.closing) {
    currencies.insert(key.second);
    accounts.insert(hledger_account(key.first));
  }
  for (const JournalEntry& entry : part.entries) payees.insert(hledger_word(entry.payee));

  std::string out = "; " + hledger_word(title) + "\n";
  out += "; Check:    hledger -f FILE check --strict ordereddates payees\n";
  out += "; Balances: hledger -f FILE balance\n";
  out += "decimal-mark .\n";
  for (const Currency currency : currencies)
    out += "commodity " + example_of(currency) + " " + std::string(currency.text()) + "\n";
  out += "\n";
  for (const std::string& payee : payees) out += "payee " + payee + "\n";
  out += "\n";
  for (const std::string& account : accounts) out += "account " + account + "\n";
  out += "\n";
  for (const JournalEntry& entry : part.entries) write_hledger(entry, out);
  return out;
}

}  // namespace daybook
