#include "ledger/domain/answers/condensed_usage.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/domain/rules/discount.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The first and the last item of a subscription's meter that are priced. A price that is in force on both days is in force
/// between them: a later one stays, whether for the same scope or for a nearer one.
struct Span {
  const UsageItem* first = nullptr;
  const UsageItem* last = nullptr;
};

/// Finds the meters of which one day is priced as any other.
class Meters {
 public:
  Meters(const UsageBatch& batch, std::span<const RatingScope> scopes) : batch_(batch), scopes_(scopes) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, Span> spans;  // by meter, then subscription
    for (const UsageItem& item : batch.items()) {
      if (item.has_own_value) continue;
      Span& span = spans[{item.meter, item.subscription}];
      if (span.first == nullptr) span.first = &item;
      span.last = &item;
    }
    for (auto next = spans.begin(); next != spans.end();) {
      const std::uint32_t meter = next->first.first;
      std::vector<Span> of_meter;
      for (; next != spans.end() && next->first.first == meter; ++next) of_meter.push_back(next->second);
      const bool alike = std::all_of(scopes.begin(), scopes.end(),
                                     [&](const RatingScope& scope) { return is_alike(scope, of_meter); });
      alike_.emplace(meter, alike);
    }
  }

  [[nodiscard]] bool may_join(const UsageItem& item) {
    if (!scopes_.front().subscriptions[item.subscription]->is_charged_on(item.usage_date)) return false;
    if (!item.has_own_value) return alike_.at(item.meter);
    const Currency currency = scopes_.front().currency;
    return item.currency.value_or(currency) == currency && !has_discounts(item.subscription);
  }

 private:
  /// By one scope: of all subscriptions the same price, or prices without tiers.
  bool is_alike(const RatingScope& scope, const std::vector<Span>& spans) {
    const PriceVersion* shared = nullptr;
    for (const Span& span : spans) {
      const auto first = price_of(scope, batch_, *span.first);
      const auto last = price_of(scope, batch_, *span.last);
      if (first.has_value() != last.has_value()) return false;
      if (!first) continue;
      if (first->version != last->version || first->exchange != nullptr || last->exchange != nullptr) return false;
      if (has_discounts(span.first->subscription)) return false;
      const PriceVersion* before = std::exchange(shared, first->version);
      if (before != nullptr && before != shared && !(is_linear(*before) && is_linear(*shared))) return false;
    }
    return true;
  }

  bool has_discounts(std::uint32_t subscription) {
    const auto [known, is_new] = has_discounts_.try_emplace(subscription, false);
    if (is_new) {
      known->second = std::any_of(scopes_.begin(), scopes_.end(), [&](const RatingScope& scope) {
        return !discounts_for(scope.state, *scope.subscriptions[subscription]).empty();
      });
    }
    return known->second;
  }

  const UsageBatch& batch_;
  std::span<const RatingScope> scopes_;
  std::unordered_map<std::uint32_t, bool> alike_;          // by meter
  std::unordered_map<std::uint32_t, bool> has_discounts_;  // by subscription
};

/// What stands on one line whatever its price.
auto line_of(const UsageItem& item) {
  return std::tie(item.meter, item.subscription, item.region, item.pricing_model, item.charge_type, item.publisher_type,
                  item.is_credit_eligible, item.has_own_value, item.currency);
}
struct OfOneLine {
  bool operator()(const UsageItem* left, const UsageItem* right) const { return line_of(*left) < line_of(*right); }
};

}  // namespace

Result<UsageBatch> condensed(const UsageBatch& batch, std::span<const RatingScope> scopes) {
  Meters meters(batch, scopes);
  std::vector<UsageItem> items;
  items.reserve(batch.items().size());  // what `lines` points to does not move
  std::map<const UsageItem*, UsageItem*, OfOneLine> lines;
  for (const UsageItem& item : batch.items()) {
    if (!meters.may_join(item)) {
      items.push_back(item);
      continue;
    }
    const auto found = lines.find(&item);
    if (found == lines.end()) {
      items.push_back(item);
      lines.emplace(&items.back(), &items.back());
      continue;
    }
    UsageItem& sum = *found->second;
    LEDGER_TRY(sum.quantity, add(sum.quantity, item.quantity));
    LEDGER_TRY(sum.own_value, add(sum.own_value, item.own_value));
    sum.row_count += item.row_count;
  }
  UsageBatch result = batch.with_same_texts();
  result.items() = std::move(items);
  return result;
}

}  // namespace daybook
