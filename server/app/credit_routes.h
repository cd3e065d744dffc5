#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// Credit lots and balances of accounts, subscriptions and profiles.
void add_credit_routes(Questions& questions);

}  // namespace daybook::server
