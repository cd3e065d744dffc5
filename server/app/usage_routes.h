#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// Usage and cost by day or month, and usage that matches nothing.
void add_usage_routes(Questions& questions);

}  // namespace daybook::server
