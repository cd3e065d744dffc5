#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// GET /v1/log/segment: the log, or a stretch of it, as `daybook replay export` writes it, sent as it is read.
void add_segment_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
