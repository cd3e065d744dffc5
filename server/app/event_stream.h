#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `GET /v1/events/stream`: the log live, as server-sent events (api.md 6).
void add_event_stream(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
