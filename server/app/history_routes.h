#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// What happened to invoices: `/v1/log/diff`, `/v1/invoices/{id}/bisect`.
void add_history_routes(http::Router& router, Questions& questions, LedgerHost& host);

}  // namespace daybook::server
