#include "projections/usage/usage_reader.h"

#include <algorithm>
#include <utility>

#include "projections/usage/usage_rows.h"

namespace daybook::projections {

std::optional<std::uint32_t> UsageReader::stream_of(std::string_view subscription) {
  if (subscription != subscription_ || !stream_) {
    const auto row = reader_.get(stream_of_key(subscription));
    subscription_ = subscription;
    stream_ = row ? std::optional(StreamRow::decode(*row)) : std::nullopt;
  }
  return stream_ ? std::optional(stream_->stream) : std::nullopt;
}

UsageReader::Row UsageReader::corrected(const Row& row, const Version& version) {
  Row now = row;
  now.quantity = version.row.quantity;
  now.own_value = version.row.own_value;
  now.shape = version.row.shape;
  now.corrected_by = version.position;
  return now;
}

void UsageReader::read_corrections(std::uint32_t stream, Date from, Date to, Position upto,
                                   std::map<std::pair<Date, Position>, Versions>& corrections) {
  reader_.scan(day_prefix(UsageTable::Correction, stream, from),
               day_prefix(UsageTable::Correction, stream, to),
               [&](std::string_view key, std::string_view value) {
                 KeyReader place(key.substr(kDayPrefixSize - 4));
                 const Date day = place.day();
                 const Position row = place.u64();
                 const Position at = place.newest_first();
                 if (at <= upto)
                   corrections[{day, row}].push_back({at, CorrectedRow::decode(value)});
                 return true;
               });
  for (auto& [place, versions] : corrections) std::reverse(versions.begin(), versions.end());
}

void UsageReader::each_version(std::uint32_t stream, Date from, Date to, Position upto,
                               const std::function<void(const Row&, const Versions*)>& each) {
  if (from >= to) return;
  std::map<std::pair<Date, Position>, Versions> corrections;
  const bool has_none = stream_ && stream_->stream == stream && !stream_->is_corrected;
  if (!has_none) read_corrections(stream, from, to, upto, corrections);

  reader_.scan(day_prefix(UsageTable::Pack, stream, from), day_prefix(UsageTable::Pack, stream, to),
               [&](std::string_view key, std::string_view value) {
                 KeyReader place(key.substr(kDayPrefixSize - 4));
                 Row row;
                 row.day = place.day();
                 const Position first = place.u64();
                 if (first > upto) return true;
                 PackReader pack(first, value);
                 PackedRow packed;
                 while (pack.next(packed) && packed.position <= upto) {
                   row.position = packed.position;
                   row.usage_hash = packed.usage_hash;
                   row.quantity = packed.quantity;
                   row.own_value = packed.own_value;
                   row.shape = pack.shapes()[packed.shape];
                   const Versions* versions = nullptr;
                   if (!corrections.empty()) {
                     const auto found = corrections.find({row.day, row.position});
                     if (found != corrections.end()) versions = &found->second;
                   }
                   each(row, versions);
                 }
                 return true;
               });
}

std::optional<Date> UsageReader::first_cell_day(std::uint32_t stream, Date from, Date to) {
  is_at_cell_ = from < to && reader_.seek(day_prefix(UsageTable::Cell, stream, from));
  return next_cell_day(stream, to);
}

std::optional<Date> UsageReader::next_cell_day(std::uint32_t stream, Date to) {
  if (!is_at_cell_ || reader_.key() >= day_prefix(UsageTable::Cell, stream, to)) return std::nullopt;
  return KeyReader(reader_.key().substr(kDayPrefixSize - 4)).day();
}

bool UsageReader::read_cells(std::uint32_t stream, Date day, Position upto, Cells& cells) {
  const std::string prefix = day_prefix(UsageTable::Cell, stream, day);
  for (; is_at_cell_ && reader_.key().starts_with(prefix); is_at_cell_ = reader_.next()) {
    Cell cell = Cell::decode(reader_.value());
    if (cell.last > upto) return false;
    cells.emplace_hint(cells.end(), reader_.key().substr(kDayPrefixSize), std::move(cell));
  }
  return true;
}

void UsageReader::sum_rows(std::uint32_t stream, Date day, Position upto, Cells& cells) {
  const auto cell_of = [&](std::string_view shape) -> Cell& {
    return cells[std::string(shape.substr(0, UsageShape::cell_part(shape)))];
  };
  each_version(stream, day, day.plus_days(1), upto, [&](const Row& row, const Versions* versions) {
    cell_of(row.shape).add(UsageShape::take(row.shape), row.position, row.position, row.quantity,
                           row.own_value);
    if (versions == nullptr) return;
    Row before = row;
    for (const Version& version : *versions) {
      cell_of(before.shape)
          .remove(UsageShape::take(before.shape), version.position, before.quantity,
                  before.own_value);
      if (version.row.is_void) return;
      before = corrected(before, version);
      cell_of(before.shape)
          .add(UsageShape::take(before.shape), row.position, version.position, before.quantity,
               before.own_value);
    }
  });
  is_at_cell_ = reader_.seek(after_prefix(day_prefix(UsageTable::Cell, stream, day)));
}

std::vector<Date> UsageReader::days_changed(std::uint32_t stream, Date before, Position after) {
  std::vector<Date> days;
  reader_.scan(stream_prefix(UsageTable::Day, stream), day_prefix(UsageTable::Day, stream, before),
               [&](std::string_view key, std::string_view value) {
                 if (KeyReader(value).u64() > after)
                   days.push_back(KeyReader(key.substr(kDayPrefixSize - 4)).day());
                 return true;
               });
  return days;
}

std::map<Date, std::set<Position>> UsageReader::unmatched(std::uint32_t stream, Date before,
                                                          Position upto) {
  std::map<Date, std::set<Position>> rows;
  reader_.scan(stream_prefix(UsageTable::Unmatched, stream),
               day_prefix(UsageTable::Unmatched, stream, before),
               [&](std::string_view key, std::string_view) {
                 KeyReader place(key.substr(kDayPrefixSize - 4));
                 const Date day = place.day();
                 const Position position = place.u64();
                 if (position <= upto) rows[day].insert(position);
                 return true;
               });
  return rows;
}

}  // namespace daybook::projections
