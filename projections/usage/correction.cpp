#include "projections/usage/correction.h"

#include <algorithm>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/invariant.h"
#include "projections/usage/bytes.h"

namespace daybook::projections {

Correction read_correction(const log::RecordView& record) {
  const auto event = codec::decode_event(record.event, nullptr);
  if (!event) throw InvariantBroken("the event cannot be decoded: " + event.error().detail);
  Correction correction{record.position, record.stream, event->envelope.source, {}};
  correction.subscription_id = codec::stream_id(event->data);
  if (const auto* voided = event->data.get_if<UsageVoided>()) {
    correction.usage_id = voided->usage_id;
    correction.voids = true;
    return correction;
  }
  const auto& amended = event->data.get<UsageAmended>();
  correction.usage_id = amended.usage_id;
  correction.quantity = amended.quantity;
  correction.unit_price = amended.unit_price;
  correction.cost = amended.cost;
  if (amended.tags) correction.tags.emplace(amended.tags->begin(), amended.tags->end());
  return correction;
}

CorrectedRow CorrectedRow::after(const Correction& correction) const {
  CorrectedRow next = *this;
  if (correction.voids) {
    next.is_void = true;
    return next;
  }
  UsageShape changed = UsageShape::take(shape);
  if (correction.quantity) next.quantity = *correction.quantity;
  if (correction.cost) {
    next.own_value = *correction.cost;
    changed.value_kind = ValueKind::Cost;
  } else if (correction.unit_price && changed.value_kind != ValueKind::Cost) {
    next.own_value = *correction.unit_price;
    changed.value_kind = ValueKind::UnitPrice;
  }
  if (correction.tags) changed.tags.assign(correction.tags->begin(), correction.tags->end());
  std::string room;
  next.shape = changed.stored(room);
  return next;
}

std::string CorrectedRow::encode() const {
  std::string out;
  out.push_back(is_void ? '\1' : '\0');
  put_decimal(out, quantity);
  put_decimal(out, own_value);
  put_text(out, shape);
  return out;
}

CorrectedRow CorrectedRow::decode(std::string_view value) {
  ByteReader bytes(value);
  CorrectedRow row;
  row.is_void = bytes.u8() != 0;
  row.quantity = bytes.decimal();
  row.own_value = bytes.decimal();
  row.shape = bytes.text();
  return row;
}

std::vector<RowPlace> UsageIdIndex::find(std::uint32_t hash) {
  const auto by_hash = [](const Entry& a, const Entry& b) { return a.hash < b.hash; };
  const auto boundary = [&] { return entries_.begin() + static_cast<std::ptrdiff_t>(sorted_); };
  if (entries_.size() - sorted_ > 1024) {
    std::sort(boundary(), entries_.end(), by_hash);
    std::inplace_merge(entries_.begin(), boundary(), entries_.end(), by_hash);
    sorted_ = entries_.size();
  }
  std::vector<RowPlace> found;
  const auto [first, last] =
      std::equal_range(entries_.begin(), boundary(), Entry{hash, {}}, by_hash);
  for (auto entry = first; entry != last; ++entry) found.push_back(entry->place);
  for (auto entry = boundary(); entry != entries_.end(); ++entry) {
    if (entry->hash == hash) found.push_back(entry->place);
  }
  return found;
}

}  // namespace daybook::projections
