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

/// Writes the members `events`, at most `most` of those of a command that `answer` tells of, `eventCount` and
/// `eventCounts`, how many there are of each type. Errors: as `write_event_item`; those of reading the log.
[[nodiscard]] Result<void> write_command_events(const engine::Ledger& ledger, const engine::CommandAnswer& answer,
                                                std::size_t most, codec::JsonWriter& json);

}  // namespace daybook::server
