#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/log/log.h"
#include "projections/projection.h"
#include "projections/usage/correction.h"
#include "projections/usage/pack.h"
#include "projections/usage/shape_table.h"
#include "projections/usage/usage_input.h"

namespace daybook::projections {

/// Rows of one stream and day that came one after the other.
struct UsageRun {
  std::uint32_t stream;
  Date day;
  bool is_unmatched;    ///< when they came
  std::uint32_t first;  ///< of the rows of its piece and lane
  std::uint32_t count;
};

/// What was taken for one lane.
struct UsageTaken {
  std::vector<UsageRun> runs;
  std::vector<PackedRow> rows;  ///< `shape` counts in the thread's table of that lane
  std::vector<Correction> corrections;
};

/// Memory of intakes that are done, for those of the next batch: while a view catches up it is not given back and asked
/// for again with every batch.
class SpareIntakes {
 public:
  /// Empty, for so many lanes.
  [[nodiscard]] std::vector<UsageTaken> take(std::size_t lanes);
  void give(std::vector<UsageTaken> taken);
  void drop();

 private:
  std::mutex mutex_;
  std::vector<std::vector<UsageTaken>> spare_;
};

/// What one thread took of one piece of a batch of usage, routed to lanes.
class UsageIntake final : public Fold::Intake {
 public:
  struct NewStream {
    std::uint32_t stream;
    Position position;
    std::string subscription_id;
  };

  /// `tables`: the thread's, by lane; what several pieces of it took is numbered alike. `tables` must outlive it.
  UsageIntake(unsigned worker, std::span<ShapeTable> tables, std::shared_ptr<SpareIntakes> spare)
      : worker_(worker), tables_(tables), spare_(std::move(spare)), lanes_(spare_->take(tables.size())) {}
  ~UsageIntake() override { spare_->give(std::move(lanes_)); }
  UsageIntake(const UsageIntake&) = delete;
  UsageIntake& operator=(const UsageIntake&) = delete;

  void take(const log::RecordView& record);

  [[nodiscard]] unsigned worker() const { return worker_; }
  [[nodiscard]] const ShapeTable& table(std::size_t lane) const { return tables_[lane]; }
  [[nodiscard]] const UsageTaken& lane(std::size_t lane) const { return lanes_[lane]; }
  [[nodiscard]] const std::vector<UsageTaken>& lanes() const { return lanes_; }
  [[nodiscard]] const std::vector<NewStream>& streams() const { return streams_; }

 private:
  unsigned worker_;
  std::span<ShapeTable> tables_;
  std::shared_ptr<SpareIntakes> spare_;
  std::vector<UsageTaken> lanes_;
  std::vector<NewStream> streams_;
  UsageInput input_;
  std::string room_;  ///< for a stored form
};

/// The lane that owns a stream. Shards are spread over lanes in their order, so that the keys of a
/// lane lie together.
[[nodiscard]] std::size_t lane_of(std::uint32_t stream, std::size_t lanes);

}  // namespace daybook::projections
