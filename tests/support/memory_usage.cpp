#include "tests/support/memory_usage.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace daybook::testing {
namespace {

std::string_view text_of(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace

MemoryUsage::MemoryUsage() = default;
MemoryUsage::MemoryUsage(MemoryUsage&&) noexcept = default;
MemoryUsage& MemoryUsage::operator=(MemoryUsage&&) noexcept = default;
MemoryUsage::~MemoryUsage() = default;

void MemoryUsage::add(Recorded row) { rows_[row.data.subscription_id.text()].push_back(std::move(row)); }

Result<void> MemoryUsage::rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                               const RowVisitor& visit) const {
  return each(subscription, upto, visit, [&](const Recorded& row) {
    return from <= *row.data.usage_date && *row.data.usage_date < to && row.position <= upto;
  });
}

Result<void> MemoryUsage::late_rows(const SubscriptionId& subscription, Date before, Position after, Position upto,
                                    const RowVisitor& visit) const {
  return each(subscription, upto, visit, [&](const Recorded& row) {
    return *row.data.usage_date < before && row.position > after && row.position <= upto;
  });
}

Result<void> MemoryUsage::unmatched_rows(const SubscriptionId& subscription, Date before, Position upto,
                                         const RowVisitor& visit) const {
  return each(subscription, upto, visit, [&](const Recorded& row) {
    return row.unmatched && *row.data.usage_date < before && row.position <= upto;
  });
}

Result<void> MemoryUsage::each(const SubscriptionId& subscription, Position upto, const RowVisitor& visit,
                               const Counts& counts) const {
  const auto found = rows_.find(subscription.text());
  if (found == rows_.end()) return {};
  std::vector<const Recorded*> sorted;
  for (const Recorded& row : found->second) {
    if (counts(row)) sorted.push_back(&row);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Recorded* left, const Recorded* right) {
    return std::pair(*left->data.usage_date, left->position) < std::pair(*right->data.usage_date, right->position);
  });
  for (const Recorded* row : sorted) {
    if (const auto standing = row->at(upto)) visit(view(*standing));
  }
  return {};
}

UsageRow MemoryUsage::view(const Recorded& recorded) {
  const UsageRecorded& data = recorded.data;
  UsageRow row;
  row.position = recorded.position;
  row.usage_id = text_of(data.usage_id);
  row.usage_date = *data.usage_date;
  row.meter_id = data.meter_id.text();
  row.quantity = data.quantity;
  row.cost = data.cost;
  row.unit_price = data.unit_price;
  row.currency = data.currency;
  row.charge_type = data.charge_type.value_or(ChargeType::Usage);
  row.pricing_model = data.pricing_model.value_or(PricingModel::OnDemand);
  row.publisher_type = data.publisher_type.value_or(PublisherType::Azure);
  row.is_credit_eligible =
      data.is_credit_eligible.value_or(row.publisher_type != PublisherType::Marketplace);
  row.unit = text_of(data.unit);
  row.category = text_of(data.category);
  row.meter_name = text_of(data.meter_name);
  row.region = text_of(data.region);
  row.resource_id = text_of(data.resource_id);
  row.resource_group = text_of(data.resource_group);
  row.tags = &data.tags;
  row.corrected_by = recorded.corrected_by;
  return row;
}

Result<PostedUsage> MemoryUsage::posted(Position position) const {
  for (const auto& [subscription, rows] : rows_) {
    for (const Recorded& row : rows) {
      if (row.position == position)
        return PostedUsage{"//test", "e-" + std::to_string(position), row.data};
    }
  }
  return failed(ErrorKind::Corruption, "CORRUPTION", "There is no usage at this position.");
}

std::optional<MemoryUsage::Recorded> MemoryUsage::Recorded::at(Position upto) const {
  Recorded standing = *this;
  for (const Corrected& version : versions) {
    if (version.position > upto) break;
    if (!version.data) return std::nullopt;
    standing.data = *version.data;
    standing.corrected_by = version.position;
  }
  return standing;
}

bool MemoryUsage::correct(const EventData& event, Position position) {
  const auto* amended = event.get_if<UsageAmended>();
  const auto* voided = event.get_if<UsageVoided>();
  const SubscriptionId& subscription =
      amended != nullptr ? amended->subscription_id : voided->subscription_id;
  const std::string& usage_id = amended != nullptr ? amended->usage_id : voided->usage_id;
  for (Recorded& row : rows_[subscription.text()]) {
    if (row.data.usage_id != usage_id) continue;
    const auto standing = row.at(position);
    if (!standing) return true;
    if (amended == nullptr) {
      row.versions.push_back({position, std::nullopt});
      return true;
    }
    UsageRecorded data = standing->data;
    if (amended->quantity) data.quantity = *amended->quantity;
    if (amended->unit_price) data.unit_price = amended->unit_price;
    if (amended->cost) data.cost = amended->cost;
    if (amended->tags) data.tags = *amended->tags;
    row.versions.push_back({position, std::move(data)});
    return true;
  }
  return false;
}

Result<void> MemoryUsage::corrections(const SubscriptionId& subscription, Date before,
                                      Position after, Position upto,
                                      std::span<const Position> deferred,
                                      const CorrectionVisitor& visit) const {
  const auto found = rows_.find(subscription.text());
  if (found == rows_.end()) return {};
  for (const Recorded& row : found->second) {
    if (row.position > after || *row.data.usage_date >= before) continue;
    std::vector<Position> positions;
    for (const Corrected& version : row.versions) {
      const Position at = version.position;
      const bool is_new =
          at > after || std::binary_search(deferred.begin(), deferred.end(), at);
      if (is_new && at <= upto) positions.push_back(at);
    }
    if (positions.empty()) continue;
    const auto was = row.at(positions.front() - 1);
    const auto is = row.at(upto);
    if (!was) continue;
    visit({view(*was), is ? std::optional(view(*is)) : std::nullopt, positions});
  }
  return {};
}

Result<void> MemoryUsage::cells(const SubscriptionId& subscription, Date from, Date to,
                                Position upto, const CellVisitor& visit) const {
  using Key = std::tuple<Date, std::string, std::string, ChargeType, PricingModel, PublisherType,
                         bool, bool, std::optional<Currency>>;
  struct Sum {
    Exact quantity;
    Exact value;
    std::int64_t rows = 0;
    Position first = 0;
    std::string unit, category, meter_name;
  };
  std::map<Key, Sum> sums;
  const auto summed = rows(subscription, from, to, upto, [&](const UsageRow& row) {
    const bool own = row.cost || row.unit_price;
    Sum& sum =
        sums[{row.usage_date, std::string(row.meter_id), std::string(row.region), row.charge_type,
              row.pricing_model, row.publisher_type, row.is_credit_eligible, own, row.currency}];
    sum.quantity = daybook::add(sum.quantity, Exact::from(row.quantity).value()).value();
    if (row.cost) sum.value = daybook::add(sum.value, Exact::from(*row.cost).value()).value();
    if (!row.cost && row.unit_price) {
      sum.value =
          daybook::add(sum.value, Exact::product(row.quantity, *row.unit_price).value()).value();
    }
    if (sum.rows++ == 0) {
      sum.first = row.position;
      sum.unit = row.unit;
      sum.category = row.category;
      sum.meter_name = row.meter_name;
    }
  });
  if (!summed) return summed;
  for (const auto& [key, sum] : sums) {
    UsageCell cell;
    std::string meter;
    std::string region;
    std::tie(cell.usage_date, meter, region, cell.charge_type, cell.pricing_model,
             cell.publisher_type, cell.is_credit_eligible, cell.has_own_value, cell.currency) = key;
    cell.meter_id = meter;
    cell.region = region;
    cell.quantity = sum.quantity;
    cell.own_value = sum.value;
    cell.unit = sum.unit;
    cell.category = sum.category;
    cell.meter_name = sum.meter_name;
    cell.row_count = sum.rows;
    cell.first_position = sum.first;
    visit(cell);
  }
  return {};
}

}  // namespace daybook::testing
