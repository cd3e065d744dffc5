#pragma once

#include <cstddef>

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// GET /v1/corrections, of one account at once; of all as a job, or at once where there are no more than `at_once`.
void add_corrections_routes(http::Router& router, LedgerHost& host, Jobs& jobs, std::size_t at_once);

}  // namespace daybook::server
