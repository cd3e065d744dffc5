#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/time.h"

/// What cells of cost exports mean, whoever wrote them.
namespace daybook::cli {

/// Empty, or the literal `NULL`, with or without quotes around it.
[[nodiscard]] bool is_missing(std::string_view cell);

/// An export's moment in UTC: `2024-03-05`, `2024-03-05 10:00:00`, RFC 3339 with or without zone (none: UTC), and Azure's
/// `03/05/2024` and `3/5/2024` (month first). Errors: INVALID_TIME.
[[nodiscard]] Result<Instant> export_instant(std::string_view cell);

/// An identifier of the ledger from one of another system: what follows the last `/`, with every character outside the
/// alphabet replaced by `-`, cut to 128. Nothing where nothing is left.
[[nodiscard]] std::optional<std::string> export_identifier(std::string_view cell);

}  // namespace daybook::cli
