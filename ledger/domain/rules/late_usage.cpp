#include "ledger/domain/rules/late_usage.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "ledger/domain/rules/billed_at.h"
#include "ledger/domain/rules/corrections.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Late rows of one period, and by which prices they count.
struct LatePeriod {
  Period period;
  std::vector<const UsageItem*> items;
};

/// Items that share a line, whatever price they find.
using Group = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, PricingModel, ChargeType,
                         PublisherType, bool>;
Group group_of(const UsageItem& item) {
  return {item.meter,
          item.subscription,
          item.region,
          item.pricing_model,
          item.charge_type,
          item.publisher_type,
          item.is_credit_eligible};
}

/// Rates the late rows of one period.
class LateRater {
 public:
  LateRater(const StateReader& state, const UsageSource& usage, const BillRequest& request,
            const UsageBatch& late, const std::vector<CorrectedItem>& waiting,
            const LatePeriod& period)
      : usage_(usage),
        request_(request),
        late_(late),
        waiting_(waiting),
        period_(period),
        scope_{state, request.subscriptions, request.currency, request.rate_date, std::nullopt} {
    const BilledPeriod* billed =
        state.billed_period(request.scope, request.type, period.period.start);
    if (billed != nullptr) {
      scope_.prices_upto = billed->position;
      scope_.billed_at = billed_at(state, request, period.period);
    }
    scope_.edges = request.credit_edges;
    scope_.with_rows = request.with_rows;
  }

  Result<Bill> rate() {
    std::map<std::uint32_t, std::vector<const UsageItem*>> by_meter;
    UsageBatch plain = late_.with_same_texts();
    for (const UsageItem* item : period_.items) {
      if (is_plain(*item)) {
        plain.add(*item);
      } else {
        by_meter[item->meter].push_back(item);
      }
    }
    LEDGER_CHECK(take_plain(plain));
    for (const auto& [meter, items] : by_meter) {
      LEDGER_CHECK(take_meter(items));
    }
    return std::move(bill_);
  }

 private:
  [[nodiscard]] bool is_plain(const UsageItem& item) const {
    if (item.has_own_value) return true;
    return is_linear(scope_.state.prices(late_.text(item.meter)));
  }

  Result<void> take_plain(const UsageBatch& batch) {
    LEDGER_TRY(RatedUsage rated, daybook::rate(scope_, batch));
    for (const RatedLine& line : rated.lines) {
      DraftLine draft = draft_line(line, scope_, period_.period);
      for (const UsageItem& item : batch.items()) {
        if (belongs(item, line, batch)) add_row(draft, item);
      }
      bill_.lines.push_back(std::move(draft));
    }
    absorb(rated);
    return {};
  }

  static void add_row(DraftLine& draft, const UsageItem& item) {
    const Turn turn{item.usage_date, item.position};
    draft.turn = draft.rows.empty() ? turn : std::min(draft.turn, turn);
    draft.rows.push_back(item.position);
  }

  [[nodiscard]] bool belongs(const UsageItem& item, const RatedLine& line,
                             const UsageBatch& batch) const {
    return item.subscription == line.subscription && item.has_own_value == line.has_own_value &&
           item.pricing_model == line.pricing_model && item.charge_type == line.charge_type &&
           item.publisher_type == line.publisher_type &&
           item.is_credit_eligible == line.is_credit_eligible &&
           batch.text(item.meter) == line.meter_id && batch.text(item.region) == line.region;
  }

  Result<void> take_meter(const std::vector<const UsageItem*>& items) {
    LEDGER_TRY(UsageBatch batch, billed_rows(scope_.state, usage_, request_, late_, period_.period,
                                               late_.text(items.front()->meter), waiting_));
    batch.sort();
    LEDGER_TRY(const RatedUsage before, daybook::rate(scope_, batch));
    LEDGER_TRY(RatedLine without, sum_of(before.lines));
    std::map<Group, std::vector<const UsageItem*>> groups;
    for (const UsageItem* item : items) groups[group_of(*item)].push_back(item);
    const auto turn_of = [](const UsageItem& item) { return Turn{item.usage_date, item.position}; };
    for (const std::vector<const UsageItem*>& members : in_turn(std::move(groups), turn_of)) {
      std::vector<RatedRow> row_parts;
      if (scope_.with_rows) {
        LEDGER_TRY(row_parts, add_one_by_one(batch, members, without.value));
      }
      for (const UsageItem* item : members) batch.add(*item);
      batch.sort();
      LEDGER_TRY(const RatedUsage after, daybook::rate(scope_, batch));
      LEDGER_TRY(const RatedLine with, sum_of(after.lines));
      LEDGER_TRY(RatedLine line, difference(with, without));
      line.rows = rows_among(after, members);
      line.row_count = static_cast<std::int64_t>(line.rows.size());
      line.row_parts = std::move(row_parts);
      describe(line, *members.front());
      line.parts.clear();  // of a difference only the whole is known
      DraftLine draft = draft_line(line, scope_, period_.period);
      draft.parts = {{members.front()->usage_date, line.value}};
      for (const UsageItem* item : members) add_row(draft, *item);
      bill_.lines.push_back(std::move(draft));
      absorb_sources(after);
      bill_.rows_seen += line.row_count;
      bill_.rows_billed += line.row_count;
      without = with;
    }
    return {};
  }

  /// Those of `members` that found a price.
  static std::vector<BilledRow> rows_among(const RatedUsage& rated,
                                           const std::vector<const UsageItem*>& members) {
    std::set<Position> positions;
    for (const UsageItem* item : members) positions.insert(item->position);
    std::vector<BilledRow> rows;
    for (const RatedLine& line : rated.lines) {
      for (const BilledRow& row : line.rows) {
        if (positions.contains(row.position)) rows.push_back(row);
      }
    }
    return rows;
  }

  /// What each of `members` adds to `value`, which the rows of `batch` are worth, when they come one
  /// after another; without those that find no price.
  Result<std::vector<RatedRow>> add_one_by_one(UsageBatch batch,
                                               const std::vector<const UsageItem*>& members,
                                               Exact value) const {
    std::vector<RatedRow> result;
    for (const UsageItem* item : members) {
      batch.add(*item);
      batch.sort();
      LEDGER_TRY(const RatedUsage rated, daybook::rate(scope_, batch));
      LEDGER_TRY(const Exact now, total_value(rated.lines));
      LEDGER_TRY(const Exact more, subtract(now, value));
      value = now;
      if (rows_among(rated, {item}).empty()) continue;
      result.push_back({{item->position, item->corrected_by}, item->usage_date, item->quantity,
                        more, false, std::nullopt});
    }
    return result;
  }

  void describe(RatedLine& line, const UsageItem& item) const {
    line.subscription = item.subscription;
    line.meter_id = late_.text(item.meter);
    line.meter_name = late_.text(item.meter_name);
    line.region = late_.text(item.region);
    line.unit = late_.text(item.unit);
    line.category = late_.text(item.category);
    line.pricing_model = item.pricing_model;
    line.charge_type = item.charge_type;
    line.publisher_type = item.publisher_type;
    line.is_credit_eligible = item.is_credit_eligible;
    const auto price = price_of(scope_, late_, item);
    line.pricing_currency = price ? price->version->currency : scope_.currency;
    if (price && price->exchange != nullptr) line.exchange_rate = price->exchange->rate;
  }

  void absorb_sources(const RatedUsage& rated) {
    bill_.prices.insert(rated.prices.begin(), rated.prices.end());
    bill_.exchange_rates.insert(rated.exchange_rates.begin(), rated.exchange_rates.end());
    bill_.relied_on.insert(rated.relied_on.begin(), rated.relied_on.end());
  }
  void absorb(const RatedUsage& rated) {
    absorb_sources(rated);
    bill_.rows_seen += rated.rows_billed;
    bill_.rows_billed += rated.rows_billed;
  }

  const UsageSource& usage_;
  const BillRequest& request_;
  const UsageBatch& late_;
  const std::vector<CorrectedItem>& waiting_;
  const LatePeriod& period_;
  RatingScope scope_;
  Bill bill_;
};

void absorb(Bill& bill, Bill&& part) {
  for (DraftLine& line : part.lines) {
    bill.late.insert(bill.late.end(), line.rows.begin(), line.rows.end());
    bill.lines.push_back(std::move(line));
  }
  bill.rows_seen += part.rows_seen;
  bill.rows_billed += part.rows_billed;
  bill.prices.merge(part.prices);
  bill.exchange_rates.merge(part.exchange_rates);
  bill.relied_on.merge(part.relied_on);
}

}  // namespace

bool ended_with_credit(const StateReader& state, const BillRequest& request, const Subscription& subscription,
                       const UsageRow& row) {
  if (subscription.limit_changes.empty() || !row.is_credit_eligible) return false;
  if (request.scope.type != ScopeType::Subscription || request.type != InvoiceType::AzureServices) return false;
  const Period period = usage_period(request, subscription, row.usage_date);
  const BilledPeriod* billed = state.billed_period(request.scope, request.type, period.start);
  return billed != nullptr &&
         CreditPool(state, request.scope).ends(subscription, period, request.currency, billed->position);
}

bool was_unmatched(const StateReader& state, const BillRequest& request,
                   const Subscription& subscription, const UsageRow& row, Position then) {
  if (subscription.posted_at > then) return true;
  if (row.cost || row.unit_price) {
    if (!row.currency || *row.currency == request.currency) return false;
    const ExchangeRates* rates = state.exchange_rates(*row.currency, request.currency);
    return rates == nullptr || std::none_of(rates->versions.begin(), rates->versions.end(),
                                            [then](const ExchangeRateVersion& version) {
                                              return version.position <= then;
                                            });
  }
  const MeterPrices* prices = state.prices(row.meter_id);
  if (prices == nullptr) return true;
  const PriceView view{request.currency, std::nullopt, then};
  return !price_in_force(state, *prices, price_scopes(subscription), row.usage_date, view);
}

Result<UsageBatch> billed_rows(const StateReader& state, const UsageSource& usage,
                               const BillRequest& request, const UsageBatch& texts, Period period,
                               const std::string& meter,
                               const std::vector<CorrectedItem>& waiting) {
  UsageBatch batch = texts.with_same_texts();
  const BillingMark& mark = *request.mark(state);
  for (std::uint32_t i = 0; i < request.subscriptions.size(); ++i) {
    const Subscription& subscription = *request.subscriptions[i];
    Result<void> added;
    LEDGER_CHECK(usage.rows(
        subscription.subscription_id, period.start, period.end_exclusive, request.position,
        [&](const UsageRow& row) {
          if (!added || row.position > mark.position) return;
          if (row.meter_id != meter || row.cost || row.unit_price) return;
          if (!subscription.is_placed_on(row.usage_date) || !stands_on(request, row)) return;
          if (std::find(mark.deferred.begin(), mark.deferred.end(), row.position) !=
              mark.deferred.end())
            return;
          if (was_unmatched(state, request, subscription, row, mark.position)) return;
          added = batch.add(i, row);
        }));
    LEDGER_CHECK(added);
  }
  for (const CorrectedItem& item : waiting) {
    if (texts.text(item.was.meter) == meter && period.contains(item.was.usage_date)) put_back(batch, item);
  }
  return batch;
}

Result<UsageBatch> gather_late(const StateReader& state, const UsageSource& usage,
                               const BillRequest& request) {
  UsageBatch late;
  const BillingMark* mark = request.mark(state);
  if (mark == nullptr) return late;
  for (std::uint32_t i = 0; i < request.subscriptions.size(); ++i) {
    const Subscription& subscription = *request.subscriptions[i];
    const SubscriptionId& id = subscription.subscription_id;
    Result<void> added;
    const auto take = [&](const UsageRow& row) {
      if (std::binary_search(request.apart.begin(), request.apart.end(), row.position)) return;
      if (!subscription.is_charged_on(row.usage_date) || ended_with_credit(state, request, subscription, row)) return;
      if (added && subscription.is_placed_on(row.usage_date) && stands_on(request, row))
        added = late.add(i, row);
    };
    const auto take_matched = [&](const UsageRow& row) {
      if (was_unmatched(state, request, subscription, row, mark->position)) take(row);
    };
    if (!request.same_rows) {
      LEDGER_CHECK(usage.late_rows(id, mark->through, mark->position, request.position, take));
      LEDGER_CHECK(usage.unmatched_rows(id, mark->through, mark->position, take_matched));
    }
    if (!mark->deferred.empty()) {
      LEDGER_CHECK(
          usage.rows(id, kFirstDate, mark->through, request.position, [&](const UsageRow& row) {
            const auto& deferred = mark->deferred;
            if (std::find(deferred.begin(), deferred.end(), row.position) != deferred.end())
              take(row);
          }));
    }
    LEDGER_CHECK(added);
  }
  late.sort();
  return late;
}

Result<Bill> rate_late(const StateReader& state, const UsageSource& usage,
                       const BillRequest& request, const UsageBatch& late,
                       const std::vector<CorrectedItem>& waiting,
                       const std::function<bool(const UsageItem&)>& counts) {
  std::map<Date, LatePeriod> periods;
  for (const UsageItem& item : late.items()) {
    if (counts && !counts(item)) continue;
    const Period period = usage_period(request, *request.subscriptions[item.subscription],
                                       item.usage_date);
    LatePeriod& of_period = periods[period.start];
    of_period.period = period;
    of_period.items.push_back(&item);
  }
  Bill bill;
  for (const auto& [start, period] : periods) {
    LateRater rater(state, usage, request, late, waiting, period);
    LEDGER_TRY(Bill part, rater.rate());
    absorb(bill, std::move(part));
  }
  // A discount's line names the rows of the line it is about, and those of two prices name each other's.
  std::sort(bill.late.begin(), bill.late.end());
  bill.late.erase(std::unique(bill.late.begin(), bill.late.end()), bill.late.end());
  return bill;
}

}  // namespace daybook
