#pragma once

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// What an auditor needs: `/v1/log/head`, signed, at any size, and `/v1/log/proof` (api.md 6).
void add_proof_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
