#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/result.h"

namespace daybook::codec {

/// What is wrong with a text from outside: longer than 64 KiB, or with control characters other
/// than tab and line breaks (INVALID_STRING). Its UTF-8 has been checked before.
[[nodiscard]] std::optional<Error> refuse_text(std::string_view text);

/// Whether `text` is UTF-8 (RFC 3629: no surrogates, nothing overlong).
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace daybook::codec
