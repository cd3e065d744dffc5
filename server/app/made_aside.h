#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/time.h"
#include "replay/backup.h"
#include "server/app/jobs.h"
#include "server/app/ledger_host.h"
#include "server/http/message.h"

/// What jobs make beside the ledger that is served, in a directory that the operator chose: backups, segments, ledgers. Who
/// asks gives a name in it and no path.
namespace daybook::server {

/// Whether a name is one of a file or directory of its own there, and never that of something unfinished. Errors: INVALID_FIELD.
[[nodiscard]] Result<void> check_name(std::string_view name, std::string_view pointer = "/name");

/// An instant without what a file's name had better not have: 20240502T101500Z.
[[nodiscard]] std::string name_of(Instant now);

/// Nothing of that name is there, nor what was interrupted making it. Errors: ALREADY_EXISTS.
[[nodiscard]] Result<void> check_free(const std::string& path);

/// What a caller reads of what could not be made in `directory`: by the names that he gave, not by our paths.
[[nodiscard]] Error told_of_copy(Error error, std::string_view directory);

/// Begins a copy of the ledger that is served, between two of its groups.
[[nodiscard]] replay::BeginCopy copy_of(LedgerHost& host);

/// Whether the operator asks: what everybody else has to be told before the body is looked at. Errors: FORBIDDEN.
[[nodiscard]] Result<void> check_operator(const http::Request& request);

/// Starts `work` for the operator, under the request's Idempotency-Key; it may be cancelled at any step. `directory` empty:
/// the configuration names none as `setting`. Errors as answers: NOT_SUPPORTED, those of the key and of `Jobs::start`.
[[nodiscard]] http::Response make_aside(LedgerHost& host, Jobs& jobs, const http::Request& request, const std::string& directory,
                                        std::string_view setting, Jobs::Work work);

}  // namespace daybook::server
