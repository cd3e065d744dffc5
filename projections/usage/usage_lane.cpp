#include "projections/usage/usage_lane.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <span>
#include <utility>

#include "ledger/domain/invariant.h"
#include "projections/usage/order.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

/// A day that is over is packed once when it lies in so many packs.
constexpr std::uint32_t kRepackFrom = 4;
constexpr std::uint32_t kManyPacks = 1'000'000;
/// Rows whose usage ids a lane keeps at hand.
constexpr std::size_t kUsageIdsMax = 2'000'000;

}  // namespace

void UsageLane::fold(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane) {
  lane_ = lane;
  repack();
  gather(pieces);
  for (std::size_t begin = 0, end = 0; begin < runs_.size(); begin = end) {
    const std::uint64_t day = runs_[begin].stream_and_day();
    for (end = begin + 1; end < runs_.size() && runs_[end].stream_and_day() == day;) ++end;
    fold_day({runs_.data() + begin, end - begin});
  }
  correct();
  write_cells();
  write_days();
  write_unmatched();
  forget_usage_ids();
}

/// Brings the runs of all pieces into the order of stream, day and position.
void UsageLane::gather(std::span<const std::unique_ptr<Fold::Intake>> pieces) {
  memory_.rows = 0;
  for (const auto& taken : pieces) {
    const auto& piece = static_cast<const UsageIntake&>(*taken);
    const UsageTaken& lane = piece.lane(lane_);
    memory_.rows += lane.rows.size();
    for (const UsageRun& run : lane.runs) runs_.push_back({run, &piece});
    corrections_.insert(corrections_.end(), lane.corrections.begin(), lane.corrections.end());
  }
  order_by(runs_, [](const Run& run) { return run.stream_and_day(); });
}

std::span<const PackedRow> UsageLane::rows_of(const Run& run) const {
  return std::span(run.piece->lane(lane_).rows).subspan(run.of_piece.first, run.of_piece.count);
}

UsageMemory::Stream& UsageLane::stream(std::uint32_t number) {
  UsageMemory::Stream& stream = memory_.streams[number];
  if (stream.is_known) return stream;
  stream.is_known = true;
  const std::string prefix = stream_prefix(UsageTable::Day, number);
  log::ViewCursor cursor(place_.family, prefix, after_prefix(prefix));
  cursor.seek_to_last();
  if (cursor.valid()) {
    stream.newest_day = KeyReader(cursor.key().substr(prefix.size())).day();
    stream.packs = kManyPacks;
  } else {
    readable(cursor.status());
  }
  return stream;
}

/// A row as the state hash counts it: its key, then shape digest:16 ‖ quantity ‖ own value, where there is one ‖ usage
/// hash:4. Fits one block of SHA-256.
class CountedRow {
 public:
  CountedRow(std::uint32_t stream, Date day) {
    const std::string key = row_hash_key(stream, day, 0);
    LEDGER_INVARIANT(key.size() == kKey);
    const auto length = static_cast<std::uint32_t>(kKey);
    std::memcpy(bytes_.data(), &length, sizeof length);
    std::memcpy(bytes_.data() + sizeof length, key.data(), kKey);
  }

  [[nodiscard]] std::string_view of(Position position, const UsageShapes::Shape& shape, const PackedNumbers& numbers) {
    const std::uint64_t big_endian = __builtin_bswap64(position);
    std::memcpy(bytes_.data() + kValue - sizeof big_endian, &big_endian, sizeof big_endian);
    std::memcpy(bytes_.data() + kValue, shape.digest.data(), kDigest);
    const std::string_view all = numbers.all();
    std::memcpy(bytes_.data() + kValue + kDigest, all.data(), all.size());
    return {bytes_.data(), kValue + kDigest + all.size()};
  }

 private:
  static constexpr std::size_t kKey = 17;
  static constexpr std::size_t kValue = sizeof(std::uint32_t) + kKey;
  static constexpr std::size_t kDigest = std::tuple_size_v<decltype(UsageShapes::Shape::digest)>;
  std::array<char, kValue + kDigest + PackedNumbers::kMost> bytes_;
};

/// Runs of one stream and day, in the order of positions.
void UsageLane::fold_day(std::span<const Run> runs) {
  const std::uint32_t number = runs.front().of_piece.stream;
  const Date date = runs.front().of_piece.day;
  const bool may_exist = date <= stream(number).newest_day;
  Day& day = days_.emplace_back(Day{number, date, rows_of(runs.back()).back().position, may_exist, {}});
  const std::uint64_t stamp = ++memory_.days;
  CountedRow counted(number, date);
  PackWriter& pack = memory_.pack;
  for (const Run& run : runs) {
    const ShapeTable& table = run.piece->table(lane_);
    for (PackedRow row : rows_of(run)) {
      rows_.at(row.position);
      row.shape = memory_.shapes.number(run.piece->worker(), table, row.shape);
      const UsageShapes::Shape& shape = memory_.shapes[row.shape];
      if (pack.rows() == PackWriter::kMaxRows) store_pack(number, date);
      const PackedNumbers numbers(row, UsageShape::has_own_value(shape.stored));
      pack.add(row, numbers, shape.stored);
      rows_.count(counted.of(row.position, shape, numbers));
      if (shape.part >= memory_.part_slots.size()) memory_.part_slots.resize(memory_.shapes.parts());
      UsageMemory::PartSlot& slot = memory_.part_slots[shape.part];
      if (slot.day != stamp) {
        slot = {stamp, static_cast<std::uint32_t>(day.cells.size())};
        day.cells.push_back({shape.part, {}});
      }
      day.cells[slot.place].cell.add(shape.shape, row.position, row.position, row.quantity, row.own_value);
    }
  }
  store_pack(number, date);
}

void UsageLane::store_pack(std::uint32_t stream, Date day) {
  std::string key = day_prefix(UsageTable::Pack, stream, day);
  key += KeyWriter().u64(memory_.pack.first()).key();
  rows_.store(std::move(key), memory_.pack.finish());
}

/// Days that are over are read as they were before this batch and written again in full packs.
/// Changes no logical row.
void UsageLane::repack() {
  for (const UsageMemory::OldDay& old : std::exchange(memory_.to_repack, {})) {
    const std::string prefix = day_prefix(UsageTable::Pack, old.stream, old.day);
    std::vector<std::pair<Position, std::string>> packs;
    rows_.reader().scan(prefix, after_prefix(prefix),
                        [&](std::string_view key, std::string_view value) {
                          packs.emplace_back(KeyReader(key.substr(kDayPrefixSize)).u64(), value);
                          return true;
                        });
    if (packs.size() < kRepackFrom) continue;
    ShapeTable shapes;
    PackWriter writer;
    std::set<std::string> kept;
    const auto store = [&] {
      std::string key = prefix + KeyWriter().u64(writer.first()).key();
      kept.insert(key);
      rows_.store(std::move(key), writer.finish());
    };
    for (const auto& [first, value] : packs) {
      PackReader reader(first, value);
      PackedRow row;
      while (reader.next(row)) {
        const std::string_view stored = reader.shapes()[row.shape];
        row.shape = shapes.number(stored);
        if (writer.rows() == PackWriter::kMaxRows) store();
        writer.add(row, stored);
      }
    }
    store();
    for (const auto& [first, value] : packs) {
      std::string key = prefix + KeyWriter().u64(first).key();
      if (!kept.contains(key)) rows_.drop(std::move(key));
    }
  }
}

void UsageLane::write_cells() {
  for (Day& day : days_) {
    std::sort(day.cells.begin(), day.cells.end(), [&](const DayCell& a, const DayCell& b) {
      return memory_.shapes.part(a.part) < memory_.shapes.part(b.part);
    });
    for (DayCell& cell : day.cells) {
      if (!corrected_cells_.empty()) {
        if (const auto corrected = corrected_cells_.find({day.stream, day.date, cell.part});
            corrected != corrected_cells_.end()) {
          cell.cell.add(corrected->second);
          corrected_cells_.erase(corrected);
        }
      }
      write_cell(day.stream, day.date, cell.part, cell.cell, day.may_exist);
    }
    remember(day);  // from now on cells of an older day need not be known
  }
  for (auto& [key, cell] : corrected_cells_) {
    write_cell(std::get<0>(key), std::get<1>(key), std::get<2>(key), cell, true);
  }
}

void UsageLane::write_cell(std::uint32_t stream, Date day, std::uint32_t part, Cell& cell,
                           bool may_exist) {
  std::string key = day_prefix(UsageTable::Cell, stream, day);
  key += memory_.shapes.part(part);
  if (may_exist) {
    if (const auto before = cell_before(stream, day, part, key)) {
      rows_.discount(key, *before);
      Cell sum = Cell::decode(*before);
      sum.add(cell);
      cell = std::move(sum);
    }
  }
  std::string value = cell.encode();
  rows_.count(key, value);
  memory_.cells.keep(stream, day, part, value);
  rows_.store(std::move(key), std::move(value));
}

/// What the view has under `key`.
std::optional<std::string> UsageLane::cell_before(std::uint32_t stream, Date day, std::uint32_t part, std::string_view key) {
  if (const std::string* kept = memory_.cells.find(stream, day, part)) return *kept;
  const UsageMemory::Stream& known = this->stream(stream);
  if (known.newest_day == day && known.cells == memory_.cells.generation()) return std::nullopt;
  return rows_.reader().get(key);
}

void UsageLane::write_days() {
  for (const Day& day : days_) {
    Position last = day.last;
    if (const auto corrected = corrected_days_.find({day.stream, day.date});
        corrected != corrected_days_.end()) {
      last = std::max(last, corrected->second);
      corrected_days_.erase(corrected);
    }
    write_day(day.stream, day.date, last, day.may_exist);
  }
  for (const auto& [key, last] : corrected_days_) write_day(key.first, key.second, last, true);
}

void UsageLane::write_day(std::uint32_t stream, Date day, Position last, bool may_exist) {
  std::string key = day_prefix(UsageTable::Day, stream, day);
  UsageMemory::Stream& known = this->stream(stream);
  if (known.last_of == day) {
    rows_.discount(key, KeyWriter().u64(known.last).key());
  } else if (may_exist) {
    if (const auto before = rows_.reader().get(key)) rows_.discount(key, *before);
  }
  if (day >= known.last_of) {
    known.last_of = day;
    known.last = last;
  }
  std::string value = KeyWriter().u64(last).take();
  rows_.count(key, value);
  rows_.store(std::move(key), std::move(value));
}

void UsageLane::write_unmatched() {
  for (const Run& run : runs_) {
    if (!run.of_piece.is_unmatched) continue;
    for (const PackedRow& row : rows_of(run)) {
      std::string key = day_prefix(UsageTable::Unmatched, run.of_piece.stream, run.of_piece.day);
      key += KeyWriter().u64(row.position).key();
      rows_.put_constant(key, {});
    }
  }
}

void UsageLane::remember(const Day& day) {
  UsageMemory::Stream& stream = memory_.streams[day.stream];
  if (day.date < stream.newest_day) return;
  if (day.date > stream.newest_day) {
    if (stream.packs >= kRepackFrom) memory_.to_repack.push_back({day.stream, stream.newest_day});
    stream.newest_day = day.date;
    stream.packs = 0;
    stream.cells = cells_from_;  // all that the day has was written in this batch
  }
  ++stream.packs;
}

void UsageLane::forget_usage_ids() {
  std::size_t usage_ids = 0;
  for (const auto& [number, index] : memory_.usage_ids) usage_ids += index.size();
  if (usage_ids > kUsageIdsMax) memory_.usage_ids.clear();
}

}  // namespace daybook::projections
