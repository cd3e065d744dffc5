#pragma once

#include <string>

#include "server/http/router.h"

namespace daybook::server {

/// The OpenAPI 3.1 document of the routes: paths from the table, bodies of events and commands from their
/// descriptions. The same bytes for the same program; `schemas/openapi.json` is a copy that a test compares.
[[nodiscard]] std::string openapi_document(const http::Router& router);

}  // namespace daybook::server
