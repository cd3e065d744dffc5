#pragma once

#include <string_view>

namespace daybook {

/// The source of the ledger's own events; who posts may use it with the right `import` alone (api.md 6).
inline constexpr std::string_view kOwnSource = "daybook";

}  // namespace daybook
