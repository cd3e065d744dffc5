#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/domain/rules/usage_source.h"
#include "projections/live_rows.h"
#include "projections/row_reader.h"
#include "projections/usage/cell.h"
#include "projections/usage/correction.h"
#include "projections/usage/pack.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {

/// Usage rows and cells as of any position that the view `usage` has folded.
///
/// Rows never change, corrections are versions; a cell is the sum at the head, used where nothing
/// has changed it after the position asked for, else made again from the rows of its day.
///
/// For one question and one thread. Throws UnreadableView: call inside `reading`.
class UsageReader {
 public:
  explicit UsageReader(std::shared_ptr<const LiveRows> rows)
      : rows_(std::move(rows)), reader_(rows_->family) {}

  /// The number of the usage stream of a subscription; none where nothing was ever recorded for it.
  [[nodiscard]] std::optional<std::uint32_t> stream_of(std::string_view subscription);

  /// A row as it stands: not void, as last corrected. `shape` is the stored form of its UsageShape.
  struct Row {
    Date day;
    Position position = 0;
    std::uint32_t usage_hash = 0;
    Decimal quantity{0};
    Decimal own_value{0};
    std::string_view shape;
    Position corrected_by = 0;  ///< of the last correction; 0: as recorded
  };
  /// Rows of [from, to) in order of day, then position.
  template <class Each>
  void each_row(std::uint32_t stream, Date from, Date to, Position upto, Each&& each) {
    each_version(stream, from, to, upto, [&](const Row& row, const Versions* versions) {
      if (versions == nullptr) {
        each(row);
      } else if (!versions->back().row.is_void) {
        each(corrected(row, versions->back()));
      }
    });
  }

  /// Cells of [from, to) that hold any row, in order of day. `part` is the cell part of a shape. One walk over
  /// them; `each` reads nothing of this reader.
  template <class Each>
  void each_cell(std::uint32_t stream, Date from, Date to, Position upto, Each&& each) {
    Cells cells;
    for (std::optional<Date> day = first_cell_day(stream, from, to); day;
         day = next_cell_day(stream, to)) {
      cells.clear();
      if (!read_cells(stream, *day, upto, cells)) {
        cells.clear();
        sum_rows(stream, *day, upto, cells);
      }
      for (const auto& [part, cell] : cells) {
        if (cell.rows != 0) each(*day, std::string_view(part), cell);
      }
    }
  }

  /// Days before `before` about which any event came after `after`, in ascending order.
  [[nodiscard]] std::vector<Date> days_changed(std::uint32_t stream, Date before, Position after);

  /// Rows dated before `before` that matched nothing when they came, up to `upto`: their days and
  /// positions.
  [[nodiscard]] std::map<Date, std::set<Position>> unmatched(std::uint32_t stream, Date before,
                                                             Position upto);

  struct Version {
    Position position;
    CorrectedRow row;
  };
  using Versions = std::vector<Version>;
  [[nodiscard]] static Row corrected(const Row& row, const Version& version);
  /// Every row of [from, to) recorded up to `upto`, as recorded, with its corrections up to there
  /// in their order (null: none).
  void each_version(std::uint32_t stream, Date from, Date to, Position upto,
                    const std::function<void(const Row&, const Versions*)>& each);

 private:
  using Cells = std::map<std::string, Cell>;

  /// Those of [from, to) up to `upto`, by the row's place, in their order.
  void read_corrections(std::uint32_t stream, Date from, Date to, Position upto,
                        std::map<std::pair<Date, Position>, Versions>& corrections);

  [[nodiscard]] std::optional<Date> first_cell_day(std::uint32_t stream, Date from, Date to);
  /// That of the row on which the walk stands.
  [[nodiscard]] std::optional<Date> next_cell_day(std::uint32_t stream, Date to);
  /// Walks over those of `day`, the first of which it stands on. False when one of them was changed after `upto`.
  [[nodiscard]] bool read_cells(std::uint32_t stream, Date day, Position upto, Cells& cells);
  /// The same from the rows of `day`; the walk then stands behind its cells.
  void sum_rows(std::uint32_t stream, Date day, Position upto, Cells& cells);

  std::shared_ptr<const LiveRows> rows_;
  RowReader reader_;
  std::string subscription_;  ///< the last that was looked up, and its stream
  std::optional<StreamRow> stream_;
  bool is_at_cell_ = false;  ///< the walk over cells stands on a row
};

/// Usage for rating, from the view. Rows come without `usage_id`, which only their events hold.
///
/// For one question and one thread; sees what was there when it first read.
class ViewUsageSource final : public UsageSource {
 public:
  explicit ViewUsageSource(std::shared_ptr<const LiveRows> rows) : rows_(std::move(rows)) {}

  [[nodiscard]] Result<void> rows(const SubscriptionId& subscription, Date from, Date to,
                                  Position upto, const RowVisitor& visit) const override;
  [[nodiscard]] Result<void> late_rows(const SubscriptionId& subscription, Date before,
                                       Position after, Position upto,
                                       const RowVisitor& visit) const override;
  [[nodiscard]] Result<void> unmatched_rows(const SubscriptionId& subscription, Date before,
                                            Position upto, const RowVisitor& visit) const override;
  [[nodiscard]] Result<void> corrections(const SubscriptionId& subscription, Date before,
                                         Position after, Position upto,
                                         std::span<const Position> deferred,
                                         const CorrectionVisitor& visit) const override;
  [[nodiscard]] Result<void> cells(const SubscriptionId& subscription, Date from, Date to,
                                   Position upto, const CellVisitor& visit) const override;

 private:
  /// Reads the stream of a subscription, if there is one. A visitor may ask for more.
  template <class Read>
  Result<void> with_stream(const SubscriptionId& subscription, Read&& read) const {
    return reading([&] {
      // Opening a walk costs more than most walks: the last one's is used again, unless it is still under way.
      std::unique_ptr<UsageReader> reader = std::exchange(idle_, nullptr);
      if (!reader) reader = std::make_unique<UsageReader>(rows_);
      if (const auto stream = reader->stream_of(subscription.text())) read(*reader, *stream);
      idle_ = std::move(reader);
    });
  }

  std::shared_ptr<const LiveRows> rows_;
  mutable std::unique_ptr<UsageReader> idle_;
};

}  // namespace daybook::projections
