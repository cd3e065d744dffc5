#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// GET /v1/subscriptions/{id}/bisect and /v1/profiles/{id}/bisect: the first event after which a condition held for what a period
/// would be billed.
void add_estimate_bisect(Questions& questions);

}  // namespace daybook::server
