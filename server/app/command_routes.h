#pragma once

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// `POST /v1/commands/{Name}` (api.md 5), one route for all: names and fields are those of the descriptions.
/// With `Prefer: respond-async` long ones run on as a job: `GET /v1/jobs/{jobId}`.
void add_command_routes(http::Router& router, LedgerHost& host, Jobs& jobs);

}  // namespace daybook::server
