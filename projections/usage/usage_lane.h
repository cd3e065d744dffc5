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
#include "projections/usage/shape_table.h"
#include "projections/usage/usage_intake.h"

namespace daybook::projections {

/// What a lane of the fold remembers from one batch to the next. Nothing in it decides about any
/// logical row.
struct UsageMemory {
  struct Stream {
    bool is_known = false;  ///< `newest_day` says what the view holds
    Date newest_day{INT32_MIN};
    std::uint32_t packs = 0;  ///< of the newest day
  };
  struct OldDay {
    std::uint32_t stream;
    Date day;
  };
  std::unordered_map<std::uint32_t, Stream> streams;
  std::vector<OldDay> to_repack;  ///< days that are over and lie in many packs
  std::unordered_map<std::uint32_t, UsageIdIndex>
      usage_ids;  ///< of streams that were corrected lately
};

/// One lane of the fold in one batch: rows to packs, cells and days; corrections to rows and cells.
class UsageLane {
 public:
  UsageLane(UsageMemory& memory, const FoldPlace& place, Rows& rows)
      : memory_(memory), place_(place), rows_(rows) {}

  void fold(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane);

 private:
  struct Shape {
    std::string_view stored;
    std::string
        digest;  ///< 16 bytes of SHA-256 of the stored form: stands for it in the state hash
    UsageShape shape;
    std::uint32_t part;  ///< number of its cell part
  };
  struct PartSlot {
    std::uint32_t day;
    std::uint32_t place;
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

  void gather(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane);
  std::uint32_t shape_number(std::string_view stored);
  UsageMemory::Stream& stream(std::uint32_t number);

  void fold_day(std::span<const UsageDraft> drafts);
  void count_row(const PackedRow& row, const Shape& shape, std::string& key, std::string& value);
  void store_pack(std::uint32_t stream, Date day);
  void repack();

  void correct();
  void correct(const Correction& correction);
  [[nodiscard]] std::span<const UsageDraft> drafts_of(std::uint32_t stream) const;
  [[nodiscard]] UsageIdIndex& usage_ids(std::uint32_t stream);
  [[nodiscard]] std::optional<RowPlace> find_row(const Correction& correction);
  [[nodiscard]] CorrectedRow newest_row(std::uint32_t stream, const RowPlace& place);

  void write_cells();
  void write_cell(std::uint32_t stream, Date day, std::uint32_t part, Cell& cell, bool may_exist);
  void write_days();
  void write_day(std::uint32_t stream, Date day, Position last, bool may_exist);
  void write_unmatched();
  void remember();

  UsageMemory& memory_;
  const FoldPlace& place_;
  Rows& rows_;
  std::vector<UsageDraft> drafts_;
  bool any_unmatched_ = false;  ///< of drafts_
  std::vector<Correction> corrections_;
  ShapeTable stored_;
  ShapeTable parts_;
  std::deque<Shape> shapes_;
  std::vector<PartSlot> part_slots_;  ///< by part: where its cell is in the day at hand
  PackWriter pack_;
  std::deque<Day> days_;
  std::map<CellKey, Cell> corrected_cells_;
  std::map<DayKey, Position> corrected_days_;
};

}  // namespace daybook::projections
