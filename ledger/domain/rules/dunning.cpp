#include "ledger/domain/rules/dunning.h"

#include <algorithm>

#include "ledger/domain/rules/paying.h"

namespace daybook {
namespace {

bool is_suspended_for_non_payment(const Subscription& subscription) {
  return subscription.status == SubscriptionStatus::PastDue ||
         ((subscription.status == SubscriptionStatus::Warned ||
           subscription.status == SubscriptionStatus::Disabled) &&
          subscription.status_reason == SuspensionReason::PastDue);
}

/// Those that `paid` may free: whom it concerns, and whom it concerned until they got another card (decision 0062).
std::set<std::string> freed_by(const StateReader& state, const Invoice& paid) {
  std::set<std::string> result = subscriptions_concerned(state, paid);
  const bool is_by_card = paid.scope.type != ScopeType::Profile && paid.scope.type != ScopeType::Enrollment;
  if (!is_by_card || paid.status != InvoiceStatus::PastDue) return result;
  const auto all = state.subscriptions_of(paid.account_id);
  result.insert(all.begin(), all.end());
  return result;
}

}  // namespace

std::optional<MethodId> card_of(const Invoice& invoice) {
  if (!invoice.failed_payments.empty() && invoice.failed_payments.back().method_id) {
    return invoice.failed_payments.back().method_id;
  }
  return invoice.pays_by_card ? invoice.method_id : std::nullopt;
}

Date tried_since(const Invoice& invoice, const MethodId& card, Date past_due) {
  if (invoice.pays_by_card && invoice.method_id == card) return past_due;
  for (const FailedPayment& failed : invoice.failed_payments) {
    if (failed.method_id == card) return std::max(past_due, failed.failed_on);
  }
  return past_due;
}

std::set<std::string> subscriptions_concerned(const StateReader& state, const Invoice& invoice) {
  if (invoice.scope.type == ScopeType::Enrollment) return {};  // the invoice alone
  if (invoice.scope.type != ScopeType::Profile) {
    std::set<std::string> concerned = subscriptions_paid_like(state, invoice);
    if (const auto card = card_of(invoice)) concerned.merge(subscriptions_paid_by(state, *card));
    return concerned;
  }
  const auto members = state.subscriptions_of(ProfileId(invoice.scope.id));
  return {members.begin(), members.end()};
}

std::optional<std::string> own_subscription(const StateReader& state, const Invoice& invoice) {
  if (invoice.scope.type == ScopeType::Profile || invoice.scope.type == ScopeType::Enrollment) return std::nullopt;
  if (invoice.scope.type == ScopeType::SupportPlan) {
    const SupportPlan* plan = state.support_plan(PlanId(invoice.scope.id));
    return plan != nullptr ? std::optional(plan->subscription_id.text()) : std::nullopt;
  }
  // What the account that it left owes does not concern it.
  const Subscription* subscription = state.find<Subscription>(invoice.scope.id);
  const bool is_elsewhere = subscription != nullptr && subscription->account_id != invoice.account_id;
  return is_elsewhere ? std::nullopt : std::optional(invoice.scope.id);
}

std::set<std::string> subscriptions_paid_like(const StateReader& state, const Invoice& invoice) {
  std::set<std::string> result;
  if (const auto own = own_subscription(state, invoice)) result.insert(*own);
  if (const auto card = card_of(invoice)) {
    const auto sharing = state.subscriptions_on(*card);
    result.insert(sharing.begin(), sharing.end());
  }
  return result;
}

std::optional<Date> past_due_by_date(const Policies& policies, const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::Due || invoice.amount_due_minor() == 0) return std::nullopt;
  if (!invoice.pays_by_card) return invoice.due_date.plus_days(1);
  if (policies.word("card.unreported") != "pastDueAfterWindow") return std::nullopt;
  return unreported_since(policies, invoice);
}

std::optional<Date> unreported_since(const Policies& policies, const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::Due || !invoice.pays_by_card) return std::nullopt;
  return invoice.issue_date.plus_days(policies.number("mosp.chargeWindowDays") + 1);
}

std::optional<Date> retry_day(const Policies& policies, const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::PastDue || invoice.failed_payments.empty()) return std::nullopt;
  const Date first = invoice.failed_payments.front().failed_on;
  const Date last = invoice.failed_payments.back().failed_on;
  for (const std::int32_t days : policies.numbers("dunning.retryDays")) {
    const Date day = first.plus_days(days);
    if (day > last) return day;
  }
  return std::nullopt;
}

std::vector<EventData> become_past_due(const StateReader& state, const Invoice& invoice, Date day,
                                       std::set<std::string>& already) {
  std::vector<EventData> events;
  for (const std::string& id : subscriptions_concerned(state, invoice)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr || subscription->status != SubscriptionStatus::Active) continue;
    if (!already.insert(id).second) continue;
    // No step is older than what it puts an end to.
    const Date since = std::max({day, subscription->first_day(), subscription->status_since});
    events.emplace_back(SubscriptionBecamePastDue{
        subscription->subscription_id, SuspensionReason::PastDue, {invoice.invoice_id}, since});
  }
  return events;
}

std::vector<EventData> reenable(const StateReader& state, const Invoice& paid, Date day,
                                PaymentChanges& changes) {
  std::set<std::string> blocked;
  for (const std::string& id : state.open_invoices_of(paid.account_id)) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice == nullptr || changes.paid.contains(id)) continue;
    if (invoice->status != InvoiceStatus::PastDue && !changes.past_due.contains(id)) continue;
    blocked.merge(subscriptions_concerned(state, *invoice));
    blocked.insert(invoice->scope.text());
  }
  std::vector<EventData> events;
  if (paid.scope.type == ScopeType::Profile && !blocked.contains(paid.scope.text())) {
    const Profile* profile = state.profile(ProfileId(paid.scope.id));
    if (profile != nullptr && profile->status != ProfileStatus::Active &&
        profile->status_reason == SuspensionReason::PastDue &&
        changes.reenabled.insert(paid.scope.text()).second) {
      events.emplace_back(BillingProfileStatusChanged{profile->profile_id, ProfileStatus::Active,
                                                      std::nullopt, day});
    }
  }
  for (const std::string& id : freed_by(state, paid)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr || blocked.contains(id) ||
        !is_suspended_for_non_payment(*subscription))
      continue;
    if (!changes.reenabled.insert(id).second) continue;
    events.emplace_back(SubscriptionReenabled{
        subscription->subscription_id, SuspensionReason::PastDue, {paid.invoice_id}, day});
  }
  return events;
}

}  // namespace daybook
