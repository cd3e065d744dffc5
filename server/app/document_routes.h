#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// Documents of invoices: which there are, and their bytes (DOC-1).
void add_document_routes(Questions& questions);

}  // namespace daybook::server
