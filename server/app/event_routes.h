#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `POST /v1/events` in all its forms and `POST /v1/events/lookup` (api.md 3).
void add_event_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
