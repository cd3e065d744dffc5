#pragma once

#include <cstdint>
#include <string>

#include "cli/outcome.h"
#include "server/app/daemon.h"

namespace daybook::cli {

/// `HOST:PORT`, `[ADDRESS]:PORT` or `:PORT`, as what a daemon listens on. Errors: Usage.
[[nodiscard]] Outcome<server::Daemon::Options> listen_options(const std::string& listen);

/// What the system said of an address, `detail`, with what to do where another program has it.
[[nodiscard]] std::string why_not_listening(const std::string& detail);

/// Holds SIGTERM and SIGINT back from the whole process, so that `wait_for_signal` gets them. Call it before the first
/// thread starts.
void hold_signals();

/// Waits for SIGTERM or SIGINT. A second one ends the process at once.
void wait_for_signal();

}  // namespace daybook::cli
