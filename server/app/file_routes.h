#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// Files of usage: of an invoice at once, of a period as a job prepared them.
void add_file_routes(Questions& questions);

}  // namespace daybook::server
