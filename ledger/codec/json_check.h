#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"

namespace daybook::codec {

/// What a strict reading of one JSON value found.
struct JsonCheck {
  /// MALFORMED_JSON, JSON_TOO_DEEP, DUPLICATE_MEMBER (with the pointer of the second one) or
  /// TOO_MANY_MEMBERS.
  std::optional<Error> error;
  /// Behind the value and the white space after it.
  std::size_t end = 0;
};

/// Reads the one value at the beginning of `text` by RFC 8259 and the limits of
/// flatbuffers_layout.h, without building anything; `depth` is that of the value itself. Appends it
/// to `compact`, when given, without white space. The slow half of the JSON reader: it says what is
/// wrong with a text that simdjson or a description refused, so that a text that is no JSON is
/// always called so. UTF-8 has been checked before.
[[nodiscard]] JsonCheck check_json(std::string_view text, int depth = 1,
                                   std::string* compact = nullptr);

/// The same for a text that was refused already: NaN and Infinity pass for numbers, since the
/// member that they stand for has refused them by its name.
[[nodiscard]] JsonCheck check_refused_json(std::string_view text, int depth = 1);

/// As check_json for a value inside a text: what follows has to be a comma, a closing bracket or
/// the end of `text`, else the value is MALFORMED_JSON (`-03` begins with a number, but is none).
[[nodiscard]] JsonCheck check_inner_json(std::string_view text, int depth,
                                         std::string* compact = nullptr);

/// Why `text`, refused for `reason`, is no JSON for us at all, if that is so: then the other reason
/// hardly matters.
[[nodiscard]] std::optional<Error> refuse_json(std::string_view text, const Error& reason);

/// Appends `token` to an RFC 6901 pointer.
void append_pointer(std::string& pointer, std::string_view token);

}  // namespace daybook::codec
