#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `GET /v1/me`: who asks, where that is a person (api.md 8).
void add_person_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
