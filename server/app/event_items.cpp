#include "server/app/event_items.h"

#include <algorithm>
#include <map>
#include <span>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/domain/rules/try.h"

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
  std::map<EventType, std::uint64_t> counts;
  json.key("events").begin_array();
  if (answer.first != 0) {
    Result<void> written;
    std::size_t count = 0;
    const auto take = [&](const log::RecordView& record) {
      const codec::EventView event(record.event);
      if (event.correlation() != answer.correlation) return true;
      ++counts[event.type()];
      if (count++ < most) written = write_event_item(ledger, record, json);
      return written.has_value();
    };
    LEDGER_CHECK(ledger.log().scan_frames(answer.first, answer.last, [&](std::span<const log::RecordView> records) {
      return std::all_of(records.begin(), records.end(), take);
    }));
    LEDGER_CHECK(written);
  }
  json.end_array().key("eventCount").number(answer.count).key("eventCounts").begin_object();
  for (const auto& [type, count] : counts) json.key("daybook." + std::string(name(type))).number(count);
  json.end_object();
  return {};
}

}  // namespace daybook::server
