#include "server/app/query_routes.h"

namespace daybook::server {

void add_query_routes(http::Router& /*router*/, LedgerHost& /*host*/) {}

}  // namespace daybook::server
