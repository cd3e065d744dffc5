#include "ledger/domain/files/charged_period.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/tiers.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

bool holds(const std::vector<Position>& sorted, Position position) {
  return std::binary_search(sorted.begin(), sorted.end(), position);
}

/// Lines of one meter and period that rows are not told apart by, and the rows behind them.
struct Group {
  std::vector<const InvoiceLine*> lines;
  bool is_late = false;
  Exact value;  ///< of the lines
  Exact cost;   ///< of the rows so far
  Exact quantity;
  std::vector<Position> rows;
};

struct PricedRow {
  Exact cost;
  Exact quantity;
  std::optional<Decimal> unit_price;
  Group* group = nullptr;
};

/// Finds the rows behind lines and gives each its part of them.
class RowFinder {
 public:
  RowFinder(const StateReader& state, const UsageSource& usage, const ChargedPeriod& charged,
            const std::function<bool(const InvoiceLine&)>& wants)
      : state_(state),
        usage_(usage),
        charged_(charged),
        rating_{state, {}, charged.currency, charged.rate_date, charged.prices_upto},
        first_day_(charged.is_first ? kFirstDate : charged.period.start),
        end_(charged.period.end_exclusive) {
    for (const InvoiceLine& line : charged.lines) {
      const bool is_wanted = wants(line);
      if (is_wanted) wanted_.push_back(&line);
      if (line.subscription_id && line.meter_id && line.pricing_model && line.publisher_type)
        take(line, is_wanted);
    }
  }

  Result<void> find() {
    for (auto& [key, group] : groups_) {
      for (const InvoiceLine* line : group.lines) {
        LEDGER_TRY(const Exact value, Exact::from(line->value));
        LEDGER_TRY(group.value, add(group.value, value));
      }
    }
    for (std::uint32_t i = 0; i < rating_.subscriptions.size(); ++i) LEDGER_CHECK(gather(i));
    batch_.sort();
    for (const UsageItem& item : batch_.items()) LEDGER_CHECK(price(item));
    for (auto& [key, group] : groups_) LEDGER_CHECK(settle(group));
    return {};
  }

  Result<void> hand_out(const UsageRecords& records, const FileVisitor& visit) const {
    for (const Subscription* subscription : rating_.subscriptions) {
      Result<void> outcome;
      LEDGER_CHECK(usage_.rows(subscription->subscription_id, first_day_, end_, charged_.rows_upto,
                               [&](const UsageRow& row) {
                                 const auto found = rows_.find(row.position);
                                 if (!outcome || found == rows_.end()) return;
                                 if (unwanted_.contains(found->second.group)) return;
                                 outcome = hand_out(*subscription, row, found->second, records, visit);
                               }));
      LEDGER_CHECK(outcome);
    }
    for (const InvoiceLine* line : wanted_) {
      const auto group = group_of_.find(line);
      if (group != group_of_.end() && !group->second->rows.empty()) continue;
      LEDGER_CHECK(visit(row_of(*line)));
    }
    return {};
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, PricingModel, ChargeType,
                         PublisherType, bool, Period>;

  void take(const InvoiceLine& line, bool is_wanted) {
    if (line.charge_type == ChargeType::Discount) return;
    const Subscription* subscription = state_.subscription(*line.subscription_id);
    if (subscription == nullptr) return;
    auto& known = rating_.subscriptions;
    if (std::find(known.begin(), known.end(), subscription) == known.end())
      known.push_back(subscription);
    if (line.period.start < charged_.period.start)
      first_day_ = std::min(first_day_, line.period.start);
    end_ = std::max(end_, line.period.end_exclusive);
    Group& group =
        groups_[{line.subscription_id->text(), line.meter_id->text(), line.region.value_or(""),
                 *line.pricing_model, line.charge_type, *line.publisher_type,
                 line.is_credit_eligible, line.period}];
    group.is_late = line.period.end_exclusive <= charged_.period.start;
    group.lines.push_back(&line);
    group_of_[&line] = &group;
    if (!is_wanted) unwanted_.insert(&group);
    periods_.insert(line.period);
  }

  /// Whose line a row of `day` stands on; null: none.
  Group* group_of(const UsageItem& item, bool is_late) {
    const std::string& subscription =
        rating_.subscriptions[item.subscription]->subscription_id.text();
    Period period = charged_.period;
    for (const Period& each : periods_) {
      if (each.contains(item.usage_date)) period = each;
    }
    const auto found = groups_.find({subscription, batch_.text(item.meter), batch_.text(item.region),
                                     item.pricing_model, item.charge_type, item.publisher_type,
                                     item.is_credit_eligible, period});
    if (found == groups_.end() || found->second.is_late != is_late) return nullptr;
    return &found->second;
  }

  Result<void> gather(std::uint32_t i) {
    Result<void> added;
    LEDGER_CHECK(usage_.rows(rating_.subscriptions[i]->subscription_id, first_day_, end_,
                             charged_.rows_upto, [&](const UsageRow& row) {
                               if (!added || holds(charged_.left_out, row.position)) return;
                               const bool is_of_period =
                                   charged_.is_first || charged_.period.contains(row.usage_date);
                               if (!is_of_period && !holds(charged_.late, row.position)) return;
                               added = batch_.add(i, row);
                             }));
    return added;
  }

  Result<void> price(const UsageItem& item) {
    const bool is_late =
        holds(charged_.late, item.position) && item.usage_date < charged_.period.start;
    Group* group = group_of(item, is_late);
    const Subscription& subscription = *rating_.subscriptions[item.subscription];
    // Of days before it came to where it is, the lines know.
    const bool is_here = item.usage_date >= subscription.first_day();
    if (group == nullptr || (is_here && !subscription.is_charged_on(item.usage_date, charged_.prices_upto))) return {};
    PricedRow row;
    row.group = group;
    row.quantity = item.quantity;
    if (item.has_own_value) {
      row.cost = item.own_value;
      if (item.currency && *item.currency != charged_.currency) {
        const ExchangeRateVersion* exchange =
            exchange_rate_on(state_, *item.currency, charged_.currency, charged_.rate_date);
        if (exchange == nullptr) return {};
        LEDGER_TRY(row.cost, row.cost.times(exchange->rate, Rounding::HalfAwayFromZero));
      }
    } else {
      const auto price = price_of(rating_, batch_, item);
      // A price that came after the bill gave the row to a later one.
      if (!price || (!is_late && charged_.prices_upto &&
                     price->version->position > *charged_.prices_upto)) {
        return {};
      }
      MeterConsumption& consumed = consumed_[{item.meter, group->lines.front()->period.start}];
      LEDGER_TRY(const Consumption part, consumed.take(*price->version, item.quantity));
      row.cost = part.value;
      const std::size_t tier = part.tiers.empty() ? 0 : part.tiers.back().tier;
      row.unit_price = price->version->tiers[tier].unit_price;
      if (price->exchange != nullptr) {
        LEDGER_TRY(row.cost, row.cost.times(price->exchange->rate, Rounding::HalfAwayFromZero));
      }
    }
    LEDGER_TRY(group->cost, add(group->cost, row.cost));
    LEDGER_TRY(group->quantity, add(group->quantity, row.quantity));
    group->rows.push_back(item.position);
    rows_.emplace(item.position, row);
    return {};
  }

  /// What the rows are worth by themselves is what their lines say, but where a line is the
  /// difference that late rows made: there each gets its part by quantity.
  Result<void> settle(const Group& group) {
    if (group.rows.empty() || group.cost.to_display() == group.value.to_display()) return {};
    Exact left = group.value;
    for (const Position position : group.rows) {
      PricedRow& row = rows_.at(position);
      row.cost = left;
      if (position == group.rows.back()) break;
      row.cost = Exact();
      if (!group.quantity.is_zero()) {
        LEDGER_TRY(const Exact part, group.value.times(row.quantity.to_display(),
                                                       Rounding::HalfAwayFromZero));
        LEDGER_TRY(const Exact share,
                   part.divided_by(group.quantity.to_display(), Rounding::HalfAwayFromZero));
        // As it is written: the last row makes the parts the whole.
        LEDGER_TRY(row.cost, Exact::from(share.to_display()));
      }
      LEDGER_TRY(left, subtract(left, row.cost));
    }
    return {};
  }

  Result<void> hand_out(const Subscription& subscription, const UsageRow& row,
                        const PricedRow& priced, const UsageRecords& records,
                        const FileVisitor& visit) const {
    LEDGER_TRY(const UsageRecorded recorded, records.recorded(row.position));
    FileRow made;
    made.charge_type = row.charge_type;
    made.date = row.usage_date;
    made.service = {row.usage_date, row.usage_date.plus_days(1)};
    made.line = priced.group->lines.front();
    made.subscription = &subscription;
    made.usage = &row;
    made.recorded = &recorded;
    made.quantity = row.quantity;
    made.unit_price = row.unit_price ? row.unit_price : priced.unit_price;
    made.list_price = list_price(row);
    made.cost = priced.cost.to_display();
    made.is_correction = priced.group->is_late;
    return visit(made);
  }

  /// What everybody pays for the first unit; nothing where that is in another currency.
  [[nodiscard]] std::optional<Decimal> list_price(const UsageRow& row) const {
    const MeterPrices* prices = state_.prices(row.meter_id);
    if (prices == nullptr) return std::nullopt;
    const auto price = price_in_force(state_, *prices, PriceScopes{}, row.usage_date,
                                      {charged_.currency, charged_.rate_date, charged_.prices_upto});
    if (!price || price->exchange != nullptr) return std::nullopt;
    return price->version->tiers.front().unit_price;
  }

  [[nodiscard]] FileRow row_of(const InvoiceLine& line) const {
    FileRow made;
    made.charge_type = line.charge_type;
    made.date = line.period.start;
    made.service = line.period;
    made.line = &line;
    if (line.subscription_id) made.subscription = state_.subscription(*line.subscription_id);
    made.quantity = line.consumed ? line.consumed : Decimal(1);
    made.unit_price = line.rate;
    made.cost = line.value;
    made.is_correction = line.period.end_exclusive <= charged_.period.start;
    return made;
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const ChargedPeriod& charged_;
  RatingScope rating_;
  Date first_day_;
  Date end_;
  UsageBatch batch_;
  std::vector<const InvoiceLine*> wanted_;
  std::map<Key, Group> groups_;
  std::map<const InvoiceLine*, Group*> group_of_;
  std::set<const Group*> unwanted_;
  std::set<Period> periods_;
  std::map<std::pair<std::uint32_t, Date>, MeterConsumption> consumed_;  // by meter and period
  std::unordered_map<Position, PricedRow> rows_;
};

/// Whether no document of the scope came before: what is dated earlier stands on it too.
bool is_first_document(const StateReader& state, const InvoiceIssued& issued) {
  if (issued.profile_id) {
    const Profile* profile = state.profile(*issued.profile_id);
    return profile != nullptr && issued.period.start <= profile_month(*profile, profile->holds_from).start;
  }
  if (issued.enrollment_id) {
    const Enrollment* enrollment = state.enrollment(*issued.enrollment_id);
    return enrollment != nullptr &&
           issued.period.start <= enrollment_period(*enrollment, enrollment->start_date).start;
  }
  const Subscription* subscription =
      issued.subscription_id ? state.subscription(*issued.subscription_id) : nullptr;
  if (subscription == nullptr) return false;
  return issued.type == InvoiceType::AzureMarketplace
             ? issued.period.start <= month_of(subscription->created_on).start
             : issued.period.start <= subscription->created_on;
}

}  // namespace

ChargedPeriod charged_by(const StateReader& state, const InvoiceIssued& issued) {
  ChargedPeriod charged;
  if (const InvoiceLines* lines = state.invoice_lines(issued.invoice_id)) charged.lines = lines->lines;
  charged.period = issued.period;
  charged.currency = issued.currency;
  const Manifest& manifest = issued.manifest;
  // Prices of a document may have been looked up later than its rows.
  charged.rows_upto = manifest.marks.empty() ? manifest.position : manifest.marks.front().position;
  charged.prices_upto = manifest.position;
  charged.rate_date = issued.issue_date;
  charged.late = manifest.late_positions;
  charged.left_out = manifest.deferred_positions;
  std::sort(charged.late.begin(), charged.late.end());
  std::sort(charged.left_out.begin(), charged.left_out.end());
  charged.is_first = is_first_document(state, issued);
  if (issued.corrected_invoice_id) {
    // Everything on it is late: nothing is of a period of its own.
    charged.is_first = false;
    charged.period = {issued.period.end_exclusive, issued.period.end_exclusive.plus_days(1)};
  }
  charged.invoice = &issued;
  return charged;
}

Result<void> charged_rows(const StateReader& state, const UsageSource& usage,
                          const UsageRecords& records, const ChargedPeriod& charged,
                          const std::function<bool(const InvoiceLine&)>& wants,
                          const FileVisitor& visit) {
  RowFinder finder(state, usage, charged, wants);
  LEDGER_CHECK(finder.find());
  return finder.hand_out(records, visit);
}

}  // namespace daybook
