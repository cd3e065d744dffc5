#include "ledger/engine/log_usage_records.h"

#include <string>

#include "ledger/codec/event.h"

namespace daybook::engine {

Result<PostedUsage> LogUsageRecords::posted(Position position) const {
  const Result<log::StoredRecord> record = log_.read(position);
  if (!record) return tl::unexpected(record.error());
  Result<Event> event = codec::decode_event(record->event, &sealer_);
  if (!event) return tl::unexpected(event.error());
  UsageRecorded* usage = event->data.get_if<UsageRecorded>();
  if (usage == nullptr) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "Position " + std::to_string(position) + " holds no usage.");
  }
  return PostedUsage{std::move(event->envelope.source), std::move(event->envelope.id), std::move(*usage)};
}

}  // namespace daybook::engine
