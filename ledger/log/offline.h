#pragma once

#include <cstdint>
#include <string>

#include "ledger/log/log.h"

namespace daybook::log {

/// How a tool holds a ledger that nobody serves.
enum class Held : std::uint8_t {
  AsOwner,    ///< locked, with a new epoch: as a server opens it
  ToRead,     ///< not a byte is written and nothing locked: a copy, or what was just made
  ToReadAlone ///< not a byte is written, but nobody can serve it meanwhile
};

/// Opens the ledger in `directory` without its views, by the host's files, clock and generator; makes none where there is
/// none. Errors: those of `Log::open`.
[[nodiscard]] Log::Opened open_offline(const std::string& directory, Held held);

}  // namespace daybook::log
