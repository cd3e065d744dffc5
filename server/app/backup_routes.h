#pragma once

#include <string>

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `POST /v1/backups`: a verified copy of the ledger while it goes on, as a job. `directory` is where backups are made;
/// empty: the route refuses with NOT_SUPPORTED.
void add_backup_routes(http::Router& router, LedgerHost& host, Jobs& jobs, const std::string& directory);

}  // namespace daybook::server
