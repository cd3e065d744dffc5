#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"

namespace daybook::server {

/// The body of `POST /v1/events/lookup`: `[{"source","id"}]`, at most 10,000.
/// Errors: MALFORMED_JSON, INVALID_FIELD with a pointer, BODY_TOO_LARGE.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> parse_identities(std::string_view body);

}  // namespace daybook::server
