#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "projections/projection.h"
#include "projections/usage/cell.h"
#include "projections/usage/correction.h"
#include "projections/usage/pack.h"
#include "projections/usage/recent_cells.h"
#include "projections/usage/usage_intake.h"
#include "projections/usage/usage_shapes.h"

namespace daybook::projections {

/// What a lane of the fold remembers from one batch to the next. What it says of rows is what the view holds, so that it need
/// not be read; nothing else in it decides about any logical row.
struct UsageMemory {
  struct Stream {
    bool is_known = false;  ///< `newest_day` says what the view holds
    Date newest_day{INT32_MIN};
    std::uint32_t packs = 0;  ///< of the newest day
    std::uint64_t cells = 0;  ///< the generation of the lane's cells that knows all of the newest day; 0: none does
    Date last_of{INT32_MIN};  ///< the newest day whose row was written here
    Position last = 0;        ///< what that row says
  };
  struct PartSlot {
    std::uint64_t day = 0;
    std::uint32_t place = 0;
  };

  explicit UsageMemory(std::size_t kept_cells) : cells(kept_cells) {}

  /// Cells are known by the numbers of their parts.
  void forget_shapes() {
    shapes = {};
    part_slots.clear();
    pack = {};
    cells.clear();
  }

  struct OldDay {
    std::uint32_t stream;
    Date day;
  };
  std::unordered_map<std::uint32_t, Stream> streams;
  std::vector<OldDay> to_repack;  ///< days that are over and lie in many packs
  std::unordered_map<std::uint32_t, UsageIdIndex>
      usage_ids;  ///< of streams that were corrected lately
  UsageShapes shapes;
  std::vector<PartSlot> part_slots;  ///< by part: where its cell is in the day at hand
  std::uint64_t days = 0;            ///< that were folded
  PackWriter pack;                   ///< empty between days
  RecentCells cells;
  std::size_t rows = 0;  ///< of the last batch
};

/// One lane of the fold in one batch: rows to packs, cells and days; corrections to rows and cells.
class UsageLane {
 public:
  UsageLane(UsageMemory& memory, const FoldPlace& place, Rows& rows)
      : memory_(memory), place_(place), rows_(rows), cells_from_(memory.cells.generation()) {}

  void fold(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane);

 private:
  /// A run of the batch, with the piece that has its rows.
  struct Run {
    UsageRun of_piece;
    const UsageIntake* piece;

    [[nodiscard]] std::uint64_t stream_and_day() const {
      return static_cast<std::uint64_t>(of_piece.stream) << 32 | (static_cast<std::uint32_t>(of_piece.day.days) ^ 0x8000'0000U);
    }
  };
  struct DayCell {
    std::uint32_t part;
    Cell cell;
  };
  struct Day {
    std::uint32_t stream;
    Date date;
    Position last;
    bool may_exist;  ///< the view may have rows of that day already
    std::vector<DayCell> cells;
  };
  using CellKey = std::tuple<std::uint32_t, Date, std::uint32_t>;  // stream, day, part
  using DayKey = std::pair<std::uint32_t, Date>;

  void gather(std::span<const std::unique_ptr<Fold::Intake>> pieces);
  [[nodiscard]] std::span<const PackedRow> rows_of(const Run& run) const;
  UsageMemory::Stream& stream(std::uint32_t number);

  void fold_day(std::span<const Run> runs);
  void store_pack(std::uint32_t stream, Date day);
  void repack();

  void correct();
  void correct(const Correction& correction);
  [[nodiscard]] std::span<const Run> runs_of(std::uint32_t stream) const;
  void add_usage_ids(std::uint32_t stream, UsageIdIndex& index) const;
  [[nodiscard]] UsageIdIndex& usage_ids(std::uint32_t stream);
  [[nodiscard]] std::optional<RowPlace> find_row(const Correction& correction);
  [[nodiscard]] CorrectedRow newest_row(std::uint32_t stream, const RowPlace& place);

  void write_cells();
  void write_cell(std::uint32_t stream, Date day, std::uint32_t part, Cell& cell, bool may_exist);
  [[nodiscard]] std::optional<std::string> cell_before(std::uint32_t stream, Date day, std::uint32_t part, std::string_view key);
  void write_days();
  void write_day(std::uint32_t stream, Date day, Position last, bool may_exist);
  void write_unmatched();
  void remember(const Day& day);
  void forget_usage_ids();

  UsageMemory& memory_;
  const FoldPlace& place_;
  Rows& rows_;
  std::size_t lane_ = 0;
  std::uint64_t cells_from_;  ///< the generation of the kept cells when the batch began
  std::vector<Run> runs_;
  std::vector<Correction> corrections_;
  std::deque<Day> days_;
  std::map<CellKey, Cell> corrected_cells_;
  std::map<DayKey, Position> corrected_days_;
};

}  // namespace daybook::projections
