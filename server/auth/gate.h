#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ledger/engine/caller.h"
#include "ledger/engine/ledger.h"
#include "server/app/history_tokens.h"
#include "server/app/key_uses.h"
#include "server/http/server.h"

namespace daybook::server {

/// What a route asks of who calls it. The names stand in the route table and in the OpenAPI document.
namespace right {
inline const std::string kIngest = "ingest";      ///< post facts: `ingest`, `admin` or `import`; no identity
inline const std::string kRead = "read";          ///< `read`, `admin`, or an identity (which then sees its own)
inline const std::string kLedger = "read-ledger"; ///< ledger-wide questions: `read` or `admin`; no identity, no tenant
inline const std::string kCommand = "command";    ///< `admin`, or an identity (domain.md 5.5 then decides)
}  // namespace right

/// Judges API keys (api.md 2): one body for every cause of 401, so that nothing is learnt from it.
///
/// `Authorization: Bearer KEY`; with the right `act-as` also `Daybook-Identity` and `Daybook-Tenant`. The
/// request's principal becomes an engine::Caller.
///
/// Notes the day on which a key is used. Also looks at `Daybook-Token`: 400 BAD_TOKEN, 409 HISTORY_ROLLED_BACK, once the sender is known.
[[nodiscard]] http::Gate make_gate(engine::Ledger& ledger, HistoryTokens& tokens, KeyUses& uses);

}  // namespace daybook::server
