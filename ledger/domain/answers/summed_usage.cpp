#include "ledger/domain/answers/summed_usage.h"

#include <algorithm>
#include <unordered_map>

#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What the first sum of a day and meter was rated by.
struct Seen {
  std::uint32_t meter = 0;
  const PriceVersion* price = nullptr;
  std::uint32_t subscription = 0;
};

class SumCheck {
 public:
  SumCheck(const RatingScope& scope, const UsageBatch& batch) : scope_(scope), batch_(batch) {}

  bool holds() {
    for (const UsageItem& item : batch_.items()) {
      if (item.usage_date != day_) seen_.clear();
      day_ = item.usage_date;
      if (!scope_.subscriptions[item.subscription]->is_charged_on(item.usage_date)) continue;
      if (!(item.has_own_value ? holds_of_own(item) : holds_of_priced(item))) return false;
    }
    return true;
  }

 private:
  bool has_discounts(std::uint32_t subscription) {
    const auto [known, is_new] = has_discounts_.try_emplace(subscription, false);
    if (is_new)
      known->second = !discounts_for(scope_.state, *scope_.subscriptions[subscription]).empty();
    return known->second;
  }

  bool holds_of_own(const UsageItem& item) {
    return item.currency.value_or(scope_.currency) == scope_.currency &&
           !has_discounts(item.subscription);
  }

  bool holds_of_priced(const UsageItem& item) {
    const auto price = price_of(scope_, batch_, item);
    if (!price) return true;
    if (price->exchange != nullptr) return false;
    const Seen now{item.meter, price->version, item.subscription};
    const auto first = std::find_if(seen_.begin(), seen_.end(),
                                    [&](const Seen& each) { return each.meter == now.meter; });
    if (first == seen_.end()) {
      seen_.push_back(now);
      return true;
    }
    if (is_linear(*first->price) && is_linear(*now.price)) return true;
    return first->price == now.price && !has_discounts(first->subscription) &&
           !has_discounts(now.subscription);
  }

  const RatingScope& scope_;
  const UsageBatch& batch_;
  Date day_;
  std::vector<Seen> seen_;
  std::unordered_map<std::uint32_t, bool> has_discounts_;  // by subscription
};

}  // namespace

Result<SummedUsage> summed_usage(const UsageSource& usage, const BillingScope& scope,
                                 const ScopeDocument& document, Position upto) {
  SummedUsage result;
  const BillRequest request = scope.request(upto);
  UsageBatch texts;
  for (const Period& part : document.parts) {
    UsageBatch batch = texts.with_same_texts();
    const bool is_oldest = document.is_first && result.parts.empty();
    for (std::uint32_t i = 0; i < scope.subscriptions.size(); ++i) {
      const Subscription& subscription = *scope.subscriptions[i];
      const Period days =
          subscription.days_in({is_oldest ? kFirstDate : part.start, part.end_exclusive});
      if (days.start == days.end_exclusive) continue;
      LEDGER_CHECK(usage.cells(subscription.subscription_id, days.start, days.end_exclusive, upto,
                               [&](const UsageCell& cell) {
                                 UsageRow like;  // what tells documents apart
                                 like.pricing_model = cell.pricing_model;
                                 like.publisher_type = cell.publisher_type;
                                 if (!stands_on(request, like)) return;
                                 batch.add(i, cell);
                                 result.rows += cell.row_count;
                               }));
    }
    batch.sort();
    result.parts.push_back(std::move(batch));
  }
  return result;
}

bool sums_suffice(const RatingScope& scope, const UsageBatch& batch) {
  return SumCheck(scope, batch).holds();
}

}  // namespace daybook
