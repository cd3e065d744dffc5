#include "ledger/codec/json_tokens.h"

#include <cstdint>
#include <cstring>

namespace daybook::codec {
namespace {

/// Whether one of the `size` characters is a backslash or 0x7f; never false for one that is. Eight at
/// a time: at least 8 bytes more may be read. The parser has refused lower control characters.
bool may_need_care(const char* text, std::size_t size) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::uint64_t found = 0;
  for (std::size_t at = 0; at < size; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text + at, sizeof word);
    if (size - at < 8) word &= (std::uint64_t{1} << 8 * (size - at)) - 1;
    const std::uint64_t backslashes = word ^ '\\' * kOnes;
    const std::uint64_t deletes = word ^ 0x7f * kOnes;
    found |= ((backslashes - kOnes) & ~backslashes) | ((deletes - kOnes) & ~deletes);
  }
  return (found & 0x80 * kOnes) != 0;
}

bool is_white_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

bool is_integer(std::string_view token) {
  const std::string_view digits = token.starts_with('-') ? token.substr(1) : token;
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0') || token == "-0") return false;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool begins_number(char c) { return c == '-' || (c >= '0' && c <= '9') || c == 'N' || c == 'I'; }

bool plain_text(std::string_view token, std::string_view& text) {
  // What stands behind the value is seen to here, for the parser takes a string with a colon behind
  // it for a member's name.
  const char next = token.data()[token.size()];
  if (next != ',' && next != '}' && next != ']') return false;
  std::size_t end = token.size() - 1;
  while (is_white_space(token[end])) --end;
  if (end == 0 || token[end] != '"') return false;
  const std::string_view inside = token.substr(1, end - 1);
  if (may_need_care(inside.data(), inside.size())) return false;
  text = inside;
  return true;
}

std::string_view token_of(simdjson::ondemand::value& value) {
  std::string_view token = value.raw_json_token();
  while (!token.empty() && is_white_space(token.back())) token.remove_suffix(1);
  return token;
}

bool unescaped_key(simdjson::ondemand::field& field, std::string_view& name) {
  return field.unescaped_key().get(name) == simdjson::SUCCESS;
}

}  // namespace daybook::codec
