#include "projections/usage/usage_lane.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "ledger/domain/invariant.h"
#include "ledger/log/hash.h"
#include "projections/usage/order.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

constexpr std::uint32_t kNoNumber = ~std::uint32_t{0};
/// A day that is over is packed once when it lies in so many packs.
constexpr std::uint32_t kRepackFrom = 4;
constexpr std::uint32_t kManyPacks = 1'000'000;
/// Rows whose usage ids a lane keeps at hand.
constexpr std::size_t kUsageIdsMax = 2'000'000;

}  // namespace

void UsageLane::fold(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane) {
  repack();
  gather(pieces, lane);
  for (std::size_t begin = 0, end = 0; begin < drafts_.size(); begin = end) {
    const UsageDraft& first = drafts_[begin];
    for (end = begin + 1; end < drafts_.size(); ++end) {
      if (drafts_[end].stream != first.stream || drafts_[end].day != first.day) break;
    }
    fold_day({drafts_.data() + begin, end - begin});
  }
  correct();
  write_cells();
  write_days();
  write_unmatched();
  remember();
}

/// Brings the rows of all pieces into the order of stream, day and position. Keys are sorted, rows
/// copied once.
void UsageLane::gather(std::span<const std::unique_ptr<Fold::Intake>> pieces, std::size_t lane) {
  struct Place {
    std::uint64_t stream_and_day;
    std::uint32_t piece;
    std::uint32_t row;
  };
  std::vector<Place> places;
  std::vector<std::vector<std::uint32_t>> numbers(pieces.size());  // of the shapes of each piece
  for (std::uint32_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = static_cast<const UsageIntake&>(*pieces[i]);
    const std::vector<UsageDraft>& drafts = piece.drafts[lane];
    numbers[i].assign(piece.shapes[lane].size(), kNoNumber);
    places.reserve(places.size() + drafts.size());
    for (std::uint32_t row = 0; row < drafts.size(); ++row) {
      const auto day = static_cast<std::uint32_t>(drafts[row].day.days) ^ 0x8000'0000U;
      places.push_back({static_cast<std::uint64_t>(drafts[row].stream) << 32 | day, i, row});
    }
    corrections_.insert(corrections_.end(), piece.corrections[lane].begin(),
                        piece.corrections[lane].end());
  }
  order_by(places, [](const Place& place) { return place.stream_and_day; });
  drafts_.reserve(places.size());
  for (const Place& place : places) {
    const auto& piece = static_cast<const UsageIntake&>(*pieces[place.piece]);
    UsageDraft& draft = drafts_.emplace_back(piece.drafts[lane][place.row]);
    std::uint32_t& number = numbers[place.piece][draft.row.shape];
    if (number == kNoNumber) number = shape_number(piece.shapes[lane].shape(draft.row.shape));
    draft.row.shape = number;
    any_unmatched_ = any_unmatched_ || draft.is_unmatched;
  }
}

std::uint32_t UsageLane::shape_number(std::string_view stored) {
  const std::uint32_t number = stored_.number(stored);
  if (number < shapes_.size()) return number;
  const std::string_view kept = stored_.shape(number);
  const log::Hash digest = log::sha256(std::as_bytes(std::span(kept)));
  const std::uint32_t part = parts_.number(kept.substr(0, UsageShape::cell_part(kept)));
  if (part >= part_slots_.size()) part_slots_.resize(part + 1);
  shapes_.push_back({kept, std::string(reinterpret_cast<const char*>(digest.data()), 16), UsageShape::take(kept), part});
  return number;
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

/// Rows of one stream and day, in the order of positions.
void UsageLane::fold_day(std::span<const UsageDraft> drafts) {
  const std::uint32_t number = drafts.front().stream;
  const Date date = drafts.front().day;
  const bool may_exist = date <= stream(number).newest_day;
  Day& day = days_.emplace_back(Day{number, date, drafts.back().row.position, may_exist, {}});
  const auto stamp = static_cast<std::uint32_t>(days_.size());
  std::string key = row_hash_key(number, date, 0);
  std::string value;
  for (const UsageDraft& draft : drafts) {
    rows_.at(draft.row.position);
    const Shape& shape = shapes_[draft.row.shape];
    if (pack_.rows() == PackWriter::kMaxRows) store_pack(number, date);
    pack_.add(draft.row, shape.stored);
    count_row(draft.row, shape, key, value);
    PartSlot& slot = part_slots_[shape.part];
    if (slot.day != stamp) {
      slot = {stamp, static_cast<std::uint32_t>(day.cells.size())};
      day.cells.push_back({shape.part, {}});
    }
    day.cells[slot.place].cell.add(shape.shape, draft.row.position, draft.row.position,
                                   draft.row.quantity, draft.row.own_value);
  }
  store_pack(number, date);
}

/// shape digest:16 ‖ quantity ‖ own value, where there is one ‖ usage hash:4. Fits one block of
/// SHA-256.
void UsageLane::count_row(const PackedRow& row, const Shape& shape, std::string& key,
                          std::string& value) {
  for (std::size_t i = 0; i < 8; ++i)
    key[key.size() - 8 + i] = static_cast<char>(row.position >> (56 - 8 * i));
  value.assign(shape.digest);
  put_decimal(value, row.quantity);
  if (UsageShape::has_own_value(shape.stored)) put_decimal(value, row.own_value);
  put_u32(value, row.usage_hash);
  rows_.count(key, value);
}

void UsageLane::store_pack(std::uint32_t stream, Date day) {
  std::string key = day_prefix(UsageTable::Pack, stream, day);
  key += KeyWriter().u64(pack_.first()).key();
  rows_.store(std::move(key), pack_.finish());
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
      return parts_.shape(a.part) < parts_.shape(b.part);
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
  }
  for (auto& [key, cell] : corrected_cells_) {
    write_cell(std::get<0>(key), std::get<1>(key), std::get<2>(key), cell, true);
  }
}

void UsageLane::write_cell(std::uint32_t stream, Date day, std::uint32_t part, Cell& cell,
                           bool may_exist) {
  std::string key = day_prefix(UsageTable::Cell, stream, day);
  key += parts_.shape(part);
  if (may_exist) {
    if (const auto before = rows_.reader().get(key)) {
      rows_.discount(key, *before);
      Cell sum = Cell::decode(*before);
      sum.add(cell);
      cell = std::move(sum);
    }
  }
  std::string value = cell.encode();
  rows_.count(key, value);
  rows_.store(std::move(key), std::move(value));
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
  if (may_exist) {
    if (const auto before = rows_.reader().get(key)) rows_.discount(key, *before);
  }
  std::string value = KeyWriter().u64(last).take();
  rows_.count(key, value);
  rows_.store(std::move(key), std::move(value));
}

void UsageLane::write_unmatched() {
  if (!any_unmatched_) return;
  for (const UsageDraft& draft : drafts_) {
    if (!draft.is_unmatched) continue;
    std::string key = day_prefix(UsageTable::Unmatched, draft.stream, draft.day);
    key += KeyWriter().u64(draft.row.position).key();
    rows_.put_constant(key, {});
  }
}

void UsageLane::remember() {
  for (const Day& day : days_) {
    UsageMemory::Stream& stream = memory_.streams[day.stream];
    if (day.date < stream.newest_day) continue;
    if (day.date > stream.newest_day) {
      if (stream.packs >= kRepackFrom) memory_.to_repack.push_back({day.stream, stream.newest_day});
      stream.newest_day = day.date;
      stream.packs = 0;
    }
    ++stream.packs;
  }
  std::size_t usage_ids = 0;
  for (const auto& [number, index] : memory_.usage_ids) usage_ids += index.size();
  if (usage_ids > kUsageIdsMax) memory_.usage_ids.clear();
}

}  // namespace daybook::projections
