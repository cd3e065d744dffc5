#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace daybook {

/// What the caller can do about an error; the HTTP status follows from the code (`server/problem.h`).
enum class ErrorKind {
  Invalid,      ///< mend the input and send it again
  NotFound,     ///< nothing there, or not for this viewer
  Conflict,     ///< refused because of the present state
  Forbidden,    ///< another person or key may
  Unavailable,  ///< the same request may succeed later
  Corruption,   ///< stored bytes are damaged; see docs/operating
  Internal,     ///< a fault of ours; nothing was written
};

/// An expected failure. `code` is one of the stable codes of docs/reference/errors.md (static storage);
/// `detail` is a sentence that says what to do; `pointer` is an RFC 6901 JSON Pointer or empty.
struct Error {
  ErrorKind kind = ErrorKind::Invalid;
  std::string_view code;
  std::string detail;
  std::string pointer;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// Bad input.
[[nodiscard]] inline tl::unexpected<Error> rejected(std::string_view code, std::string detail,
                                                    std::string pointer = {}) {
  return tl::unexpected(Error{ErrorKind::Invalid, code, std::move(detail), std::move(pointer)});
}

/// Refused by the present state.
[[nodiscard]] inline tl::unexpected<Error> conflict(std::string_view code, std::string detail,
                                                    std::string pointer = {}) {
  return tl::unexpected(Error{ErrorKind::Conflict, code, std::move(detail), std::move(pointer)});
}

[[nodiscard]] inline tl::unexpected<Error> failed(ErrorKind kind, std::string_view code,
                                                  std::string detail, std::string pointer = {}) {
  return tl::unexpected(Error{kind, code, std::move(detail), std::move(pointer)});
}

}  // namespace daybook
