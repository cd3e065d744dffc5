#pragma once

#include "server/app/ledger_host.h"
#include "server/app/metrics_page.h"
#include "server/http/router.h"

namespace daybook::server {

/// What needs no key: `/livez`, `/readyz`, `/metrics`, `/version`, `/openapi.json`. Added last: the document lists all others.
/// `requests` may be null.
void add_health_routes(http::Router& router, LedgerHost& host, const RequestCounts* requests);

}  // namespace daybook::server
