#include "projections/usage/usage_fold.h"

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "projections/usage/usage_intake.h"
#include "projections/usage/usage_lane.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

/// A batch with fewer rows does not come in the midst of catching up.
constexpr std::size_t kManyRows = 65'536;

/// The lanes of usage, and one more for the directory of streams: its keys stand behind those of
/// all shards. Streams are new before they are corrected, so what is new is not looked up.
class UsageFold final : public Fold {
 public:
  explicit UsageFold(const FoldPlace& place) : place_(place) {
    for (std::size_t i = 0; i < place.lanes; ++i) memory_.emplace_back(place.kept / place.lanes);
  }

  std::size_t lanes() const override { return memory_.size() + 1; }

  std::unique_ptr<Intake> intake(unsigned worker) override {
    return std::make_unique<UsageIntake>(worker, tables_of(worker), spare_);
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
      for (const UsageIntake::NewStream& stream : static_cast<const UsageIntake&>(*piece).streams()) {
        rows.at(stream.position);
        rows.put_new(stream_of_key(stream.subscription_id), StreamRow{stream.stream}.encode());
      }
    }
    for (const auto& piece : pieces) {
      for (const UsageTaken& of_lane : static_cast<const UsageIntake&>(*piece).lanes()) {
        for (const Correction& correction : of_lane.corrections) {
          rows.at(correction.position);
          rows.put(stream_of_key(correction.subscription_id), StreamRow{correction.stream, true}.encode());
        }
      }
    }
  }

  void committed() override {
    std::size_t shapes = 0;
    std::size_t rows = 0;
    for (const UsageMemory& memory : memory_) {
      shapes += memory.shapes.size();
      rows += memory.rows;
    }
    if (rows < kManyRows) spare_->drop();
    if (shapes <= place_.kept / 4) return;  // else what comes next is numbered anew
    for (UsageMemory& memory : memory_) memory.forget_shapes();
    tables_.clear();
  }

 private:
  /// Those of one thread, by lane.
  std::span<ShapeTable> tables_of(unsigned worker) {
    const std::lock_guard lock(mutex_);
    while (tables_.size() <= worker) tables_.emplace_back(memory_.size());
    return tables_[worker];
  }

  FoldPlace place_;
  std::deque<UsageMemory> memory_;  ///< by lane
  std::shared_ptr<SpareIntakes> spare_ = std::make_shared<SpareIntakes>();
  std::mutex mutex_;
  std::deque<std::vector<ShapeTable>> tables_;  ///< by thread; those that are there stay where they are
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
