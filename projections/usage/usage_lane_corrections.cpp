#include <algorithm>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/invariant.h"
#include "projections/usage/usage_lane.h"
#include "projections/usage/usage_rows.h"

namespace daybook::projections {
namespace {

std::string correction_key(std::uint32_t stream, const RowPlace& place) {
  std::string key = day_prefix(UsageTable::Correction, stream, place.day);
  key += KeyWriter().u64(place.position).key();
  return key;
}

}  // namespace

std::span<const UsageLane::Run> UsageLane::runs_of(std::uint32_t stream) const {
  const auto first = std::partition_point(runs_.begin(), runs_.end(), [&](const Run& run) { return run.of_piece.stream < stream; });
  const auto last = std::partition_point(first, runs_.end(), [&](const Run& run) { return run.of_piece.stream == stream; });
  return {first, last};
}

/// Those of the batch.
void UsageLane::add_usage_ids(std::uint32_t stream, UsageIdIndex& index) const {
  for (const Run& run : runs_of(stream)) {
    for (const PackedRow& row : rows_of(run)) index.add(row.usage_hash, {run.of_piece.day, row.position});
  }
}

/// After the rows of the batch: corrections change rows and cells, in the order of positions.
void UsageLane::correct() {
  for (auto& [stream, index] : memory_.usage_ids) {
    add_usage_ids(stream, index);
  }
  for (const Correction& correction : corrections_) {
    rows_.at(correction.position);
    correct(correction);
  }
}

void UsageLane::correct(const Correction& correction) {
  const auto place = find_row(correction);
  if (!place) return;  // an imported history may correct what it does not have
  const CorrectedRow before = newest_row(correction.stream, *place);
  const CorrectedRow after = before.after(correction);
  rows_.put_version(correction_key(correction.stream, *place), correction.position, after.encode());

  const auto cell_of = [&](const UsageShapes::Shape& shape) -> Cell& {
    return corrected_cells_[{correction.stream, place->day, shape.part}];
  };
  const UsageShapes::Shape& from = memory_.shapes[memory_.shapes.number(before.shape)];
  const UsageShapes::Shape& to = memory_.shapes[memory_.shapes.number(after.shape)];
  if (!before.is_void)
    cell_of(from).remove(from.shape, correction.position, before.quantity, before.own_value);
  if (!after.is_void) {
    cell_of(to).add(to.shape, place->position, correction.position, after.quantity,
                    after.own_value);
  }
  Position& last = corrected_days_[{correction.stream, place->day}];
  last = std::max(last, correction.position);
}

UsageIdIndex& UsageLane::usage_ids(std::uint32_t stream) {
  const auto [found, is_new] = memory_.usage_ids.try_emplace(stream);
  UsageIdIndex& index = found->second;
  if (!is_new) return index;
  const std::string prefix = stream_prefix(UsageTable::Pack, stream);
  rows_.reader().scan(prefix, after_prefix(prefix),
                      [&](std::string_view key, std::string_view value) {
                        KeyReader place(key.substr(prefix.size()));
                        const Date day = place.day();
                        PackReader pack(place.u64(), value);
                        PackedRow row;
                        while (pack.next(row)) index.add(row.usage_hash, {day, row.position});
                        return true;
                      });
  add_usage_ids(stream, index);
  return index;
}

/// The row of the correction's own source, else the only one with its usage id.
std::optional<RowPlace> UsageLane::find_row(const Correction& correction) {
  std::vector<RowPlace> of_others;
  for (const RowPlace& place :
       usage_ids(correction.stream).find(hash_of_usage_id(correction.usage_id))) {
    if (place.position >= correction.position) continue;
    const log::StoredRecord record = readable(place_.log->read(place.position));
    const auto event = codec::decode_event(record.event, nullptr);
    if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
    const auto* usage = event->data.get_if<UsageRecorded>();
    if (usage == nullptr || usage->usage_id.value_or(event->envelope.id) != correction.usage_id)
      continue;
    if (event->envelope.source == correction.source) return place;
    of_others.push_back(place);
  }
  if (of_others.size() == 1) return of_others.front();
  return std::nullopt;
}

CorrectedRow UsageLane::newest_row(std::uint32_t stream, const RowPlace& place) {
  if (const auto corrected = rows_.newest(correction_key(stream, place)))
    return CorrectedRow::decode(*corrected);
  for (const Run& run : runs_of(stream)) {
    for (const PackedRow& row : rows_of(run)) {
      if (row.position == place.position)
        return {false, row.quantity, row.own_value, std::string(run.piece->table(lane_).shape(row.shape))};
    }
  }
  const std::string prefix = day_prefix(UsageTable::Pack, stream, place.day);
  log::ViewCursor cursor(place_.family, prefix, after_prefix(prefix));
  cursor.seek_back(prefix + KeyWriter().u64(place.position).key());
  readable(cursor.status());
  LEDGER_INVARIANT(cursor.valid());
  PackReader pack(KeyReader(cursor.key().substr(kDayPrefixSize)).u64(), cursor.value());
  PackedRow row;
  while (pack.next(row)) {
    if (row.position == place.position) {
      return {false, row.quantity, row.own_value, std::string(pack.shapes()[row.shape])};
    }
  }
  broken_invariant("a row that was found by its usage id is in its pack", __FILE__, __LINE__);
}

}  // namespace daybook::projections
