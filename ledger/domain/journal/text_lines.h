#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What both forms of the journal share.
namespace daybook {

constexpr bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// In one line: control characters are blanks, blanks stand alone and not at the ends.
inline std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!is_blank) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

/// An account, an amount to the right of it, and what follows.
struct TextLine {
  std::string account;
  std::string amount;
  std::string currency;
  std::string rest;
};

/// Lines below one another, amounts ending in one column.
inline void write_aligned(const std::vector<TextLine>& lines, std::string_view indent,
                          std::string& out) {
  std::size_t accounts = 0;
  std::size_t amounts = 0;
  for (const TextLine& line : lines) {
    accounts = std::max(accounts, line.account.size());
    amounts = std::max(amounts, line.amount.size());
  }
  for (const TextLine& line : lines) {
    out += indent;
    out += line.account;
    out.append(accounts - line.account.size() + 2 + amounts - line.amount.size(), ' ');
    out += line.amount + " " + line.currency + line.rest + "\n";
  }
}

}  // namespace daybook
