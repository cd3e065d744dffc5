#pragma once

#include <string_view>

namespace daybook {

/// Whether `text` is a country's two-letter code of ISO 3166-1 (2024), in capitals, or `XK`, which the European Union uses
/// for Kosovo.
[[nodiscard]] bool is_country(std::string_view text);

}  // namespace daybook
