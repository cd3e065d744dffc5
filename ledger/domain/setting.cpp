#include "ledger/domain/setting.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "ledger/domain/country.h"
#include "ledger/domain/time.h"

namespace daybook {
namespace {

bool is_word_of(std::string_view allowed, std::string_view word) {
  while (true) {
    const std::size_t bar = allowed.find('|');
    if (allowed.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    allowed.remove_prefix(bar + 1);
  }
}

bool is_in_range(const SettingDefinition& setting, std::string_view json) {
  const auto value = whole_of(json);
  return value && *value >= setting.least && *value <= setting.most;
}

bool are_rising(const std::vector<std::string_view>& parts) {
  return std::adjacent_find(parts.begin(), parts.end(), [](std::string_view left, std::string_view right) {
           return whole_of(left) >= whole_of(right);
         }) == parts.end();
}

bool are_different(const std::vector<std::string_view>& parts) {
  return std::set<std::string_view>(parts.begin(), parts.end()).size() == parts.size();
}

bool is_text(std::string_view json) {
  const auto text = unquoted(json);
  return text && std::none_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

template <class Allowed>
bool is_list_of(std::string_view json, Allowed allowed) {
  const auto parts = elements_of(json);
  return parts && std::all_of(parts->begin(), parts->end(), allowed) && are_different(*parts);
}

bool is_allowed(const SettingDefinition& setting, std::string_view value) {
  switch (setting.kind) {
    case SettingKind::Switch:
      return value == "true" || value == "false";
    case SettingKind::Word: {
      const auto word = unquoted(value);
      return word && is_word_of(setting.allowed, *word);
    }
    case SettingKind::WordList:
      return is_list_of(value, [&](std::string_view each) {
        const auto word = unquoted(each);
        return word && is_word_of(setting.allowed, *word);
      });
    case SettingKind::Whole:
      return is_in_range(setting, value);
    case SettingKind::WholeList: {
      const auto parts = elements_of(value);
      return parts &&
             std::all_of(parts->begin(), parts->end(), [&](std::string_view each) { return is_in_range(setting, each); }) &&
             are_rising(*parts);
    }
    case SettingKind::Day: {
      const auto word = unquoted(value);
      return word && (*word == "none" || Date::parse(*word).has_value());
    }
    case SettingKind::Countries:
      return is_list_of(value, [](std::string_view each) {
        const auto word = unquoted(each);
        return word && is_country(*word);
      });
    case SettingKind::Text:
      return is_text(value);
    case SettingKind::TextList:
      return is_list_of(value, is_text);
  }
  return false;
}

/// `a|b|c` as `"a", "b" or "c"`.
std::string words_in_prose(std::string_view allowed) {
  std::string prose;
  while (true) {
    const std::size_t bar = allowed.find('|');
    prose += "\"" + std::string(allowed.substr(0, bar)) + "\"";
    if (bar == std::string_view::npos) return prose;
    allowed.remove_prefix(bar + 1);
    prose += allowed.find('|') == std::string_view::npos ? " or " : ", ";
  }
}

}  // namespace

std::optional<std::string> why_not(const SettingDefinition& setting, std::string_view value) {
  if (is_allowed(setting, value)) return std::nullopt;
  return std::string(setting.name) + " takes " + what_it_takes(setting) + ", as in " + std::string(setting.default_value);
}

std::string what_it_takes(const SettingDefinition& setting) {
  const std::string range = std::to_string(setting.least) + " to " + std::to_string(setting.most);
  switch (setting.kind) {
    case SettingKind::Switch:
      return "true or false";
    case SettingKind::Word:
      return words_in_prose(setting.allowed);
    case SettingKind::WordList:
      return "a list of " + words_in_prose(setting.allowed);
    case SettingKind::Whole:
      return "a whole number from " + range;
    case SettingKind::WholeList:
      return "a rising list of whole numbers from " + range;
    case SettingKind::Day:
      return "a date or \"none\"";
    case SettingKind::Countries:
      return "a list of country codes of two letters";
    case SettingKind::Text:
      return "a text";
    case SettingKind::TextList:
      return "a list of texts";
  }
  return {};
}

std::optional<std::vector<std::string_view>> elements_of(std::string_view json) {
  if (json.size() < 2 || json.front() != '[' || json.back() != ']') return std::nullopt;
  json = json.substr(1, json.size() - 2);
  std::vector<std::string_view> result;
  while (!json.empty()) {
    const std::size_t comma = json.find(',');
    result.push_back(json.substr(0, comma));
    if (comma == std::string_view::npos) break;
    json.remove_prefix(comma + 1);
    if (json.empty()) return std::nullopt;
  }
  return result;
}

std::optional<std::string_view> unquoted(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return std::nullopt;
  return json.substr(1, json.size() - 2);
}

std::optional<std::int32_t> whole_of(std::string_view json) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
  if (error != std::errc() || end != json.data() + json.size() || std::to_string(value) != json) return std::nullopt;
  return value;
}

std::size_t letters_apart(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (left[i - 1] == right[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

std::string_view nearest_name(const std::vector<std::string_view>& names, std::string_view word) {
  std::string_view best;
  std::size_t nearest = std::max<std::size_t>(word.size() / 3, 2) + 1;
  for (const std::string_view name : names) {
    if (const std::size_t apart = letters_apart(name, word); apart < nearest) {
      nearest = apart;
      best = name;
    }
  }
  return best;
}

}  // namespace daybook
