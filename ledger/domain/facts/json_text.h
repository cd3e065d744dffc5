#pragma once

#include <string>

namespace daybook {

/// One JSON value as text, whatever its type: without white space between tokens, members in the
/// order they came. On the wire it stands as the value itself, in stored bytes as a string.
struct JsonText {
  std::string text;

  friend bool operator==(const JsonText&, const JsonText&) = default;
};

}  // namespace daybook
