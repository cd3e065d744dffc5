#include "ledger/domain/rules/corrections.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "ledger/domain/rules/billed_at.h"
#include "ledger/domain/rules/late_usage.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using Items = std::vector<const CorrectedItem*>;

/// Corrections that share a line.
using Group = std::tuple<std::uint32_t, std::uint32_t, PricingModel, PublisherType, bool>;
Group group_of(const UsageItem& item) {
  return {item.subscription, item.region, item.pricing_model, item.publisher_type,
          item.is_credit_eligible};
}

Turn turn_of(const CorrectedItem& item) {
  return {item.was.usage_date, *std::min_element(item.positions.begin(), item.positions.end())};
}

BilledRow row_of(const CorrectedItem& item) { return {item.was.position, item.positions.back()}; }

void remove_row(UsageBatch& batch, Position position) {
  std::erase_if(batch.items(),
                [position](const UsageItem& item) { return item.position == position; });
}

/// Rates the corrections of one period.
class PeriodCorrector {
 public:
  PeriodCorrector(const StateReader& state, const UsageSource& usage, const BillRequest& request,
                  const UsageBatch& texts, const std::vector<CorrectedItem>& waiting, Period period,
                  Bill& bill)
      : usage_(usage),
        request_(request),
        texts_(texts),
        waiting_(waiting),
        period_(period),
        scope_{state, request.subscriptions, request.currency, request.rate_date, std::nullopt},
        bill_(bill) {
    scope_.with_rows = request.with_rows;
    const BilledPeriod* billed = state.billed_period(request.scope, request.type, period.start);
    if (billed == nullptr) return;
    scope_.prices_upto = billed->position;
    scope_.billed_at = billed_at(state, request, period);
    // What is taken back is worth what it was billed at (R-81; decision 0104).
    scope_.rate_date = billed->billed_on;
    scope_.rates_upto = billed->position;
    invoice_id_ = billed->invoice_id;
  }

  Result<void> take(const Items& items) {
    std::map<std::uint32_t, Items> by_meter;
    for (const CorrectedItem* item : items) by_meter[item->was.meter].push_back(item);
    for (const auto& [meter, of_meter] : by_meter) {
      LEDGER_CHECK(take_meter(texts_.text(meter), of_meter));
    }
    return {};
  }

 private:
  /// What the rows are rated among: where tiers or included quantities count, all of the meter.
  Result<UsageBatch> as_billed(const std::string& meter, const Items& items) {
    UsageBatch batch = texts_.with_same_texts();
    if (!is_linear(scope_.state.prices(meter))) {
      LEDGER_TRY(batch, billed_rows(scope_.state, usage_, request_, texts_, period_, meter, waiting_));
    }
    for (const CorrectedItem* item : items) put_back(batch, *item);
    batch.sort();
    return batch;
  }

  Result<void> take_meter(const std::string& meter, const Items& items) {
    LEDGER_TRY(UsageBatch batch, as_billed(meter, items));
    LEDGER_TRY(const RatedUsage before, rate(scope_, batch));
    absorb(before);
    LEDGER_TRY(RatedLine without, sum_of(before.lines));
    std::map<Group, Items> groups;
    for (const CorrectedItem* item : items) groups[group_of(item->was)].push_back(item);
    for (const Items& members : in_turn(std::move(groups), turn_of)) {
      std::vector<RatedRow> row_parts;
      if (scope_.with_rows) {
        LEDGER_TRY(row_parts, correct_one_by_one(batch, members, without.value));
      }
      for (const CorrectedItem* item : members) {
        remove_row(batch, item->was.position);
        if (item->is) batch.add(*item->is);
      }
      batch.sort();
      LEDGER_TRY(const RatedUsage after, rate(scope_, batch));
      absorb(after);
      LEDGER_TRY(const RatedLine with, sum_of(after.lines));
      LEDGER_TRY(RatedLine line, difference(with, without));
      without = with;
      line.row_parts = std::move(row_parts);
      add_line(std::move(line), members);
    }
    return {};
  }

  /// What each of `members` makes of `value`, which the rows of `batch` are worth, when they are
  /// corrected one after another.
  Result<std::vector<RatedRow>> correct_one_by_one(UsageBatch batch, const Items& members,
                                                   Exact value) const {
    std::vector<RatedRow> result;
    for (const CorrectedItem* item : members) {
      remove_row(batch, item->was.position);
      Exact quantity = item->was.quantity.negated();
      if (item->is) {
        batch.add(*item->is);
        LEDGER_TRY(quantity, add(quantity, item->is->quantity));
      }
      batch.sort();
      LEDGER_TRY(const RatedUsage rated, rate(scope_, batch));
      LEDGER_TRY(const Exact now, total_value(rated.lines));
      LEDGER_TRY(const Exact more, subtract(now, value));
      value = now;
      result.push_back({row_of(*item), item->was.usage_date, quantity, more, false, std::nullopt});
    }
    return result;
  }

  void add_line(RatedLine line, const Items& members) {
    if (line.value.is_zero() && line.consumed.is_zero()) return;  // nothing that is billed changed
    const UsageItem& item = members.front()->is ? *members.front()->is : members.front()->was;
    line.subscription = item.subscription;
    line.meter_id = texts_.text(item.meter);
    line.meter_name = texts_.text(item.meter_name);
    line.region = texts_.text(item.region);
    line.unit = texts_.text(item.unit);
    line.category = texts_.text(item.category);
    line.pricing_model = item.pricing_model;
    line.charge_type = ChargeType::Adjustment;
    line.publisher_type = item.publisher_type;
    line.is_credit_eligible = item.is_credit_eligible;
    line.row_count = static_cast<std::int64_t>(members.size());
    for (const CorrectedItem* member : members) line.rows.push_back(row_of(*member));
    line.pricing_currency = item.has_own_value ? item.currency.value_or(scope_.currency)
                                               : scope_.currency;
    if (!item.has_own_value) {
      const auto price = price_of(scope_, texts_, item);
      if (price) line.pricing_currency = price->version->currency;
      if (price && price->exchange != nullptr) line.exchange_rate = price->exchange->rate;
    }
    DraftLine draft = draft_line(line, scope_, period_);
    draft.line.corrected_invoice_id = invoice_id_;
    draft.parts = {{item.usage_date, line.value}};
    if (draft.derivation) {
      LineDerivation derivation = *draft.derivation;
      derivation.is_correction = true;
      draft.derivation = std::make_shared<LineDerivation>(std::move(derivation));
    }
    for (const CorrectedItem* member : members) {
      for (const Position position : member->positions) {
        const Turn turn{member->was.usage_date, position};
        draft.turn = draft.rows.empty() ? turn : std::min(draft.turn, turn);
        draft.rows.push_back(position);
      }
    }
    std::sort(draft.rows.begin(), draft.rows.end());
    bill_.late.insert(bill_.late.end(), draft.rows.begin(), draft.rows.end());
    // What changed within an included quantity is no usage of the period whose document says so.
    if (!line.value.is_zero()) bill_.rows_seen += line.row_count;
    bill_.rows_billed += line.row_count;
    bill_.lines.push_back(std::move(draft));
  }

  void absorb(const RatedUsage& rated) {
    bill_.prices.insert(rated.prices.begin(), rated.prices.end());
    bill_.exchange_rates.insert(rated.exchange_rates.begin(), rated.exchange_rates.end());
    bill_.relied_on.insert(rated.relied_on.begin(), rated.relied_on.end());
  }

  const UsageSource& usage_;
  const BillRequest& request_;
  const UsageBatch& texts_;
  const std::vector<CorrectedItem>& waiting_;
  Period period_;
  RatingScope scope_;
  Bill& bill_;
  std::optional<InvoiceId> invoice_id_;
};

}  // namespace

void put_back(UsageBatch& batch, const CorrectedItem& item) {
  remove_row(batch, item.was.position);
  batch.add(item.was);
}

Result<std::vector<CorrectedItem>> gather_corrections(const StateReader& state,
                                                      const UsageSource& usage,
                                                      const BillRequest& request,
                                                      const UsageBatch& texts) {
  std::vector<CorrectedItem> result;
  const BillingMark* mark = request.mark(state);
  if (mark == nullptr) return result;
  UsageBatch scratch = texts.with_same_texts();
  for (std::uint32_t i = 0; i < request.subscriptions.size(); ++i) {
    const Subscription& subscription = *request.subscriptions[i];
    Result<void> added;
    const auto item_of = [&](const UsageRow& row) {
      added = scratch.add(i, row);
      return added ? scratch.items().back() : UsageItem();
    };
    LEDGER_CHECK(usage.corrections(
        subscription.subscription_id, mark->through, mark->position, request.position,
        mark->deferred, [&](const UsageCorrection& correction) {
          if (!added || !subscription.is_placed_on(correction.was.usage_date) ||
              !stands_on(request, correction.was) ||
              ended_with_credit(state, request, subscription, correction.was)) {
            return;
          }
          const auto is_apart = [&](Position position) {
            return std::binary_search(request.apart.begin(), request.apart.end(), position);
          };
          if (std::all_of(correction.corrections.begin(), correction.corrections.end(), is_apart))
            return;
          // What stands on no document yet is late, and billed as it stands.
          if (std::binary_search(mark->deferred.begin(), mark->deferred.end(),
                                 correction.was.position) ||
              was_unmatched(state, request, subscription, correction.was, mark->position)) {
            return;
          }
          CorrectedItem item{item_of(correction.was), std::nullopt, correction.corrections};
          if (added && correction.is) item.is = item_of(*correction.is);
          result.push_back(std::move(item));
        }));
    LEDGER_CHECK(added);
  }
  return result;
}

Result<void> add_corrections(const StateReader& state, const UsageSource& usage,
                             const BillRequest& request, const UsageBatch& texts,
                             const std::vector<CorrectedItem>& corrected,
                             const std::vector<CorrectedItem>& waiting, Bill& bill) {
  std::map<Date, std::pair<Period, Items>> periods;
  for (const CorrectedItem& item : corrected) {
    const Period period = usage_period(request, *request.subscriptions[item.was.subscription],
                                       item.was.usage_date);
    auto& [of_period, items] = periods[period.start];
    of_period = period;
    items.push_back(&item);
  }
  for (const auto& [start, of_period] : periods) {
    LEDGER_CHECK(PeriodCorrector(state, usage, request, texts, waiting, of_period.first, bill)
                     .take(of_period.second));
  }
  std::sort(bill.late.begin(), bill.late.end());
  return {};
}

}  // namespace daybook
