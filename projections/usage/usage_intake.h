#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/log/log.h"
#include "projections/projection.h"
#include "projections/usage/correction.h"
#include "projections/usage/pack.h"
#include "projections/usage/shape_table.h"
#include "projections/usage/usage_input.h"

namespace daybook::projections {

/// A row of usage on its way to its lane. `row.shape` counts in the table of its piece and lane.
struct UsageDraft {
  std::uint32_t stream;
  Date day;
  bool is_unmatched;  ///< when it came
  PackedRow row;
};

/// What one thread took of one piece of a batch of usage, routed to lanes.
class UsageIntake final : public Fold::Intake {
 public:
  explicit UsageIntake(std::size_t lanes) : shapes(lanes), drafts(lanes), corrections(lanes) {}

  void take(const log::RecordView& record);

  struct NewStream {
    std::uint32_t stream;
    Position position;
    std::string subscription_id;
  };

  std::vector<ShapeTable> shapes;  ///< by lane
  std::vector<std::vector<UsageDraft>> drafts;
  std::vector<std::vector<Correction>> corrections;
  std::vector<NewStream> streams;

 private:
  UsageInput input_;
  std::string stored_;
};

/// The lane that owns a stream. Shards are spread over lanes in their order, so that the keys of a
/// lane lie together.
[[nodiscard]] std::size_t lane_of(std::uint32_t stream, std::size_t lanes);

}  // namespace daybook::projections
