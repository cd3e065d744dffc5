#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// What needs no key: `/livez`, `/readyz`, `/version`, `/openapi.json`. Added last: the document lists all others.
void add_health_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
