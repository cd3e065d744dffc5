#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "ledger/domain/facts/texts.h"
#include "projections/usage/usage_reader.h"

namespace daybook::projections {
namespace {

/// Rows with the texts of their shapes. Shapes take turns, row by row, so each is unfolded once and not whenever it comes.
class RowTexts {
 public:
  /// Valid until the next call.
  const UsageRow& row(const UsageReader::Row& found) {
    auto known = shapes_.find(found.shape);
    if (known == shapes_.end()) known = unfold(found.shape);
    const ValueKind kind = known->second.shape.value_kind;
    UsageRow& row = known->second.row;
    row.position = found.position;
    row.usage_date = found.day;
    row.quantity = found.quantity;
    row.corrected_by = found.corrected_by;
    row.cost = kind == ValueKind::Cost ? std::optional(found.own_value) : std::nullopt;
    row.unit_price = kind == ValueKind::UnitPrice ? std::optional(found.own_value) : std::nullopt;
    return row;
  }

 private:
  static constexpr std::size_t kShapesAtMost = 1'000;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view stored) const { return std::hash<std::string_view>()(stored); }
  };
  struct Unfolded {
    UsageShape shape;  ///< of the key that it stands at
    Texts tags;
    UsageRow row;
  };
  using Shapes = std::unordered_map<std::string, Unfolded, Hash, std::equal_to<>>;

  Shapes::iterator unfold(std::string_view stored) {
    if (shapes_.size() == kShapesAtMost) shapes_.clear();
    const Shapes::iterator added = shapes_.try_emplace(std::string(stored)).first;
    auto& [shape, tags, row] = added->second;
    shape = UsageShape::take(added->first);
    row.meter_id = shape.meter_id;
    row.currency = shape.currency;
    row.charge_type = shape.charge_type;
    row.pricing_model = shape.pricing_model;
    row.publisher_type = shape.publisher_type;
    row.is_credit_eligible = shape.is_credit_eligible;
    row.unit = shape.unit;
    row.category = shape.category;
    row.meter_name = shape.meter_name;
    row.region = shape.region;
    row.resource_id = shape.resource_id;
    row.resource_group = shape.resource_group;
    for (const auto& [key, value] : shape.tags) tags.emplace(key, value);
    row.tags = tags.empty() ? nullptr : &tags;
    return added;
  }

  Shapes shapes_;
};

}  // namespace

Result<void> ViewUsageSource::rows(const SubscriptionId& subscription, Date from, Date to,
                                   Position upto, const RowVisitor& visit) const {
  return with_stream(subscription, [&](UsageReader& reader, std::uint32_t stream) {
    RowTexts texts;
    reader.each_row(stream, from, to, upto,
                    [&](const UsageReader::Row& row) { visit(texts.row(row)); });
  });
}

Result<void> ViewUsageSource::late_rows(const SubscriptionId& subscription, Date before,
                                        Position after, Position upto,
                                        const RowVisitor& visit) const {
  return with_stream(subscription, [&](UsageReader& reader, std::uint32_t stream) {
    RowTexts texts;
    for (const Date day : reader.days_changed(stream, before, after)) {
      reader.each_row(stream, day, day.plus_days(1), upto, [&](const UsageReader::Row& row) {
        if (row.position > after) visit(texts.row(row));
      });
    }
  });
}

Result<void> ViewUsageSource::unmatched_rows(const SubscriptionId& subscription, Date before,
                                             Position upto, const RowVisitor& visit) const {
  return with_stream(subscription, [&](UsageReader& reader, std::uint32_t stream) {
    RowTexts texts;
    for (const auto& [day, positions] : reader.unmatched(stream, before, upto)) {
      reader.each_row(stream, day, day.plus_days(1), upto, [&](const UsageReader::Row& row) {
        if (positions.contains(row.position)) visit(texts.row(row));
      });
    }
  });
}

Result<void> ViewUsageSource::corrections(const SubscriptionId& subscription, Date before,
                                          Position after, Position upto,
                                          std::span<const Position> deferred,
                                          const CorrectionVisitor& visit) const {
  return with_stream(subscription, [&](UsageReader& reader, std::uint32_t stream) {
    const auto is_new = [&](Position position) {
      return position > after || std::binary_search(deferred.begin(), deferred.end(), position);
    };
    const Position since = deferred.empty() ? after : std::min(after, deferred.front() - 1);
    for (const Date day : reader.days_changed(stream, before, since)) {
      reader.each_version(
          stream, day, day.plus_days(1), upto,
          [&](const UsageReader::Row& row, const UsageReader::Versions* versions) {
            if (versions == nullptr || row.position > after) return;
            UsageReader::Row was = row;
            bool was_void = false;
            UsageCorrection found;
            for (const UsageReader::Version& version : *versions) {
              if (is_new(version.position)) found.corrections.push_back(version.position);
              if (!found.corrections.empty()) continue;
              was_void = version.row.is_void;
              was = UsageReader::corrected(row, version);
            }
            if (found.corrections.empty() || was_void) return;
            RowTexts texts_before;
            RowTexts texts_now;
            found.was = texts_before.row(was);
            if (!versions->back().row.is_void)
              found.is = texts_now.row(UsageReader::corrected(row, versions->back()));
            visit(found);
          });
    }
  });
}

Result<void> ViewUsageSource::cells(const SubscriptionId& subscription, Date from, Date to,
                                    Position upto, const CellVisitor& visit) const {
  Result<void> outcome;
  Result<void> read = with_stream(subscription, [&](UsageReader& reader, std::uint32_t stream) {
    reader.each_cell(stream, from, to, upto,
                     [&](Date day, std::string_view part, const Cell& cell) {
                       if (!outcome) return;
                       const UsageShape shape = UsageShape::take(part);
                       const Result<Exact> quantity = cell.quantity.exact();
                       const Result<Exact> own_value = cell.own_value.exact();
                       if (!quantity || !own_value) {
                         outcome = tl::unexpected(!quantity ? quantity.error() : own_value.error());
                         return;
                       }
                       UsageCell found;
                       found.usage_date = day;
                       found.meter_id = shape.meter_id;
                       found.quantity = *quantity;
                       found.has_own_value = shape.value_kind != ValueKind::Price;
                       found.own_value = *own_value;
                       found.currency = shape.currency;
                       found.charge_type = shape.charge_type;
                       found.pricing_model = shape.pricing_model;
                       found.publisher_type = shape.publisher_type;
                       found.is_credit_eligible = shape.is_credit_eligible;
                       found.unit = shape.unit;
                       found.category = shape.category;
                       found.meter_name = cell.meter_name;
                       found.region = shape.region;
                       found.row_count = cell.rows;
                       found.first_position = cell.first;
                       visit(found);
                     });
  });
  return read ? outcome : read;
}

}  // namespace daybook::projections
