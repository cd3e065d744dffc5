#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `GET /v1/provider`: who provides what is billed. It needs no key, and therefore tells no position.
void add_provider_route(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
