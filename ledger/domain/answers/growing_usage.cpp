#include "ledger/domain/answers/growing_usage.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr Decimal kNothing{0};

/// What a document may tell apart, but for days and subscriptions.
struct Likeness {
  std::string meter;
  std::string region;
  ChargeType charge_type;
  PricingModel pricing_model;
  PublisherType publisher_type;
  bool is_credit_eligible;
  bool has_cost;
  std::optional<Decimal> unit_price;
  std::optional<Currency> currency;

  explicit Likeness(const UsageRow& row)
      : meter(row.meter_id),
        region(row.region),
        charge_type(row.charge_type),
        pricing_model(row.pricing_model),
        publisher_type(row.publisher_type),
        is_credit_eligible(row.is_credit_eligible),
        has_cost(row.cost.has_value()),
        unit_price(row.unit_price),
        currency(row.currency) {}

  friend bool operator<(const Likeness& left, const Likeness& right) {
    const auto all = [](const Likeness& each) {
      return std::tie(each.meter, each.region, each.charge_type, each.pricing_model, each.publisher_type,
                      each.is_credit_eligible, each.has_cost, each.unit_price, each.currency);
    };
    return all(left) < all(right);
  }
};

}  // namespace

bool is_below_zero(const UsageRow& row) {
  return row.quantity.is_negative() || (row.cost && row.cost->is_negative()) || (row.unit_price && row.unit_price->is_negative());
}

/// Takes the rows of one subscription in their order.
class GrowingUsage::Reader {
 public:
  Reader(const GrowingUsage& growing, OfSubscription& usage) : growing_(growing), usage_(usage) {}

  void take(const UsageRow& row) {
    if (row.usage_date != day_) likes_.clear();
    day_ = row.usage_date;
    usage_.coming.push_back({row.position, place_of(row), row.quantity, row.cost.value_or(kNothing)});
  }

 private:
  std::size_t place_of(const UsageRow& row) {
    if (is_below_zero(row)) usage_.below_zero.push_back(row.position);
    if (is_below_zero(row) || !growing_.may_join_(row.meter_id)) return add(row);
    const auto [like, is_new] = likes_.try_emplace(Likeness(row), usage_.joined.size());
    // What a sum cannot hold begins another one.
    if (!is_new && !count(usage_.joined[like->second], row)) like->second = usage_.joined.size();
    return like->second == usage_.joined.size() ? add(row) : like->second;
  }

  static bool count(Joined& joined, const UsageRow& row) {
    const Result<Decimal> quantity = daybook::add(joined.quantity_in_all, row.quantity);
    const Result<Decimal> cost = daybook::add(joined.cost_in_all, row.cost.value_or(kNothing));
    if (!quantity || !cost) return false;
    joined.quantity_in_all = *quantity;
    joined.cost_in_all = *cost;
    return true;
  }

  std::size_t add(const UsageRow& row) {
    Joined& joined = usage_.joined.emplace_back();
    joined.meter = row.meter_id;
    joined.region = row.region;
    joined.unit = row.unit;
    joined.category = row.category;
    joined.meter_name = row.meter_name;
    joined.quantity_in_all = row.quantity;
    joined.cost_in_all = row.cost.value_or(kNothing);
    joined.row = row;
    joined.row.meter_id = joined.meter;
    joined.row.region = joined.region;
    joined.row.unit = joined.unit;
    joined.row.category = joined.category;
    joined.row.meter_name = joined.meter_name;
    joined.row.usage_id = joined.row.resource_id = joined.row.resource_group = {};
    joined.row.tags = nullptr;
    joined.row.quantity = kNothing;
    if (joined.row.cost) joined.row.cost = kNothing;
    return usage_.joined.size() - 1;
  }

  const GrowingUsage& growing_;
  OfSubscription& usage_;
  Date day_;
  std::map<Likeness, std::size_t> likes_;  // of one day
};

void GrowingUsage::begin(Position from, Position last) {
  from_ = position_ = from;
  last_ = last;
  read_.clear();
}

std::vector<SubscriptionId> GrowingUsage::subscriptions() const {
  std::vector<SubscriptionId> subscriptions;
  for (const auto& [id, usage] : read_) subscriptions.emplace_back(id);
  return subscriptions;
}

std::set<std::string> GrowingUsage::priced_meters() const {
  std::set<std::string> meters;
  for (const auto& [id, usage] : read_) {
    for (const Joined& joined : usage.joined) {
      if (!joined.row.cost && !joined.row.unit_price) meters.insert(joined.meter);
    }
  }
  return meters;
}

Position GrowingUsage::next_below_zero() const {
  Position next = last_ + 1;
  for (const auto& [id, usage] : read_) {
    const auto found = std::upper_bound(usage.below_zero.begin(), usage.below_zero.end(), position_);
    if (found != usage.below_zero.end()) next = std::min(next, *found);
  }
  return next;
}

void GrowingUsage::grow(OfSubscription& usage, Position position) {
  for (; usage.next < usage.coming.size() && usage.coming[usage.next].position <= position; ++usage.next) {
    const Coming& coming = usage.coming[usage.next];
    Joined& joined = usage.joined[coming.joined];
    // Neither sum is beyond that of all, which is known to fit.
    joined.row.quantity = *add(joined.row.quantity, coming.quantity);
    if (joined.row.cost) joined.row.cost = *add(*joined.row.cost, coming.cost);
    ++joined.count;
  }
}

Result<GrowingUsage::OfSubscription*> GrowingUsage::read(const SubscriptionId& subscription) const {
  const auto [found, is_new] = read_.try_emplace(subscription.text());
  OfSubscription& usage = found->second;
  if (!is_new) return &usage;
  Reader reader(*this, usage);
  const Result<void> done = whole_.rows(subscription, days_.start, days_.end_exclusive, last_, [&](const UsageRow& row) { reader.take(row); });
  if (!done) {
    read_.erase(found);
    return tl::unexpected(done.error());
  }
  std::sort(usage.below_zero.begin(), usage.below_zero.end());
  std::sort(usage.coming.begin(), usage.coming.end(), [](const Coming& left, const Coming& right) { return left.position < right.position; });
  return &usage;
}

Result<void> GrowingUsage::rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                                const RowVisitor& visit) const {
  const Date first = std::max(from, days_.start);
  const Date end = std::min(to, days_.end_exclusive);
  if (upto != position_ || upto < from_ || upto > last_ || first >= end) return whole_.rows(subscription, from, to, upto, visit);
  if (from < first) LEDGER_CHECK(whole_.rows(subscription, from, first, upto, visit));
  LEDGER_TRY(OfSubscription* const usage, read(subscription));
  grow(*usage, position_);
  auto next = std::lower_bound(usage->joined.begin(), usage->joined.end(), first,
                               [](const Joined& joined, Date day) { return joined.row.usage_date < day; });
  for (; next != usage->joined.end() && next->row.usage_date < end; ++next) {
    if (next->count != 0) visit(next->row);
  }
  return end < to ? whole_.rows(subscription, end, to, upto, visit) : Result<void>();
}

}  // namespace daybook
