#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace daybook::replay {

/// Where a value stands in a JSON text.
struct JsonPlace {
  std::size_t offset = 0;
  std::string_view text;  ///< as it stands there
};

/// The value that an RFC 6901 pointer names. `json` is valid JSON; of a name that stands twice in an object, the first.
/// Nothing where there is none, or where the text is no JSON.
[[nodiscard]] std::optional<JsonPlace> place_in_json(std::string_view json, std::string_view pointer);

/// Whether what is said of the member that a pointer names begins with a verb, so that the pointer is its subject.
[[nodiscard]] bool lacks_a_subject(std::string_view detail);

}  // namespace daybook::replay
