#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/domain/rules/state_reader.h"
#include "projections/entities/state_codec.h"
#include "projections/live_rows.h"
#include "projections/row_reader.h"

namespace daybook::projections {

/// The members under `prefix` that are linked at `upto`, in ascending order.
[[nodiscard]] std::vector<std::string> stored_members(RowReader& reader, std::string_view prefix,
                                                      Position upto);

/// State as of any position that the view `entities` has folded: what every rule and every answer
/// reads.
///
/// For one question and one thread. What it hands out stays valid as long as the reader does; what
/// was read once is kept. Throws UnreadableView from any function: call inside `reading`.
class AsOfReader final : public StateReader {
 public:
  /// With a sealer personal values are opened, else they stay sealed.
  AsOfReader(std::shared_ptr<const LiveRows> rows, Position position,
             const codec::Sealer* sealer = nullptr)
      : rows_(std::move(rows)),
        reader_(rows_->family),
        position_(position),
        sealer_(sealer),
        documents_(events_of(rows_->log), sealer) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation,
                                                 std::string_view parent) const override;
  [[nodiscard]] Position position() const override { return position_; }
  /// Looks from another position; what was handed out before is gone. Sees what was there when it
  /// first read.
  void move_to(Position position) {
    position_ = position;
    states_.clear();
    documents_.forget();
  }

  /// The position of the event that last changed the row, at or before this one; 0 where there is
  /// no row.
  [[nodiscard]] Position changed_at(StateKind kind, std::string_view key) const;
  /// The positions of all events that changed it, at or before this one, ascending.
  [[nodiscard]] std::vector<Position> changes_of(StateKind kind, std::string_view key) const;

 private:
  std::shared_ptr<const LiveRows> rows_;
  mutable RowReader reader_;
  Position position_;
  const codec::Sealer* sealer_;
  mutable std::unordered_map<std::string, StateBox> states_;
  codec::LoggedDocuments documents_;
};

}  // namespace daybook::projections
