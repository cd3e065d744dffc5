#include "cli/import/month_replacement.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

/// `DIGEST-N`, as an import names its rows.
std::optional<std::pair<std::string, std::uint64_t>> parts_of(std::string_view id) {
  const std::size_t hyphen = id.rfind('-');
  if (hyphen == std::string_view::npos) return std::nullopt;
  const std::string_view digits = id.substr(hyphen + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return std::pair(std::string(id.substr(0, hyphen)), number);
}

}  // namespace

std::optional<Period> month_of_text(std::string_view text) {
  const Result<Date> first = Date::parse(std::string(text) + "-01");
  if (!first || text.size() != 7) return std::nullopt;
  return Period{*first, first->first_of_next_month()};
}

Outcome<void> MonthReplacement::compare(Target& target) {
  std::set<std::string> sources;
  for (const auto& [key, rows] : rows_) sources.insert(key.first);
  constexpr std::array kRecorded = {EventType::UsageRecorded};
  LEDGER_CHECK(target.read_log(kRecorded, [&](const Event& event, std::uint64_t) -> Outcome<void> {
    const auto& row = event.data.get<UsageRecorded>();
    const Date day = row.usage_date.value_or(event.envelope.time.date());
    if (!month_.contains(day) || !sources.contains(event.envelope.source)) return {};
    const auto parts = parts_of(event.envelope.id);
    if (!parts) return {};
    Rows& rows = rows_[{event.envelope.source, parts->first}];
    rows.living[parts->second] = row.subscription_id.text();
    rows.last = std::max(rows.last, parts->second);
    return {};
  }));
  constexpr std::array kVoided = {EventType::UsageVoided};
  LEDGER_CHECK(target.read_log(kVoided, [&](const Event& event, std::uint64_t) -> Outcome<void> {
    const auto parts = parts_of(event.data.get<UsageVoided>().usage_id);
    const auto found = parts ? rows_.find({event.envelope.source, parts->first}) : rows_.end();
    if (found != rows_.end()) found->second.living.erase(parts->second);
    return {};
  }));
  return {};
}

std::string MonthReplacement::next_id(const std::string& source, const std::string& digest) {
  Rows& rows = rows_[{source, digest}];
  const std::uint64_t n = rows.named++;
  if (n < rows.living.size()) {
    return digest + "-" + std::to_string(std::next(rows.living.begin(), static_cast<std::ptrdiff_t>(n))->first);
  }
  return digest + "-" + std::to_string(++rows.last);
}

std::vector<MonthReplacement::Gone> MonthReplacement::gone() const {
  std::vector<Gone> gone;
  for (const auto& [key, rows] : rows_) {
    std::uint64_t n = 0;
    for (const auto& [number, subscription] : rows.living) {
      if (n++ < rows.wanted) continue;
      gone.push_back({key.first, subscription, key.second + "-" + std::to_string(number)});
    }
  }
  return gone;
}

std::uint64_t MonthReplacement::kept() const {
  std::uint64_t kept = 0;
  for (const auto& [key, rows] : rows_) kept += std::min<std::uint64_t>(rows.wanted, rows.living.size());
  return kept;
}

std::uint64_t MonthReplacement::added() const {
  std::uint64_t added = 0;
  for (const auto& [key, rows] : rows_) added += rows.wanted - std::min<std::uint64_t>(rows.wanted, rows.living.size());
  return added;
}

}  // namespace daybook::cli
