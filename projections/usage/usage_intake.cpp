#include "projections/usage/usage_intake.h"

#include "ledger/codec/event.h"
#include "ledger/domain/invariant.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {

std::size_t lane_of(std::uint32_t stream, std::size_t lanes) {
  return (stream % kShards) * lanes / kShards;
}

void UsageIntake::take(const log::RecordView& record) {
  const auto type = static_cast<EventType>(record.type);
  const std::size_t lane = lane_of(record.stream, drafts.size());
  if (type == EventType::UsageRecorded) {
    read_usage(record.event, input_);
    stored_.clear();
    input_.shape.put(stored_);
    drafts[lane].push_back(
        {record.stream, input_.usage_date, record.code != 0,
         PackedRow{record.position, shapes[lane].number(stored_), hash_of_usage_id(input_.usage_id),
                   input_.quantity, input_.own_value}});
    if (record.version == 1)
      streams.push_back({record.stream, record.position, std::string(input_.subscription_id)});
    return;
  }
  if (type == EventType::UsageAmended || type == EventType::UsageVoided) {
    corrections[lane].push_back(read_correction(record));
  }
  const bool of_stream = type == EventType::UsageAmended || type == EventType::UsageVoided ||
                         type == EventType::PeriodClosed ||
                         type == EventType::PeriodClosedWithoutInvoice;
  if (!of_stream || record.version != 1) return;
  const auto event = codec::decode_event(record.event, nullptr);
  if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
  streams.push_back({record.stream, record.position, codec::stream_id(event->data)});
}

}  // namespace daybook::projections
