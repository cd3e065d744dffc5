#pragma once

#include <string>

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// POST /v1/replay/exports, /imports and /branches: `daybook replay export`, `import` and `branch` of the ledger that is served,
/// as jobs that work in `directory`; empty: they refuse with NOT_SUPPORTED.
void add_replay_routes(http::Router& router, LedgerHost& host, Jobs& jobs, const std::string& directory);

}  // namespace daybook::server
