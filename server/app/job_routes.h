#pragma once

#include <string>

#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/router.h"

namespace daybook::server {

/// What is asked to run on while nobody waits for it (api.md 2).

/// `respond-async` among the preferences (RFC 7240).
[[nodiscard]] bool wants_job(const http::Request& request);

/// The Idempotency-Key as it is kept: bare, whether it came in quotes or not. Errors: IDEMPOTENCY_KEY_REQUIRED,
/// INVALID_IDEMPOTENCY_KEY.
[[nodiscard]] Result<std::string> idempotency_key(const http::Request& request);

/// SHA-256 of path, query and body: what makes two requests of one key the same.
[[nodiscard]] std::string digest_of(const http::Request& request);

/// Of a question: the Idempotency-Key makes two requests one job where the sender gives one, else each is its own. Errors:
/// INVALID_IDEMPOTENCY_KEY.
[[nodiscard]] Result<Jobs::Ticket> ticket_of_question(LedgerHost& host, const http::Request& request);

/// Starts what `work` makes of a question, which may be cancelled at any step, and answers where it is.
[[nodiscard]] http::Response answer_as_job(LedgerHost& host, Jobs& jobs, const http::Request& request, log::Position position,
                                           Jobs::Work work);

/// 202 with the job and its address.
[[nodiscard]] http::Response job_accepted(const Jobs::View& job, log::Position position);

/// GET and DELETE /v1/jobs/{jobId}
void add_job_routes(http::Router& router, LedgerHost& host, Jobs& jobs);

}  // namespace daybook::server
