#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// `/v1/invoices`, one invoice, and the mail about it.
void add_invoice_routes(Questions& questions);

}  // namespace daybook::server
