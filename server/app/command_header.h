#pragma once

#include <string>

#include "ledger/domain/result.h"
#include "ledger/log/types.h"
#include "server/app/jobs.h"
#include "server/http/message.h"

/// What the writes of api.md 1 have in common: their Idempotency-Key, and the job that a long one runs on as.
namespace daybook::server {

/// The key as it is kept: bare, whether it came in quotes or not.
/// Errors: IDEMPOTENCY_KEY_REQUIRED; INVALID_IDEMPOTENCY_KEY.
[[nodiscard]] Result<std::string> idempotency_key(const http::Request& request);

/// SHA-256 over path and body: what a repeated request has the same.
[[nodiscard]] std::string digest_of(const http::Request& request);

/// How far a job is, and its result once there is one.
[[nodiscard]] http::Response job_answer(unsigned status, const Jobs::View& job, log::Position position);

/// 202, with the job's Location.
[[nodiscard]] http::Response job_started(const Jobs::View& job, log::Position position);

}  // namespace daybook::server
