#include <set>

#include "ledger/domain/journal/journal_text.h"
#include "ledger/domain/journal/text_lines.h"

namespace daybook {
namespace {

constexpr std::string_view kMark = "Id-";

bool is_beside_others(std::string_view name, std::size_t at) {
  const bool before = at > 0 && is_letter_or_digit(name[at - 1]);
  const bool after = at + 1 < name.size() && is_letter_or_digit(name[at + 1]);
  return !before || !after;
}

std::string beancount_name(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_letter_or_digit(c)) {
      text.push_back(c);
    } else if (c == '.') {
      text += "--d";
    } else if (c == '_') {
      text += "--u";
    } else if (c == ':') {
      text += "--c";
    } else {
      text += c == '-' && !is_beside_others(name, i) ? "-" : "--h";
    }
  }
  const bool begins_well = !text.empty() && text.front() != '-' &&
                           (text.front() < 'a' || text.front() > 'z') && !name.starts_with(kMark);
  return begins_well ? text : std::string(kMark) + text;
}

std::string rate_of(std::string name) {
  for (char& c : name) {
    if (c == '.') c = '-';
  }
  return name;
}

/// `Assets:Receivable`.
std::string capitals(std::string path) {
  bool begins = true;
  for (char& c : path) {
    if (begins && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    begins = c == ':';
  }
  return path;
}

void write_beancount(const JournalEntry& entry, std::string& out) {
  out += entry.date.text() + " * " + beancount_string(entry.payee) + " " +
         beancount_string(entry.narration) + "\n";
  if (!entry.code.empty()) out += "  code: " + beancount_string(entry.code) + "\n";
  if (entry.position != 0) out += "  event: " + std::to_string(entry.position) + "\n";
  std::vector<TextLine> lines;
  for (const Posting& posting : entry.postings) {
    lines.push_back({beancount_account(posting.account), posting.amount.amount_text(),
                     std::string(posting.amount.currency.text()), {}});
  }
  write_aligned(lines, "  ", out);
  out += "\n";
}

}  // namespace

std::string beancount_account(const LedgerAccount& account) {
  std::string text = capitals(account.path);
  const bool is_tax = account.path == "liabilities:tax" && account.names.size() == 2;
  for (std::size_t i = 0; i < account.names.size(); ++i)
    text += ":" + (is_tax && i == 1 ? rate_of(account.names[i]) : beancount_name(account.names[i]));
  return text;
}

std::string beancount_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : in_one_line(text)) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string beancount_text(const JournalPart& part, std::string_view title) {
  std::set<Currency> currencies;
  std::set<std::string> accounts;
  for (const auto& [key, balance] : part.closing) {
    currencies.insert(key.second);
    accounts.insert(beancount_account(key.first));
  }
  std::string out = "; " + in_one_line(title) + "\n; Check: bean-check FILE\n";
  out += "option \"title\" \"Daybook\"\n";
  for (const Currency currency : currencies)
    out += "option \"operating_currency\" \"" + std::string(currency.text()) + "\"\n";
  out += "\n";
  if (part.entries.empty()) return out;
  const std::string first = part.entries.front().date.text();
  for (const std::string& account : accounts) out += first + " open " + account + "\n";
  out += "\n";
  for (const JournalEntry& entry : part.entries) write_beancount(entry, out);
  std::vector<TextLine> lines;
  for (const auto& [key, balance] : part.closing) {
    lines.push_back({beancount_account(key.first), balance.amount_text() + " ~ 0",
                     std::string(key.second.text()), {}});
  }
  write_aligned(lines, part.balanced_before.text() + " balance ", out);
  return out;
}

}  // namespace daybook
