#pragma once

#include <string>

#include "cli/outcome.h"
#include "cli/server_target.h"
#include "ledger/log/record.h"

namespace daybook::cli {

/// Fetches the log of a server from `from` to `to` (0: the newest position) as a segment, and writes it to `file`, which has a
/// directory part and is replaced as a whole or not at all. Every event, the tree, the chain and the signed head are proven as
/// they come, in a stretch by what the log before it comes to. Shows on stderr how far it is.
///
/// Errors: those of the server; Unreachable where its answer breaks off; Corruption and IntegrityFailed where what came is not
/// whole, or not what was signed; Failed where the file cannot be written.
[[nodiscard]] Outcome<log::Head> download_segment(ServerTarget& server, log::Position from, log::Position to, const std::string& file);

}  // namespace daybook::cli
