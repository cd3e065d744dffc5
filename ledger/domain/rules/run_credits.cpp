#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/credits_due.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/fold_charges.h"
#include "ledger/domain/rules/offer_credit.h"
#include "ledger/domain/rules/offers.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/reservation_rules.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

bool has_lots(const StateReader& state, const ScopeRef& scope) {
  return !state.members(Relation::LotsOfScope, scope.text()).empty();
}

/// The scopes of an account that have credit.
std::vector<ScopeRef> credit_scopes(const StateReader& state, const Account& account) {
  std::vector<ScopeRef> scopes;
  const auto take = [&](ScopeRef scope) {
    if (has_lots(state, scope)) scopes.push_back(std::move(scope));
  };
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    take({ScopeType::Subscription, id});
  }
  for (const std::string& id : state.profiles_of(account.account_id)) {
    take({ScopeType::Profile, id});
  }
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    take({ScopeType::Enrollment, id});
  }
  return scopes;
}

/// Whether what the subscription uses on `day` stands on the documents of `scope`.
bool is_there(const Subscription& subscription, const ScopeRef& scope, Date day) {
  return billed_with(subscription_on(subscription, day)) == scope;
}

/// Whether a period that begins on `day` still has credit of the lot: its subscription's own, or
/// that of the subscription whose offer brought it to a profile, while that is in the profile.
bool goes_on(const StateReader& state, const ScopeRef& scope, const CreditLot& lot, Date day) {
  const auto of_offer = subscription_of_credit(lot.first_lot_id);
  const bool is_own = scope.type == ScopeType::Subscription;
  const Subscription* subscription = nullptr;
  if (is_own) {
    subscription = state.subscription(SubscriptionId(scope.id));
  } else if (of_offer) {
    subscription = state.subscription(*of_offer);
  }
  if (subscription == nullptr) return !is_own;
  if (subscription->status == SubscriptionStatus::Deleted) return false;
  if (!is_there(*subscription, scope, day)) return false;
  return !subscription->charged_through || day <= *subscription->charged_through;
}

/// The currency of the documents that credit of the scope covers on `day`.
Currency currency_on(const StateReader& state, const ScopeRef& scope, const CreditLot& lot, Date day) {
  return document_currency(state, scope, day).value_or(lot.original.currency);
}

/// The period that a monthly credit is renewed for, after that of `start`.
std::optional<Period> renewal_after(const StateReader& state, const ScopeRef& scope,
                                    const CreditLot& lot, Date start) {
  const Date next = billing_period_of(state, scope, start).end_exclusive;
  if (lot.renews_until && *lot.renews_until <= next) return std::nullopt;
  if (!goes_on(state, scope, lot, next)) return std::nullopt;
  return billing_period_of(state, scope, next);
}

/// Whether the lot was to cover days on which its subscription is billed in another currency already: a
/// transfer that was told late.
bool is_foreign(const StateReader& state, const ScopeRef& scope, const CreditLot& lot) {
  return currency_on(state, scope, lot, lot.start_on) != lot.original.currency &&
         goes_on(state, scope, lot, lot.start_on);
}

/// The period that a monthly credit is next renewed for: the one after its own, or its own where another
/// currency is billed in it. Nothing either while there is no rate for its amount (decision 0076).
std::optional<Period> next_renewal(const StateReader& state, const ScopeRef& scope,
                                   const CreditLot& lot) {
  const bool of_its_own = is_foreign(state, scope, lot);
  auto period = of_its_own ? std::optional(billing_period_of(state, scope, lot.start_on))
                           : renewal_after(state, scope, lot, lot.start_on);
  if (!period) return period;
  // What was granted begins when it was to begin, what is renewed with its period.
  if (of_its_own && lot.lot_id == lot.first_lot_id) period->start = lot.start_on;
  const bool has_worth = can_exchange(state, lot.original.currency,
                                      currency_on(state, scope, lot, period->start));
  return has_worth ? period : std::nullopt;
}

/// The name of the lot that takes the place of `previous`.
LotId renewed_id(const StateReader& state, const CreditLot& previous, Date start) {
  std::string name = previous.first_lot_id.text() + "." + start.text();
  while (name == previous.lot_id.text() || state.find<CreditLot>(name) != nullptr) name += ".1";
  return LotId(name);
}

bool is_renewed_monthly(const CreditLot& lot) {
  return lot.source == CreditSource::MonthlyCredit && !lot.is_renewed;
}

bool is_usable(const Subscription& subscription) {
  return subscription.status == SubscriptionStatus::Active ||
         subscription.status == SubscriptionStatus::PastDue ||
         subscription.status == SubscriptionStatus::Warned;
}

/// Whether the spending limit was on at the end of `day`, and was not taken away since.
bool is_limited_since(const Subscription& subscription, Date day) {
  return subscription.is_limited_on(day) &&
         std::none_of(subscription.limit_changes.begin(), subscription.limit_changes.end(),
                      [day](const LimitChange& change) {
                        return change.on > day && change.limit == SpendingLimit::Off;
                      });
}

/// Whether nothing was charged on `day`, or it was told that nothing is after it.
bool was_stopped_on(const Subscription& subscription, Date day) {
  const auto& known = subscription.charging_known;
  return !subscription.is_charged_on(day) || std::any_of(known.begin(), known.end(), [day](const ChargingKnown& each) {
    return each.inactive_from == day.plus_days(1);
  });
}

/// What the end of a lot does to the trial that it was for, if anything: with the spending limit on it ends with it; without,
/// it is pay-as-you-go from then on, also when the limit was to come back later (domain.md 3.6).
std::optional<EventData> end_of_trial(const StateReader& state, const ScopeRef& scope, const CreditLot& lot) {
  if (lot.source != CreditSource::FreeTrial || scope.type != ScopeType::Subscription || !lot.expires_on) return std::nullopt;
  const Subscription* trial = state.subscription(SubscriptionId(scope.id));
  if (trial == nullptr || trial->status == SubscriptionStatus::Deleted) return std::nullopt;
  const Date last = lot.expires_on->plus_days(-1);
  if (is_limited_since(*trial, last)) {
    if (!is_usable(*trial)) return std::nullopt;
    return SubscriptionDisabled{trial->subscription_id, SuspensionReason::Expired, {}, *lot.expires_on};
  }
  if (offer_of(state, trial->offer_id).kind != OfferKind::FreeTrial) return std::nullopt;
  // It ended with its limit, which was removed afterwards.
  if (trial->is_limited_on(last) && was_stopped_on(*trial, *lot.expires_on)) return std::nullopt;
  return OfferUpgraded{trial->subscription_id, trial->offer_id, OfferId(std::string(kPayAsYouGoOffer))};
}

/// Expiry and renewal of one scope's lots.
class CreditRun {
 public:
  CreditRun(Planner& planner, const UsageSource& usage, ScopeRef scope)
      : planner_(planner),
        usage_(usage),
        scope_(std::move(scope)),
        lots_(credit_lots(planner.state(), scope_)) {}

  Result<void> run() {
    for (const CreditLot& lot : lots_) {
      if (lot.expires_on && *lot.expires_on <= planner_.date()) LEDGER_CHECK(expire(lot));
      if (is_renewed_monthly(lot)) LEDGER_CHECK(renew(lot));
    }
    return {};
  }

 private:
  Result<void> expire(const CreditLot& lot) {
    const StateReader& state = planner_.state();
    if (lot.is_expired) return {};
    CreditPool& pool = planner_.credit(scope_);
    if (lot.left_minor > 0) {
      LEDGER_TRY(const PendingCredit pending,
                 pending_credit(state, usage_, scope_, lot.expires_on->plus_days(-1), pool));
      const std::int64_t unused = lot.left_minor - pending.of(lot.lot_id);
      if (unused > 0) {
        planner_.add(CreditExpired{scope_.type, ScopeId(scope_.id), lot.lot_id,
                                   {unused, lot.original.currency}});
      }
    }
    if (std::optional<EventData> ended = end_of_trial(state, scope_, lot)) {
      planner_.rely_on(StreamType::Subscription, scope_.id);
      planner_.add(std::move(*ended));
    }
    return {};
  }

  Result<void> renew(const CreditLot& lot) {
    const StateReader& state = planner_.state();
    CreditLot previous = lot;
    while (const auto period = next_renewal(state, scope_, previous)) {
      if (period->start > planner_.date()) return {};
      if (scope_.type == ScopeType::Subscription) {
        planner_.rely_on(StreamType::Subscription, scope_.id);
      } else if (const auto of_offer = subscription_of_credit(previous.first_lot_id)) {
        planner_.rely_on(StreamType::Subscription, of_offer->text());
      }
      const Currency currency = currency_on(state, scope_, previous, period->start);
      const Currency own = previous.original.currency;
      if (currency != own) planner_.rely_on(StreamType::ExchangeRate, ExchangeRates::key(own, currency));
      LEDGER_TRY(const std::optional<Money> amount,
                 exchanged(state, previous.original, currency, period->start));
      if (!amount) return {};
      const MonthlyCreditRenewed renewed{scope_.type,     ScopeId(scope_.id), renewed_id(state, previous, period->start),
                                         previous.lot_id, *period,            *amount};
      planner_.credit(scope_).renew(renewed, previous);
      planner_.add(renewed);
      previous = renewed_lot(previous, renewed);
    }
    return {};
  }

  Planner& planner_;
  const UsageSource& usage_;
  ScopeRef scope_;
  std::vector<CreditLot> lots_;
};

/// What the daily run does about one subscription's spending limit.
Result<void> look_at_limit(Planner& planner, const UsageSource& usage,
                           const Subscription& subscription) {
  const SubscriptionId& id = subscription.subscription_id;
  const ScopeRef scope(id);
  const Date date = planner.date();
  if (subscription.limit_removed_until && *subscription.limit_removed_until <= date) {
    planner.rely_on(StreamType::Subscription, id.text());
    planner.add(SpendingLimitRestored{id, SpendingLimitMode::currentPeriod});
    return {};
  }
  if (!has_lots(planner.state(), scope) || date < subscription.created_on) return {};
  const Period period = billing_period_of(planner.state(), scope, date);
  const Currency currency =
      document_currency(planner.state(), subscription_on(subscription, date));
  if (subscription.status == SubscriptionStatus::Disabled &&
      subscription.status_reason == SuspensionReason::SpendingLimitReached) {
    const auto left = planner.credit(scope).left_in(period, currency);
    if (period.start <= subscription.status_since || left.value_or(0) <= 0) return {};
    planner.rely_on(StreamType::Subscription, id.text());
    planner.add(SubscriptionReenabled{id, SuspensionReason::SpendingLimitReached, {}, period.start});
    return {};
  }
  // Only today's usage tells whether the limit is reached today.
  if (!is_usable(subscription) || subscription.spending_limit != SpendingLimit::On) return {};
  if (date != planner.today()) return {};
  LEDGER_TRY(const PendingCredit pending,
             pending_credit(planner.state(), usage, scope, date, planner.credit(scope)));
  if (!pending.credit_minor || pending.eligible_minor < *pending.credit_minor) return {};
  planner.rely_on(StreamType::Subscription, id.text());
  planner.add(SpendingLimitReached{id, {*pending.credit_minor, currency}, period});
  planner.add(SubscriptionDisabled{id, SuspensionReason::SpendingLimitReached, {}, date});
  return {};
}

}  // namespace

void credit_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  for (const ScopeRef& scope : credit_scopes(state, account)) {
    for (const CreditLot& lot : credit_lots(state, scope)) {
      // An expiry that finds nothing left leaves no mark: it is looked at on its own day alone.
      const bool may_expire = lot.left_minor > 0 || end_of_trial(state, scope, lot);
      if (lot.expires_on && !lot.is_expired && may_expire && *lot.expires_on >= dates.from()) {
        dates.add(*lot.expires_on);
      }
      if (!is_renewed_monthly(lot)) continue;
      for (auto period = next_renewal(state, scope, lot); period;
           period = renewal_after(state, scope, lot, period->start)) {
        if (!dates.add(period->start)) break;
      }
    }
  }
}

Result<void> plan_credits(Planner& planner, const UsageSource& usage, const Account& account) {
  for (const ScopeRef& scope : credit_scopes(planner.state(), account)) {
    LEDGER_CHECK(CreditRun(planner, usage, scope).run());
  }
  return {};
}

void limit_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (account.type != AccountType::MOSP) return;
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    if (subscription->limit_removed_until) dates.add(*subscription->limit_removed_until);
    const ScopeRef scope(subscription->subscription_id);
    if (!has_lots(state, scope)) continue;
    if (subscription->status == SubscriptionStatus::Disabled &&
        subscription->status_reason == SuspensionReason::SpendingLimitReached) {
      Date start = billing_period_of(state, scope, subscription->status_since).end_exclusive;
      start = std::max(start, dates.from());
      const Period period = billing_period_of(state, scope, start);
      dates.add(period.start == start ? start : period.end_exclusive);
    }
    if (!is_usable(*subscription) || subscription->spending_limit != SpendingLimit::On) continue;
    for (Date day = std::max(subscription->created_on, dates.from()); dates.add(day);) {
      day = day.plus_days(1);
    }
  }
}

Result<void> plan_limits(Planner& planner, const UsageSource& usage, const Account& account) {
  if (account.type != AccountType::MOSP) return {};
  for (const std::string& id : planner.state().subscriptions_of(account.account_id)) {
    const Subscription* subscription = planner.state().find<Subscription>(id);
    if (subscription != nullptr) LEDGER_CHECK(look_at_limit(planner, usage, *subscription));
  }
  return {};
}

}  // namespace daybook
