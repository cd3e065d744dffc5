#pragma once

#include <string>
#include <vector>

#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// The documentation of a question about the log, with the parameters that all of them take.
[[nodiscard]] http::Doc log_doc(std::string id, std::string summary, std::vector<http::Parameter> parameters = {});

/// The log itself and what is ledger-wide: `/v1/events`, `/v1/projections`, `/v1/clock`.
void add_log_routes(http::Router& router, LedgerHost& host);

}  // namespace daybook::server
