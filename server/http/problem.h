#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"
#include "server/http/message.h"

namespace daybook::http {

/// One row of the table of codes: docs/reference/errors.md prints it, a test compares.
struct ProblemCode {
  std::string_view code;     ///< "NOT_FOUND"
  unsigned status;           ///< 404
  std::string_view title;    ///< "Not found"
  std::string_view meaning;  ///< what happened and what to do, one sentence
};

/// Every code this program answers with, by status and then as declared.
[[nodiscard]] std::span<const ProblemCode> problem_codes();
/// Null when unknown.
[[nodiscard]] const ProblemCode* find_problem_code(std::string_view code);
/// The status of `error.code`; for a code outside the table what its kind says.
[[nodiscard]] unsigned status_of(const Error& error);
/// "NOT_FOUND" → "/problems/not-found".
[[nodiscard]] std::string problem_type(std::string_view code);

/// A further member of a problem document; `json` is JSON text (json_quoted() makes strings).
struct ProblemMember {
  std::string_view name;
  std::string json;
};

/// RFC 9457 document with status, headers that belong to its code (WWW-Authenticate, Retry-After)
/// and `errors`: those given, else the error itself where it has a pointer, else none. `status` 0: that of its code.
[[nodiscard]] Response problem(const Error& error, std::string_view request_id,
                               std::span<const Error> errors = {},
                               std::span<const ProblemMember> members = {}, unsigned status = 0);
/// For codes that need no kind.
[[nodiscard]] Response problem(std::string_view code, std::string_view detail,
                               std::string_view request_id);

/// `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_quoted(std::string_view text);
void append_json_quoted(std::string& out, std::string_view text);

}  // namespace daybook::http
