#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

/// What a setting may be.
enum class SettingKind : std::uint8_t {
  Switch,     ///< true or false
  Word,       ///< one of `allowed`
  WordList,   ///< a list of different ones of `allowed`
  Whole,      ///< a whole number from `least` to `most`
  WholeList,  ///< a list of such numbers, each greater than the one before
  Day,        ///< a date, or `none`
  Countries,  ///< a list of different country codes (ISO 3166-1 alpha-2)
  Text,       ///< any text without control characters
  TextList,   ///< a list of such texts
};

/// One entry of the configuration: the only place where its name, what it may be, its first value and what it means
/// are said.
struct SettingDefinition {
  std::string_view name;
  SettingKind kind = SettingKind::Switch;
  std::string_view default_value;  ///< JSON
  std::string_view allowed;        ///< words apart by '|'
  std::int32_t least = 0;
  std::int32_t most = 0;
  std::string_view source;   ///< the row or rule that it comes from: "CF-09"; empty: ours
  std::string_view meaning;  ///< one sentence
};

/// Why `value` (JSON without white space) is none for the setting: a sentence that says what it takes. Nothing: it is.
[[nodiscard]] std::optional<std::string> why_not(const SettingDefinition& setting, std::string_view value);

/// What the setting takes: `true or false`, `a whole number from 1 to 28`, `"restricted" or "usable"`.
[[nodiscard]] std::string what_it_takes(const SettingDefinition& setting);

/// The elements of a flat JSON array as they stand. Nothing where `json` is none. Texts hold no comma.
[[nodiscard]] std::optional<std::vector<std::string_view>> elements_of(std::string_view json);
/// A JSON text without its quotes. Nothing where `json` is none.
[[nodiscard]] std::optional<std::string_view> unquoted(std::string_view json);
/// A JSON number as it is always written. Nothing where `json` is none or leaves int32.
[[nodiscard]] std::optional<std::int32_t> whole_of(std::string_view json);

/// How many letters apart two words are (Levenshtein).
[[nodiscard]] std::size_t letters_apart(std::string_view left, std::string_view right);
/// The one of `names` that was probably meant by `word`: at most a third of its letters away. Empty: none is near.
[[nodiscard]] std::string_view nearest_name(const std::vector<std::string_view>& names, std::string_view word);

}  // namespace daybook
