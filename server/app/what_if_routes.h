#pragma once

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// POST /v1/what-if: the usage of a past time by other prices, at once or as a job.
void add_what_if_routes(http::Router& router, LedgerHost& host, Jobs& jobs);

}  // namespace daybook::server
