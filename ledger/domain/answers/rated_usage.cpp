#include "ledger/domain/answers/rated_usage.h"

#include <algorithm>
#include <compare>
#include <map>
#include <unordered_map>

#include "ledger/domain/rules/billed_at.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/tiers.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Included quantities and tiers begin anew with each of these.
struct RatingPeriod {
  InvoiceType type = InvoiceType::AzureServices;
  Date start;

  friend auto operator<=>(const RatingPeriod&, const RatingPeriod&) = default;
};

/// Gathers usage by rating period, and rates it period by period.
class UsageRater {
 public:
  UsageRater(const StateReader& state, const UsageSource& usage, const UsageScope& scope,
             const UsageRange& range, Date today)
      : state_(state), usage_(usage), scope_(scope), range_(range), today_(today) {}

  Result<void> run(const RatedVisitor& visit) {
    for (std::uint32_t i = 0; i < scope_.subscriptions.all().size(); ++i) {
      LEDGER_CHECK(gather(i));
    }
    for (auto& [period, batch] : batches_) {
      batch.sort();
      LEDGER_CHECK(rate(period, batch, visit));
    }
    return {};
  }

 private:
  [[nodiscard]] InvoiceType type_of(PricingModel model, PublisherType publisher) const {
    if (scope_.billed.type == ScopeType::Profile) return InvoiceType::Profile;
    if (scope_.billed.type == ScopeType::Enrollment) return InvoiceType::EnrollmentOverage;
    return is_marketplace(model, publisher) ? InvoiceType::AzureMarketplace
                                            : InvoiceType::AzureServices;
  }

  /// Whose periods count; null outside enterprise agreements.
  [[nodiscard]] const Enrollment* enrollment() const {
    return scope_.billed.type == ScopeType::Enrollment
               ? state_.enrollment(EnrollmentId(scope_.billed.id))
               : nullptr;
  }

  [[nodiscard]] const Profile* profile() const {
    return scope_.billed.type == ScopeType::Profile ? state_.profile(ProfileId(scope_.billed.id))
                                                    : nullptr;
  }

  /// What was used earlier in the period counts for the price of what was used in the range.
  [[nodiscard]] Date gather_from(const Subscription& subscription) const {
    if (!range_.from) return kFirstDate;
    const Date month = range_.from->first_of_month();
    if (scope_.billed.type == ScopeType::Profile) return month;
    if (const Enrollment* of = enrollment()) return enrollment_period(*of, month).start;
    // What is older than the subscription stands in its first period.
    if (*range_.from < placed_period(subscription, 0).end_exclusive) return kFirstDate;
    const PeriodOwner own;  // the subscription itself
    return std::min(month, usage_period(own, subscription, *range_.from).start);
  }

  template <class Usage>
  UsageBatch& batch_of(const Subscription& subscription, const Usage& usage) {
    const InvoiceType type = type_of(usage.pricing_model, usage.publisher_type);
    const PeriodOwner owner{type, profile(), enrollment()};
    const Period period = usage_period(owner, subscription, usage.usage_date);
    return batches_.try_emplace({type, period.start}, texts_.with_same_texts()).first->second;
  }

  Result<void> gather(std::uint32_t i) {
    const Subscription& subscription = *scope_.subscriptions.all()[i];
    const Period days = subscription.days_in(
        {gather_from(subscription), range_.to.value_or(kLastDate.plus_days(1))});
    const auto [from, to] = days;
    if (from == to) return {};
    // Where the charging ever stopped, what a day is worth depends on when each of its rows was told.
    if (!range_.by_row && subscription.charging_known.empty()) {
      return usage_.cells(
          subscription.subscription_id, from, to, state_.position(),
          [&](const UsageCell& cell) { batch_of(subscription, cell).add(i, cell); });
    }
    Result<void> added;
    LEDGER_CHECK(usage_.rows(subscription.subscription_id, from, to, state_.position(),
                             [&](const UsageRow& row) {
                               if (!added) return;
                               added = batch_of(subscription, row).add(i, row);
                               remember(row);
                             }));
    return added;
  }

  void remember(const UsageRow& row) {
    if (range_.from && row.usage_date < *range_.from) return;
    RowDetails& details = details_[row.position];
    details.resource_id = row.resource_id;
    details.resource_group = row.resource_group;
    for (const std::string& key : range_.tag_keys) {
      const auto found = row.tags != nullptr ? row.tags->find(key) : Texts::const_iterator();
      const bool is_tagged = row.tags != nullptr && found != row.tags->end();
      details.tags.push_back(is_tagged ? std::optional(found->second) : std::nullopt);
    }
  }

  /// By the prices and exchange rates of the invoice of the period, where there is one.
  [[nodiscard]] RatingScope rating_scope(const RatingPeriod& period) const {
    RatingScope rating{state_, scope_.subscriptions.all(), scope_.currency, today_,
                       std::nullopt};
    rating.list_prices = scope_.list_prices;
    const BilledPeriod* billed = state_.billed_period(scope_.billed, period.type, period.start);
    if (billed != nullptr) {
      rating.prices_upto = billed->position;
      const Subscription& one = *scope_.subscriptions.all().front();
      const std::int32_t place = scope_.billed.type == ScopeType::Subscription ? one.place() : 0;
      rating.billed_at = billed_at(state_, scope_.billed, {period.type, profile(), enrollment()},
                                   state_.billing_mark(scope_.billed, period.type, place), one, billed->period);
      rating.rate_date = billed->billed_on;
    }
    return rating;
  }

  [[nodiscard]] bool is_wanted(const UsageItem& item) const {
    const SubscriptionId& id = scope_.subscriptions.all()[item.subscription]->subscription_id;
    return (!range_.from || item.usage_date >= *range_.from) &&
           (!scope_.only || *scope_.only == id);
  }

  Result<void> rate(const RatingPeriod& period, const UsageBatch& batch,
                    const RatedVisitor& visit) {
    const RatingScope rating = rating_scope(period);
    std::unordered_map<std::uint32_t, MeterConsumption> consumed;  // by meter
    for (const UsageItem& item : batch.items()) {
      RatedItem rated{
          *scope_.subscriptions.all()[item.subscription], batch, item, nullptr, Exact(),
          scope_.currency};
      // Purchases, refunds and the like are between the partner and his provider.
      if (scope_.list_prices && item.charge_type != ChargeType::Usage) continue;
      if (item.has_own_value && !scope_.list_prices) {
        rated.currency = item.currency.value_or(scope_.currency);
        if (is_charged(rating, item)) rated.cost = item.own_value;
      } else {
        LEDGER_TRY(rated.cost, priced(rating, batch, item, consumed[item.meter]));
      }
      if (!is_wanted(item)) continue;
      const auto details = details_.find(item.position);
      if (details != details_.end()) rated.details = &details->second;
      LEDGER_CHECK(visit(rated));
    }
    return {};
  }

  static Result<Exact> priced(const RatingScope& rating, const UsageBatch& batch,
                              const UsageItem& item, MeterConsumption& consumed) {
    if (!is_charged(rating, item)) return Exact();
    const auto price = price_of(rating, batch, item);
    if (!price) return Exact();
    LEDGER_TRY(const Consumption consumption, consumed.take(*price->version, item.quantity));
    if (price->exchange == nullptr) return consumption.value;
    return consumption.value.times(price->exchange->rate, Rounding::HalfAwayFromZero);
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const UsageScope& scope_;
  const UsageRange& range_;
  Date today_;
  UsageBatch texts_;
  std::map<RatingPeriod, UsageBatch> batches_;
  std::unordered_map<Position, RowDetails> details_;
};

}  // namespace

Result<void> rate_usage(const StateReader& state, const UsageSource& usage, const UsageScope& scope,
                        const UsageRange& range, Date today, const RatedVisitor& visit) {
  return UsageRater(state, usage, scope, range, today).run(visit);
}

}  // namespace daybook
