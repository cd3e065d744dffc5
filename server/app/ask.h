#pragma once

#include <string_view>

#include "ledger/engine/caller.h"
#include "server/app/ledger_host.h"
#include "server/http/message.h"

namespace daybook::server {

/// Answers GET `target` (path and query) without a server, by the routes that one has: for commands that work on a
/// directory. What is asked is checked as a server checks it; `caller` has every right.
[[nodiscard]] http::Response ask(LedgerHost& host, const engine::Caller& caller, std::string_view target);

/// The same of POST `target` with a body, where that is a question: one that writes nothing.
[[nodiscard]] http::Response ask_with(LedgerHost& host, const engine::Caller& caller, std::string_view target,
                                      std::string_view media_type, std::string_view body);

}  // namespace daybook::server
