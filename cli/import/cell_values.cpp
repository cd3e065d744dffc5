#include "cli/import/cell_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "ledger/domain/identifiers.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kIdentifierMax = 128;
constexpr std::size_t kDateChars = 10;  // 2024-03-05

tl::unexpected<Error> no_date() {
  return rejected("INVALID_TIME", "This is no date; write it as 2024-03-05, 2024-03-05 10:00:00 or 03/05/2024.");
}

bool digits(std::string_view text, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && text.front() != '-' && error == std::errc() && end == text.data() + text.size();
}

/// Month, day, year with slashes, as ISO.
std::optional<std::string> from_slashes(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second == std::string_view::npos || first > 2 || second - first > 3 || text.size() - second != 5) {
    return std::nullopt;
  }
  int month = 0;
  int day = 0;
  int year = 0;
  if (!digits(text.substr(0, first), month) || !digits(text.substr(first + 1, second - first - 1), day) ||
      !digits(text.substr(second + 1), year)) {
    return std::nullopt;
  }
  std::array<char, 48> iso{};
  std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02d", year, month, day);
  return std::string(iso.data());
}

bool has_zone(std::string_view time) {
  return time.ends_with('Z') || time.ends_with('z') || time.find_first_of("+-") != std::string_view::npos;
}

}  // namespace

bool is_missing(std::string_view cell) { return cell.empty() || cell == "NULL"; }

Result<Instant> export_instant(std::string_view cell) {
  if (cell.find('/') != std::string_view::npos) {
    const std::size_t space = std::min(cell.find(' '), cell.size());
    const std::optional<std::string> iso = from_slashes(cell.substr(0, space));
    if (!iso) return no_date();
    return export_instant(*iso + std::string(cell.substr(space)));
  }
  if (cell.size() == kDateChars) {
    const Result<Date> date = Date::parse(cell);
    if (!date) return no_date();
    return Instant::start_of(*date);
  }
  if (cell.size() < kDateChars + 2 || (cell[kDateChars] != ' ' && cell[kDateChars] != 'T')) return no_date();
  std::string text(cell);
  text[kDateChars] = 'T';
  // Azure writes minutes alone in some exports.
  if (text.size() == kDateChars + 1 + 5) text += ":00";
  if (!has_zone(std::string_view(text).substr(kDateChars + 1))) text += "Z";
  const Result<Instant> instant = Instant::parse(text);
  if (!instant) return no_date();
  return *instant;
}

std::optional<std::string> export_identifier(std::string_view cell) {
  while (cell.ends_with('/')) cell.remove_suffix(1);
  if (const std::size_t slash = cell.rfind('/'); slash != std::string_view::npos) cell.remove_prefix(slash + 1);
  std::string text(cell.substr(0, kIdentifierMax));
  for (char& c : text) {
    if (!is_identifier(std::string_view(&c, 1))) c = '-';
  }
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace daybook::cli
