#include "server/app/event_items.h"

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"

namespace daybook::server {

Result<void> write_event_item(const engine::Ledger& ledger, const log::RecordView& record, codec::JsonWriter& json) {
  const Result<Event> event = codec::decode_event(record.event, &ledger.sealer());
  if (!event) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "The event at position " + std::to_string(record.position) + " cannot be read: " +
                      event.error().detail);
  }
  codec::event_json(*event, {record.position, Instant{record.recorded_at}, record.version}, json);
  return {};
}

Result<void> write_command_events(const engine::Ledger& ledger, const engine::CommandAnswer& answer, std::size_t most,
                                  codec::JsonWriter& json) {
  if (answer.first == 0) return {};
  Result<void> written;
  std::size_t count = 0;
  Result<void> scanned = ledger.log().scan_frames(answer.first, answer.last, [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      if (codec::EventView(record.event).correlation() != answer.correlation) continue;
      if (count++ == most) return false;
      written = write_event_item(ledger, record, json);
      if (!written) return false;
    }
    return true;
  });
  if (!scanned) return scanned;
  return written;
}

}  // namespace daybook::server
