#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/engine/ledger.h"
#include "ledger/log/log.h"

namespace daybook::server {

/// Writes one event of the log as `GET /v1/events` shows it, personal values opened.
/// Errors: CORRUPTION, naming the position.
[[nodiscard]] Result<void> write_event_item(const engine::Ledger& ledger, const log::RecordView& record,
                                            codec::JsonWriter& json);

/// Writes the events of a command that `answer` tells of, at most `most` of them, as array items.
[[nodiscard]] Result<void> write_command_events(const engine::Ledger& ledger, const engine::CommandAnswer& answer,
                                                std::size_t most, codec::JsonWriter& json);

}  // namespace daybook::server
