#include "ledger/domain/answers/summed_usage.h"

#include <algorithm>
#include <unordered_map>

#include "ledger/domain/invariant.h"
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

/// Documents that are read at once, and up to how many sums more of them may be.
constexpr std::size_t kDocumentsAtOnce = 64;
constexpr std::int64_t kFewSums = 4'000;

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

Result<SummedUsage> SummedDocuments::take(std::size_t n) {
  LEDGER_INVARIANT(n < documents_.size() && n >= first_);
  while (n >= first_ + read_.size()) LEDGER_CHECK(read_more());
  return std::move(read_[n - first_]);
}

Result<void> SummedDocuments::read_more() {
  first_ += read_.size();
  const std::size_t count = std::min(at_once_, documents_.size() - first_);
  read_.assign(count, {});
  for (std::size_t n = 0; n < count; ++n)
    read_[n].parts.assign(documents_[first_ + n].parts.size(), texts_.with_same_texts());
  std::int64_t sums = 0;
  for (std::uint32_t i = 0; i < scope_.subscriptions.size(); ++i) LEDGER_CHECK(read(i, sums));
  for (SummedUsage& document : read_) {
    for (UsageBatch& part : document.parts) part.sort();
  }
  at_once_ = sums < kFewSums ? std::min(2 * at_once_, kDocumentsAtOnce) : std::max(at_once_ / 2, std::size_t{1});
  return {};
}

/// Reads what one subscription used, and sorts it in by the days of the parts.
Result<void> SummedDocuments::read(std::uint32_t subscription, std::int64_t& sums) {
  struct Days {
    Period days;
    SummedUsage* document;
    UsageBatch* part;
  };
  const Subscription& read = *scope_.subscriptions[subscription];
  std::vector<Days> wanted;
  for (std::size_t n = 0; n < read_.size(); ++n) {
    const ScopeDocument& document = documents_[first_ + n];
    for (std::size_t i = 0; i < document.parts.size(); ++i) {
      const bool is_oldest = document.is_first && i == 0;
      const Period part = document.parts[i];
      const Period days = read.days_in({is_oldest ? kFirstDate : part.start, part.end_exclusive});
      if (days.start < days.end_exclusive) wanted.push_back({days, &read_[n], &read_[n].parts[i]});
    }
  }
  if (wanted.empty()) return {};
  const BillRequest request = scope_.request(upto_);
  auto next = wanted.begin();  // days come in their order
  return usage_.cells(read.subscription_id, next->days.start, wanted.back().days.end_exclusive, upto_,
                      [&](const UsageCell& cell) {
                        while (next != wanted.end() && next->days.end_exclusive <= cell.usage_date) ++next;
                        if (next == wanted.end() || cell.usage_date < next->days.start) return;
                        UsageRow like;  // what tells documents apart
                        like.pricing_model = cell.pricing_model;
                        like.publisher_type = cell.publisher_type;
                        if (!stands_on(request, like)) return;
                        next->part->add(subscription, cell);
                        next->document->rows += cell.row_count;
                        ++sums;
                      });
}

bool sums_suffice(const RatingScope& scope, const UsageBatch& batch) {
  return SumCheck(scope, batch).holds();
}

}  // namespace daybook
