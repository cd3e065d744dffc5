#pragma once

#include "server/app/questions.h"

namespace daybook::server {

/// Enrollments, their departments and accounts and their months, and the scopes that a person reaches
/// (api.md 6 and 8).
void add_agreement_routes(Questions& questions);

}  // namespace daybook::server
