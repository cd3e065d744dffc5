#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <simdjson.h>

/// JSON compared as the contract promises it: members in any order, and more of them than expected;
/// lists of exactly the expected length. `"…"` stands for any value but null.
namespace daybook::testing {

namespace json_like {

using Element = simdjson::dom::element;

inline std::string text_of(const Element& element) { return simdjson::minify(element); }

inline bool is_any(const Element& expected) {
  std::string_view text;
  return expected.get_string().get(text) == simdjson::SUCCESS && text == "…";
}

/// Where `actual` first differs, or nothing.
inline std::string difference(const Element& actual, const Element& expected,
                              const std::string& place) {
  if (is_any(expected)) return actual.is_null() ? place + " is null" : "";
  if (expected.is_object() && actual.is_object()) {
    for (const auto& [name, value] : simdjson::dom::object(expected)) {
      const std::string inner = place + "/" + std::string(name);
      Element member;
      if (actual.at_key(name).get(member) != simdjson::SUCCESS) return inner + " is missing";
      std::string found = difference(member, value, inner);
      if (!found.empty()) return found;
    }
    return "";
  }
  if (expected.is_array() && actual.is_array()) {
    const simdjson::dom::array left(actual);
    const simdjson::dom::array right(expected);
    if (left.size() != right.size()) {
      return place + " has " + std::to_string(left.size()) + " elements: " + text_of(actual);
    }
    std::size_t index = 0;
    for (const Element& value : right) {
      std::string found = difference(left.at(index), value, place + "/" + std::to_string(index));
      if (!found.empty()) return found;
      ++index;
    }
    return "";
  }
  if (text_of(actual) == text_of(expected)) return "";
  return place + " is " + text_of(actual) + ", not " + text_of(expected);
}

}  // namespace json_like

/// `EXPECT_THAT(json, JsonLike(R"({"status":"Due"})"))`.
MATCHER_P(JsonLike, expected_text, "is JSON like " + std::string(expected_text)) {
  simdjson::dom::parser actual_parser;
  simdjson::dom::parser expected_parser;
  json_like::Element actual;
  json_like::Element expected;
  if (actual_parser.parse(std::string(arg)).get(actual) != simdjson::SUCCESS) {
    *result_listener << "which is no JSON";
    return false;
  }
  if (expected_parser.parse(std::string(expected_text)).get(expected) != simdjson::SUCCESS) {
    *result_listener << "but what is expected is no JSON";
    return false;
  }
  const std::string found = json_like::difference(actual, expected, "");
  *result_listener << "where " << found;
  return found.empty();
}

/// The names of the members of a JSON object, sorted, apart by spaces.
inline std::string member_names(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::object object = parser.parse(std::string(json));
  std::vector<std::string> names;
  for (const auto& [name, value] : object) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace daybook::testing
