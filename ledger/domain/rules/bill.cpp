#include "ledger/domain/rules/bill.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "ledger/domain/rules/corrections.h"
#include "ledger/domain/rules/late_usage.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using Counts = std::function<bool(const UsageItem&)>;

/// Of a document whose rows are those of a void one: what that one left to others.
bool stands_elsewhere(const StateReader& state, const BillRequest& request,
                      const Subscription& subscription, const UsageRow& row) {
  if (!request.same_rows) return false;
  return std::binary_search(request.without.begin(), request.without.end(), row.position) ||
         was_unmatched(state, request, subscription, row, request.position);
}

/// Rows of one period on the document, and that period.
struct PartOfBill {
  Period period;
  UsageBatch rows;
};

/// Rows of the periods; before the first bill also what is dated earlier, since no period will hold
/// it.
Result<std::vector<PartOfBill>> gather(const StateReader& state, const UsageSource& usage,
                                       const BillRequest& request) {
  const bool first = request.mark(state) == nullptr;
  std::vector<PartOfBill> parts;
  const auto periods = request.parts.empty() ? std::vector{request.period} : request.parts;
  for (const Period& period : periods) {
    const bool is_oldest = first && request.with_late && parts.empty();
    UsageBatch batch;
    for (std::uint32_t i = 0; i < request.subscriptions.size(); ++i) {
      const Subscription& subscription = *request.subscriptions[i];
      const Period days =
          subscription.days_in({is_oldest ? kFirstDate : period.start, period.end_exclusive});
      if (days.start == days.end_exclusive) continue;
      Result<void> added;
      LEDGER_CHECK(usage.rows(subscription.subscription_id, days.start, days.end_exclusive,
                              request.position, [&](const UsageRow& row) {
                                if (!added || !stands_on(request, row)) return;
                                if (stands_elsewhere(state, request, subscription, row)) return;
                                added = batch.add(i, row);
                              }));
      LEDGER_CHECK(added);
    }
    batch.sort();
    parts.push_back({period, std::move(batch)});
  }
  return parts;
}

/// What came after periods were billed: rows, and corrections, of which some wait for another document.
struct News {
  UsageBatch late;
  std::vector<CorrectedItem> corrected;
  std::vector<CorrectedItem> waiting;
};

Result<News> gather_news(const StateReader& state, const UsageSource& usage, const BillRequest& request) {
  News news;
  LEDGER_TRY(news.late, gather_late(state, usage, request));
  LEDGER_TRY(news.corrected, gather_corrections(state, usage, request, news.late));
  return news;
}

/// Corrections of which `waits` holds for one of their positions wait.
template <class Waits>
void let_wait(News& news, Waits&& waits) {
  const auto first = std::stable_partition(
      news.corrected.begin(), news.corrected.end(), [&](const CorrectedItem& item) {
        return std::none_of(item.positions.begin(), item.positions.end(), waits);
      });
  std::move(first, news.corrected.end(), std::back_inserter(news.waiting));
  news.corrected.erase(first, news.corrected.end());
}

Result<Bill> rate_all(const StateReader& state, const UsageSource& usage,
                      const BillRequest& request, const std::vector<PartOfBill>& current,
                      const News& news, const Counts& counts) {
  const RatingScope scope{state, request.subscriptions, request.currency, request.rate_date,
                          std::nullopt, false, request.credit_edges, request.with_rows};
  Bill bill;
  for (const PartOfBill& part : current) {
    LEDGER_TRY(RatedUsage rated, rate(scope, part.rows, counts));
    for (const RatedLine& line : rated.lines)
      bill.lines.push_back(draft_line(line, scope, part.period));
    bill.rows_seen += rated.rows_seen;
    bill.rows_of_period += rated.rows_seen;
    bill.rows_billed += rated.rows_billed;
    bill.prices.merge(rated.prices);
    bill.exchange_rates.merge(rated.exchange_rates);
    bill.relied_on.merge(rated.relied_on);
  }
  if (news.late.items().empty() && news.corrected.empty()) return bill;
  LEDGER_TRY(Bill of_late, rate_late(state, usage, request, news.late, news.waiting, counts));
  LEDGER_CHECK(add_corrections(state, usage, request, news.late, news.corrected, news.waiting, of_late));
  std::move(of_late.lines.begin(), of_late.lines.end(), std::back_inserter(bill.lines));
  bill.rows_seen += of_late.rows_seen;
  bill.rows_billed += of_late.rows_billed;
  bill.prices.merge(of_late.prices);
  bill.exchange_rates.merge(of_late.exchange_rates);
  bill.relied_on.merge(of_late.relied_on);
  bill.late = std::move(of_late.late);
  return bill;
}

/// Without the refunds that are left.
Result<Exact> sum_of(const std::vector<DraftLine>& lines, const OtherCharges& others,
                     const std::set<std::string>& left = {}) {
  Exact sum;
  for (const auto* each : {&lines, &others.lines}) {
    for (const DraftLine& line : *each) {
      LEDGER_TRY(sum, add(sum, line.value));
    }
  }
  for (const RefundInTurn& refund : others.refunds) {
    if (left.contains(refund.key)) continue;
    LEDGER_TRY(sum, add(sum, refund.value));
  }
  return sum;
}

/// A row, the late rows of a line, or a refund: what lowers the sum and can wait for the next document.
struct Negative {
  Turn turn;
  Exact value;
  std::vector<Position> rows;
  std::string refund;  ///< its key
};

/// What does not fit.
struct LeftOver {
  std::set<Position> rows;
  std::set<std::string> refunds;
};

/// What can wait, in the order in which it is taken onto the document.
Result<std::vector<Negative>> negatives(const StateReader& state, const BillRequest& request,
                                        const std::vector<PartOfBill>& current,
                                        const Bill& bill, const OtherCharges& others,
                                        const LeftOver& waits) {
  std::vector<Negative> result;
  const RatingScope scope{state, request.subscriptions, request.currency, request.rate_date,
                          std::nullopt};
  for (const PartOfBill& part : current) {
    for (const UsageItem& item : part.rows.items()) {
      if (!item.has_own_value || !item.own_value.is_negative() || waits.rows.contains(item.position) ||
          !matches(scope, part.rows, item))
        continue;
      Exact value = item.own_value;
      if (item.currency && *item.currency != request.currency) {
        const auto* rate =
            exchange_rate_on(state, *item.currency, request.currency, request.rate_date);
        LEDGER_TRY(value, value.times(rate->rate, Rounding::HalfAwayFromZero));
      }
      result.push_back({{item.usage_date, item.position}, value, {item.position}, {}});
    }
  }
  for (const DraftLine& line : bill.lines) {
    if (line.rows.empty() || !line.value.is_negative()) continue;
    result.push_back({line.turn, line.value, line.rows, {}});
  }
  for (const RefundInTurn& refund : others.refunds) {
    if (!waits.refunds.contains(refund.key)) result.push_back({refund.turn, refund.value, {}, refund.key});
  }
  std::sort(result.begin(), result.end(), [](const Negative& left, const Negative& right) {
    return std::tie(left.turn, left.refund) < std::tie(right.turn, right.refund);
  });
  return result;
}

/// Charges first, then each negative one only while the sum stays at 0 or above: those that do not fit are left. False where
/// all of them do.
Result<bool> leave_over(Exact sum, const std::vector<Negative>& negatives, LeftOver& left) {
  for (const Negative& negative : negatives) {
    LEDGER_TRY(sum, subtract(sum, negative.value));
  }
  bool is_any_left = false;
  for (const Negative& negative : negatives) {
    LEDGER_TRY(const Exact with, add(sum, negative.value));
    if (with.is_negative()) {
      left.rows.insert(negative.rows.begin(), negative.rows.end());
      if (!negative.refund.empty()) left.refunds.insert(negative.refund);
      is_any_left = true;
    } else {
      sum = with;
    }
  }
  return is_any_left;
}

}  // namespace

bool stands_on(const BillRequest& request, const UsageRow& row) {
  if (request.type == InvoiceType::Profile) return true;
  const bool on_marketplace = request.type == InvoiceType::AzureMarketplace;
  if (request.enrollment != nullptr) {
    const bool is_of_publisher = row.publisher_type == PublisherType::Marketplace;
    return !request.marketplace_apart || is_of_publisher == on_marketplace;
  }
  return is_marketplace(row.pricing_model, row.publisher_type) == on_marketplace;
}

Period usage_period(const PeriodOwner& owner, const Subscription& subscription, Date day) {
  if (owner.enrollment != nullptr) return enrollment_period(*owner.enrollment, day);
  if (owner.profile != nullptr) return profile_month(*owner.profile, day);
  if (owner.type != InvoiceType::AzureServices) return subscription.days_in(month_of(day));
  return placed_period(subscription, placed_period_number(subscription, day));
}

Result<Bill> bill_late(const StateReader& state, const UsageSource& usage,
                       const BillRequest& request) {
  LEDGER_TRY(const News news, gather_news(state, usage, request));
  LEDGER_TRY(Bill bill, rate_late(state, usage, request, news.late, news.waiting, nullptr));
  LEDGER_CHECK(add_corrections(state, usage, request, news.late, news.corrected, news.waiting, bill));
  return bill;
}

Result<Bill> bill_usage(const StateReader& state, const UsageSource& usage,
                        const BillRequest& request, const OtherCharges& others) {
  LEDGER_TRY(const std::vector<PartOfBill> current, gather(state, usage, request));
  News news;
  if (request.with_late) {
    LEDGER_TRY(news, gather_news(state, usage, request));
  }
  LEDGER_TRY(Bill bill, rate_all(state, usage, request, current, news, nullptr));
  const std::int64_t rows_of_period = bill.rows_of_period;
  LeftOver left;
  for (;;) {
    LEDGER_TRY(const Exact sum, sum_of(bill.lines, others, left.refunds));
    if (!sum.is_negative()) break;
    LEDGER_TRY(const std::vector<Negative> can_wait, negatives(state, request, current, bill, others, left));
    LEDGER_TRY(const bool is_any_left, leave_over(sum, can_wait, left));
    if (!is_any_left) {
      return rejected(
          "AMOUNT_OUT_OF_RANGE",
          "the charges of " + request.scope.text() + " from " + request.period.start.text() +
              " sum to less than nothing by their prices; correct the prices of its meters");
    }
    // With tiers a row is worth something else without those that wait: again, until what is left fits.
    let_wait(news, [&](Position position) { return left.rows.contains(position); });
    const auto has_room = [&](const UsageItem& item) { return !left.rows.contains(item.position); };
    LEDGER_TRY(bill, rate_all(state, usage, request, current, news, has_room));
  }
  // A row of the period that waits was there all the same.
  bill.rows_seen += rows_of_period - bill.rows_of_period;
  bill.rows_of_period = rows_of_period;
  bill.deferred.assign(left.rows.begin(), left.rows.end());
  bill.waiting = std::move(left.refunds);
  return bill;
}

Result<Bill> bill_again(const StateReader& state, const UsageSource& usage,
                        const BillRequest& request, const Manifest& manifest, bool only_late) {
  const std::set<Position> left_out(manifest.deferred_positions.begin(),
                                    manifest.deferred_positions.end());
  const std::set<Position> on_it(manifest.late_positions.begin(), manifest.late_positions.end());
  std::vector<PartOfBill> current;
  if (!only_late) {
    LEDGER_TRY(current, gather(state, usage, request));
  }
  for (PartOfBill& part : current) {
    std::erase_if(part.rows.items(),
                  [&](const UsageItem& item) { return left_out.contains(item.position); });
  }
  News news;
  if (!on_it.empty()) {
    LEDGER_TRY(news, gather_news(state, usage, request));
  }
  const auto stands_elsewhere_yet = [&](Position position) { return !on_it.contains(position); };
  std::erase_if(news.late.items(),
                [&](const UsageItem& item) { return stands_elsewhere_yet(item.position); });
  let_wait(news, stands_elsewhere_yet);
  return rate_all(state, usage, request, current, news, nullptr);
}

}  // namespace daybook
