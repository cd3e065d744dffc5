#include "ledger/domain/rules/fold_charges.h"

#include <algorithm>
#include <set>

#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/fold_table.h"
#include "ledger/domain/rules/offer_credit.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/reservation_rules.h"

namespace daybook {
namespace {

template <class Event>
void fold_lot(StateStore& store, const LotId& lot, const Event& event, const Occurrence& at) {
  if (store.find<CreditLot>(lot.text()) != nullptr) {
    apply(store.edit<CreditLot>(lot.text()), event, at);
  }
}

/// The monthly credit of the offer that a subscription leaves on `day`: no period that starts later has any
/// (decision 0100).
void end_monthly_credit(StateStore& store, const Subscription& subscription, Date day) {
  const ScopeRef own(subscription.subscription_id);
  for (const ScopeRef& scope : std::set{own, billed_with(subscription)}) {
    for (const CreditLot& lot : credit_lots(store, scope)) {
      if (lot.source != CreditSource::MonthlyCredit || lot.is_renewed) continue;
      if (scope != own && subscription_of_credit(lot.first_lot_id) != subscription.subscription_id) continue;
      CreditLot& ended = store.edit<CreditLot>(lot.lot_id.text());
      ended.renews_until = std::min(lot.renews_until.value_or(kLastDate), day.plus_days(1));
    }
  }
}

}  // namespace

Period billing_period_of(const StateReader& state, const ScopeRef& scope, Date day) {
  const Enrollment* enrollment = scope.type == ScopeType::Enrollment
                                     ? state.enrollment(EnrollmentId(scope.id))
                                     : nullptr;
  if (enrollment != nullptr) return enrollment_period(*enrollment, day);
  const Subscription* subscription = scope.type == ScopeType::Subscription
                                         ? state.subscription(SubscriptionId(scope.id))
                                         : nullptr;
  if (subscription == nullptr) return month_of(day);
  const Subscription then = subscription_on(*subscription, day);
  if (then.profile_id) return month_of(day);
  return placed_period(then, placed_period_number(then, day));
}

void fold_event(StateStore& store, const OfferDefined& event, const Occurrence&) {
  apply(store.edit<OfferTerms>(event.offer_id.text()), event);
}

void fold_event(StateStore& store, const CreditGranted& event, const Occurrence& at) {
  const ScopeRef scope(event.scope_type, event.scope_id.text());
  apply(store.edit<CreditLot>(event.lot_id.text()), event,
        billing_period_of(store, scope, event.start_on), at);
  store.link(Relation::LotsOfScope, scope.text(), event.lot_id.text());
}

void fold_event(StateStore& store, const CreditApplied& event, const Occurrence& at) {
  fold_lot(store, event.lot_id, event, at);
}
void fold_event(StateStore& store, const CreditExpired& event, const Occurrence& at) {
  fold_lot(store, event.lot_id, event, at);
}
void fold_event(StateStore& store, const CreditAdjusted& event, const Occurrence& at) {
  fold_lot(store, event.lot_id, event, at);
}

void fold_event(StateStore& store, const MonthlyCreditRenewed& event, const Occurrence& at) {
  if (store.find<CreditLot>(event.previous_lot_id.text()) == nullptr) return;
  CreditLot& previous = store.edit<CreditLot>(event.previous_lot_id.text());
  previous.is_renewed = true;
  // A period that a transfer cut ends its credit too (T-MOSP-12); one in a currency in which nobody is billed
  // there any more covers no day at all.
  if (previous.expires_on)
    previous.expires_on =
        std::min(*previous.expires_on, std::max(event.period.start, previous.start_on));
  CreditLot renewed = renewed_lot(previous, event);
  renewed.granted_at = at.position;
  store.link(Relation::LotsOfScope, renewed.scope.text(), event.lot_id.text());
  store.edit<CreditLot>(event.lot_id.text()) = std::move(renewed);
}

void fold_event(StateStore& store, const SpendingLimitRemoved& event, const Occurrence& at) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  subscription.set_spending_limit(SpendingLimit::Off, at.day());
  subscription.limit_removed_until.reset();
  if (event.mode != SpendingLimitMode::currentPeriod) return;
  subscription.limit_removed_until =
      billing_period_of(store, ScopeRef(event.subscription_id), at.day()).end_exclusive;
}

void fold_event(StateStore& store, const SpendingLimitRestored& event, const Occurrence& at) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  subscription.set_spending_limit(SpendingLimit::On, at.day());
  subscription.limit_removed_until.reset();
}

void fold_event(StateStore& store, const OfferUpgraded& event, const Occurrence& at) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  subscription.offer_id = event.to_offer;
  subscription.set_spending_limit(offer_of(store, event.to_offer).spending_limit, at.day());
  subscription.limit_removed_until.reset();
  if (offer_of(store, event.to_offer).kind != OfferKind::MonthlyCredit) end_monthly_credit(store, subscription, at.day());
}

void give_back_credit(StateStore& store, const Invoice& invoice) {
  for (const CreditLot& lot : credit_lots(store, invoice.scope)) {
    const bool paid = std::any_of(lot.uses.begin(), lot.uses.end(), [&](const CreditUse& use) {
      return use.invoice_id == invoice.invoice_id;
    });
    if (paid) give_back(store.edit<CreditLot>(lot.lot_id.text()), invoice.invoice_id);
  }
}

void add_charges(FoldTable& table) {
  table.add<OfferDefined, CreditGranted, CreditApplied, CreditExpired, CreditAdjusted,
            MonthlyCreditRenewed, SpendingLimitRemoved, SpendingLimitRestored, OfferUpgraded>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        fold_event(store, event, at);
      });
}

}  // namespace daybook
