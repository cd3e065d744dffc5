#include "projections/usage/usage_intake.h"

#include "ledger/codec/event.h"
#include "ledger/domain/invariant.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {

std::size_t lane_of(std::uint32_t stream, std::size_t lanes) {
  return (stream % kShards) * lanes / kShards;
}

std::vector<UsageTaken> SpareIntakes::take(std::size_t lanes) {
  const std::lock_guard lock(mutex_);
  if (spare_.empty()) return std::vector<UsageTaken>(lanes);
  std::vector<UsageTaken> taken = std::move(spare_.back());
  spare_.pop_back();
  return taken;
}

void SpareIntakes::give(std::vector<UsageTaken> taken) {
  for (UsageTaken& lane : taken) {
    lane.runs.clear();
    lane.rows.clear();
    lane.corrections.clear();
  }
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(taken));
}

void SpareIntakes::drop() {
  const std::lock_guard lock(mutex_);
  spare_.clear();
}

void UsageIntake::take(const log::RecordView& record) {
  const auto type = static_cast<EventType>(record.type);
  const std::size_t number = lane_of(record.stream, lanes_.size());
  UsageTaken& lane = lanes_[number];
  if (type == EventType::UsageRecorded) {
    read_usage(record.event, input_);
    const bool is_unmatched = record.code != 0;
    if (lane.runs.empty() || lane.runs.back().stream != record.stream || lane.runs.back().day != input_.usage_date ||
        lane.runs.back().is_unmatched != is_unmatched) {
      lane.runs.push_back(
          {record.stream, input_.usage_date, is_unmatched, static_cast<std::uint32_t>(lane.rows.size()), 0});
    }
    ++lane.runs.back().count;
    lane.rows.push_back({record.position, tables_[number].number(input_.shape.stored(room_)), hash_of_usage_id(input_.usage_id),
                         input_.quantity, input_.own_value});
    if (record.version == 1)
      streams_.push_back({record.stream, record.position, std::string(input_.subscription_id)});
    return;
  }
  if (type == EventType::UsageAmended || type == EventType::UsageVoided) {
    lane.corrections.push_back(read_correction(record));
  }
  const bool of_stream = type == EventType::UsageAmended || type == EventType::UsageVoided ||
                         type == EventType::PeriodClosed ||
                         type == EventType::PeriodClosedWithoutInvoice;
  if (!of_stream || record.version != 1) return;
  const auto event = codec::decode_event(record.event, nullptr);
  if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
  streams_.push_back({record.stream, record.position, codec::stream_id(event->data)});
}

}  // namespace daybook::projections
