#include "projections/row_key.h"

#include "ledger/domain/invariant.h"

namespace daybook::projections {

KeyWriter& KeyWriter::text(std::string_view value) {
  for (char c : value) {
    out().push_back(c);
    if (c == '\0') out().push_back('\xff');
  }
  out().append(2, '\0');
  return *this;
}

std::string KeyReader::text() {
  std::string value;
  for (std::size_t i = 0; i + 1 < rest_.size(); ++i) {
    if (rest_[i] != '\0') {
      value.push_back(rest_[i]);
    } else if (rest_[i + 1] == '\0') {
      rest_.remove_prefix(i + 2);
      return value;
    } else {
      value.push_back('\0');
      ++i;
    }
  }
  broken_invariant("text in a key has its end", __FILE__, __LINE__);
}

std::uint64_t KeyReader::big_endian(int bytes) {
  LEDGER_INVARIANT(rest_.size() >= static_cast<std::size_t>(bytes));
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value = value << 8 | static_cast<std::uint8_t>(rest_[static_cast<std::size_t>(i)]);
  rest_.remove_prefix(static_cast<std::size_t>(bytes));
  return value;
}

std::string after_prefix(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty()) {
    if (static_cast<std::uint8_t>(next.back()) != 0xff) {
      next.back() = static_cast<char>(static_cast<std::uint8_t>(next.back()) + 1);
      return next;
    }
    next.pop_back();
  }
  return next;
}

}  // namespace daybook::projections
