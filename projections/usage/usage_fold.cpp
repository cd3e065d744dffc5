#include "projections/usage/usage_fold.h"

#include <vector>

#include "projections/usage/usage_intake.h"
#include "projections/usage/usage_lane.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

/// The lanes of usage, and one more for the directory of streams: its keys stand behind those of
/// all shards. Streams are new before they are corrected, so what is new is not looked up.
class UsageFold final : public Fold {
 public:
  explicit UsageFold(const FoldPlace& place) : place_(place), memory_(place.lanes) {}

  std::size_t lanes() const override { return memory_.size() + 1; }
  std::unique_ptr<Intake> intake() const override {
    return std::make_unique<UsageIntake>(memory_.size());
  }
  void take(const log::RecordView& record, Intake& intake) const override {
    static_cast<UsageIntake&>(intake).take(record);
  }

  void fold(std::size_t lane, std::span<const std::unique_ptr<Intake>> pieces,
            Rows& rows) override {
    if (lane < memory_.size()) {
      UsageLane(memory_[lane], place_, rows).fold(pieces, lane);
      return;
    }
    for (const auto& piece : pieces) {
      for (const UsageIntake::NewStream& stream : static_cast<const UsageIntake&>(*piece).streams) {
        rows.at(stream.position);
        rows.put_new(stream_of_key(stream.subscription_id), StreamRow{stream.stream}.encode());
      }
    }
    for (const auto& piece : pieces) {
      for (const auto& of_lane : static_cast<const UsageIntake&>(*piece).corrections) {
        for (const Correction& correction : of_lane) {
          rows.at(correction.position);
          rows.put(stream_of_key(correction.subscription_id), StreamRow{correction.stream, true}.encode());
        }
      }
    }
  }

 private:
  FoldPlace place_;
  std::vector<UsageMemory> memory_;
};

}  // namespace

Projection usage() {
  return Projection{
      .name = std::string(kUsage),
      .version = 2,
      .types = type_mask({EventType::UsageRecorded, EventType::UsageAmended, EventType::UsageVoided,
                          EventType::PeriodClosed, EventType::PeriodClosedWithoutInvoice}),
      .make = [](const FoldPlace& place) { return std::make_unique<UsageFold>(place); },
  };
}

}  // namespace daybook::projections
