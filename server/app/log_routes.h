#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// The log itself and what is ledger-wide: `/v1/events`, `/v1/projections`, `/v1/clock`.
void add_log_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
