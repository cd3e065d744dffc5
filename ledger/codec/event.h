#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "ledger/codec/buffer.h"
#include "ledger/codec/json_writer.h"
#include "ledger/codec/seal.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"

/// Events to bytes and back, and as `GET /v1/events` shows them. From CloudEvents: cloudevents.h.
namespace daybook::codec {

/// Appends the canonical bytes of `event` (flatbuffers_layout.h) to `out`, beginning at a multiple
/// of 8 bytes.
///
/// Personal values without a sealed form get one, bound to this event; those that have one keep it.
/// With a buffer used again and without personal values nothing is allocated. Errors: those of the
/// sealer; BODY_TOO_LARGE over 1 MiB. After an error `out` is as before.
[[nodiscard]] Result<void> encode_event(const Event& event, Sealer& sealer, Buffer& out);
/// The same, and keeps the sealed forms in `event`.
[[nodiscard]] Result<void> encode_event(Event& event, Sealer& sealer, Buffer& out);

/// The event that `bytes` hold. Total: any bytes give an event or an error.
///
/// Personal values are opened with `sealer`; null, they stay sealed (`value` absent). Errors:
/// MALFORMED_FLATBUFFER; INVALID_… with a pointer for values that no description allows; CORRUPTION
/// of a sealed value.
[[nodiscard]] Result<Event> decode_event(std::span<const std::byte> bytes, const Sealer* sealer);

/// The id of the stream that the event belongs to; its type is `stream_of(data.type())`.
[[nodiscard]] std::string stream_id(const EventData& data);

/// Fills in what a fact takes from its envelope: constants, dates, its usageId.
void fill_defaults(Event& event);

/// Whether two events of one identity say the same, leaving out what the ledger filled in (actor,
/// causation, correlation, members that it alone gives; where both times came from the clock, the
/// time and dates taken from it). Decoded with a sealer: where a personal value has been erased
/// nothing can be compared any more, and they count as the same.
[[nodiscard]] bool same_body(const Event& left, const Event& right);

/// Where an event stands in the log.
struct EventPlace {
  std::uint64_t position = 0;
  Instant recorded_at;
  std::uint32_t version = 0;  ///< in its stream
};

/// Writes the item of `GET /v1/events` (api.md 6).
void event_json(const Event& event, const EventPlace& place, JsonWriter& json);

}  // namespace daybook::codec
