#pragma once

#include <string_view>
#include <utility>

#include <simdjson.h>

/// Names and values of a JSON text as they stand there, before anything is made of them. Only .cpp
/// files of this folder include this header.
namespace daybook::codec {

/// The name of a field as it was meant, and its place in the text.
[[nodiscard]] bool unescaped_key(simdjson::ondemand::field& field, std::string_view& name);

/// The field in `result`, which is no error; where it lies, for copying one stalls the processor.
[[nodiscard]] inline simdjson::ondemand::field&& field_of(
    simdjson::simdjson_result<simdjson::ondemand::field>& result) {
  return std::move(result).value_unsafe();
}

/// What the string in `token`, which begins with a quote, says, when it holds nothing but characters
/// that stand for themselves and need no look from refuse_text but at their number, and stands where
/// a value may. Else false: the parser reads it then. The text lies where the token lies.
[[nodiscard]] bool plain_text(std::string_view token, std::string_view& text);

/// The first character of `value`, which says of what type it is.
[[nodiscard]] inline char first_of(simdjson::ondemand::value& value) {
  return *value.raw_json_token().data();
}
[[nodiscard]] std::string_view token_of(simdjson::ondemand::value& value);

/// Whether a value that begins with `c` is a number, or a NaN or Infinity that somebody meant for one.
[[nodiscard]] bool begins_number(char c);
/// Whether the token is a whole number as JSON writes it; `-0` is none.
[[nodiscard]] bool is_integer(std::string_view token);

}  // namespace daybook::codec
