#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// The questions of api.md 6: each answered by a pure function of the state at one position.
void add_query_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
