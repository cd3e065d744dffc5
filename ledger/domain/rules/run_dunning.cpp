#include <algorithm>
#include <map>
#include <set>

#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/mail_ended.h"
#include "ledger/domain/rules/notices.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/support_terms.h"

namespace daybook {
namespace {

/// What is unpaid on one ladder: of a profile, of a card, or of a subscription without one.
struct Ladder {
  std::string key;  ///< which: a profile's scope, a card, or the scope of what no card pays
  Date origin;      ///< the earliest day on which one of its invoices became past due
  std::vector<InvoiceId> invoices;
  std::map<std::string, Date> subscriptions;  ///< those on it, each with the day from which on
  std::optional<ProfileId> profile;
};

std::vector<const Invoice*> open_invoices(const StateReader& state, const Account& account) {
  std::vector<const Invoice*> result;
  for (const std::string& id : state.open_invoices_of(account.account_id)) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice != nullptr) result.push_back(invoice);
  }
  return result;
}

/// A ladder that an invoice is on.
struct Rung {
  std::string key;
  Date since;
  bool is_own_alone = false;  ///< it concerns the invoice's own subscription there, not who shares a card
};

/// That of its card, since that was declined for it; what it owes since before that counts for its own subscription (R-27,
/// decision 0121).
std::vector<Rung> rungs_of(const Invoice& invoice, Date past_due) {
  const std::optional<MethodId> card =
      invoice.scope.type != ScopeType::Profile ? card_of(invoice) : std::nullopt;
  if (!card) return {{invoice.scope.text(), past_due}};
  const Date tried = tried_since(invoice, *card, past_due);
  std::vector<Rung> rungs = {{"card " + card->text(), tried}};
  if (tried > past_due) rungs.push_back({invoice.scope.text(), past_due, true});
  return rungs;
}

/// The day from which on a past due invoice concerns a subscription: its own since it became so, that of its card since it is paid
/// by that. Who came later, or came back, was in no step of its ladder before (decision 0062).
Date concerned_since(const StateReader& state, const Invoice& invoice, Date past_due, const std::string& id) {
  const Subscription* subscription = state.find<Subscription>(id);
  if (subscription == nullptr) return past_due;
  if (invoice.scope.type == ScopeType::Profile) return subscription->first_day();
  const Date shared = subscription->paid_so_since.value_or(subscription->first_day());
  if (own_subscription(state, invoice) != id) return shared;
  const auto card = card_of(invoice);
  return card && is_paid_by(state, *subscription, *card) ? std::min(shared, past_due) : past_due;
}

/// The ladders of an account, the furthest first; invoices in `now_past_due` count from the day given there. A subscription
/// may stand on several: on that of its card, and on those of what it owes by another (decision 0062).
std::vector<Ladder> ladders(const StateReader& state, const std::vector<const Invoice*>& invoices,
                            const std::map<std::string, Date>& now_past_due) {
  std::vector<Ladder> result;
  for (const Invoice* invoice : invoices) {
    const auto now = now_past_due.find(invoice->invoice_id.text());
    std::optional<Date> since = invoice->past_due_since;
    if (now != now_past_due.end()) since = now->second;
    if (!since || invoice->status == InvoiceStatus::Locked) continue;
    for (Rung& rung : rungs_of(*invoice, *since)) {
      auto ladder = std::find_if(result.begin(), result.end(), [&](const Ladder& each) { return each.key == rung.key; });
      if (ladder == result.end())
        ladder = result.insert(result.end(), {std::move(rung.key), rung.since, {}, {}, std::nullopt});
      ladder->origin = std::min(ladder->origin, rung.since);
      ladder->invoices.push_back(invoice->invoice_id);
      std::set<std::string> concerned;
      if (!rung.is_own_alone) {
        concerned = subscriptions_concerned(state, *invoice);
      } else if (const auto own = own_subscription(state, *invoice)) {
        concerned.insert(*own);
      }
      for (const std::string& id : concerned) {
        const Date from = concerned_since(state, *invoice, rung.since, id);
        Date& first = ladder->subscriptions.try_emplace(id, from).first->second;
        first = std::min(first, from);
      }
      if (invoice->scope.type == ScopeType::Profile) ladder->profile = ProfileId(invoice->scope.id);
    }
  }
  // What stands on two takes each step with the one that reaches it first.
  std::stable_sort(result.begin(), result.end(),
                   [](const Ladder& left, const Ladder& right) { return left.origin < right.origin; });
  return result;
}

bool can_be_warned(const Subscription& subscription) {
  return subscription.status == SubscriptionStatus::Active ||
         subscription.status == SubscriptionStatus::PastDue;
}
bool can_be_disabled(const Subscription& subscription) {
  return can_be_warned(subscription) || subscription.status == SubscriptionStatus::Warned;
}

/// The day from which a step of a ladder counts for `subscription`, which stands on it since `joined`: one that joins it on its
/// way is taken along from its own first day there, and no step is older than what it puts an end to.
Date since(Date step, const Subscription& subscription, Date joined) {
  return std::max({step, joined, subscription.first_day(), subscription.status_since});
}

/// State with the subscriptions as the plan leaves them before its dunning: a new period lets those go on that their
/// spending limit had stopped, and what they owe counts from that day.
class StateAfterLimits final : public StateReader {
 public:
  explicit StateAfterLimits(const Planner& planner) : base_(planner.state()) {
    for (const EventData& event : planner.planned()) {
      const auto* again = event.get_if<SubscriptionReenabled>();
      const Subscription* before = again != nullptr ? base_.subscription(again->subscription_id) : nullptr;
      if (before != nullptr) apply(went_on_.try_emplace(before->subscription_id.text(), *before).first->second, *again, {});
    }
  }

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override {
    if (kind == Subscription::kState) {
      if (const auto found = went_on_.find(key); found != went_on_.end()) return &found->second;
    }
    return base_.row(kind, key);
  }
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override {
    return base_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return base_.position(); }

 private:
  const StateReader& base_;
  std::map<std::string, Subscription, std::less<>> went_on_;
};

/// The day on which a cancelled subscription expires: the first after the period in which it was
/// cancelled.
std::optional<Date> expires_on(const StateReader& state, const Subscription& subscription) {
  if (subscription.status != SubscriptionStatus::Disabled ||
      subscription.status_reason != SuspensionReason::Cancelled || !subscription.charged_through) {
    return std::nullopt;
  }
  const Date day = std::max(*subscription.charged_through, subscription.first_day());
  if (subscription.profile_id) return month_of(day).end_exclusive;
  const Enrollment* enrollment =
      subscription.enrollment_id ? state.enrollment(*subscription.enrollment_id) : nullptr;
  if (enrollment != nullptr) return enrollment_period(*enrollment, day).end_exclusive;
  return period_containing(subscription.anchor(), day).end_exclusive;
}

/// The day on which its data is deleted: so long after it was disabled or cancelled.
std::optional<Date> deleted_on(const Subscription& subscription, const Policies& policies) {
  const int days = policies.number("dunning.deleteDays");
  if (subscription.charged_through) return subscription.charged_through->plus_days(days);
  if (subscription.status != SubscriptionStatus::Disabled &&
      subscription.status != SubscriptionStatus::Expired) {
    return std::nullopt;
  }
  return subscription.status_since.plus_days(days);
}

/// Which steps this plan has taken already.
struct StepsTaken {
  std::set<std::string> past_due;
  std::set<std::string> warned;
  std::map<std::string, Date> disabled;
};

/// Those that joined a ladder after its first day are past due as well.
void plan_joined(Planner& planner, const StateReader& state, const Ladder& ladder, StepsTaken& taken) {
  for (const auto& [id, joined] : ladder.subscriptions) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr || subscription->status != SubscriptionStatus::Active) continue;
    const Date day = since(ladder.origin, *subscription, joined);
    if (day > planner.date() || !taken.past_due.insert(id).second) continue;
    planner.rely_on(StreamType::Subscription, id);
    planner.add(SubscriptionBecamePastDue{subscription->subscription_id, SuspensionReason::PastDue,
                                          ladder.invoices, day});
  }
}

/// Tells of every invoice of the ladder what it has led to.
void plan_notices(Planner& planner, const StateReader& state, const Ladder& ladder, NoticeKind kind) {
  std::set<std::string> told;
  for (const InvoiceId& id : ladder.invoices) {
    const Invoice* invoice = state.invoice(id);
    if (invoice == nullptr) continue;
    for (EventData& notice : notices_of(state, *invoice, kind, told))
      planner.add(std::move(notice));
  }
}

void plan_warnings(Planner& planner, const StateReader& state, const Ladder& ladder, StepsTaken& taken) {
  const Policies& policies = state.policies();
  const Date warned_on = ladder.origin.plus_days(policies.number("dunning.warnDays"));
  const Date disabled_on = ladder.origin.plus_days(policies.number("dunning.disableDays"));
  const bool disables = disabled_on <= planner.date();
  if (!disables && warned_on > planner.date()) return;
  std::set<NoticeKind> told;
  if (ladder.profile) {
    const Profile* profile = state.profile(*ladder.profile);
    const ProfileStatus status = disables ? ProfileStatus::Disabled : ProfileStatus::Warned;
    if (profile != nullptr && profile->status < status) {
      planner.add(BillingProfileStatusChanged{*ladder.profile, status, SuspensionReason::PastDue,
                                              disables ? disabled_on : warned_on});
      told.insert(disables ? NoticeKind::Disabled : NoticeKind::Warned);
    }
  }
  for (const auto& [id, joined] : ladder.subscriptions) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    planner.rely_on(StreamType::Subscription, id);
    const Date warned = since(warned_on, *subscription, joined);
    const bool is_warned = can_be_warned(*subscription) && warned <= planner.date() && warned_on < disabled_on;
    if (is_warned && taken.warned.insert(id).second) {
      planner.add(SubscriptionWarned{subscription->subscription_id, SuspensionReason::PastDue,
                                     ladder.invoices, warned});
      told.insert(NoticeKind::Warned);
    }
    const Date disabled = since(disabled_on, *subscription, joined);
    const bool is_disabled = can_be_disabled(*subscription) && disabled <= planner.date();
    if (is_disabled && taken.disabled.emplace(id, disabled).second) {
      planner.add(SubscriptionDisabled{subscription->subscription_id, SuspensionReason::PastDue,
                                       ladder.invoices, disabled});
      told.insert(NoticeKind::Disabled);
    }
  }
  for (const NoticeKind kind : told) plan_notices(planner, state, ladder, kind);
}

void plan_endings(Planner& planner, const Subscription& subscription,
                  const std::map<std::string, Date>& disabled_now) {
  if (subscription.status == SubscriptionStatus::Deleted) return;
  const auto expiry = expires_on(planner.state(), subscription);
  if (expiry && *expiry <= planner.date()) {
    planner.rely_on(StreamType::Subscription, subscription.subscription_id.text());
    planner.add(
        SubscriptionExpired{subscription.subscription_id, SuspensionReason::Cancelled, *expiry});
  }
  const Policies& policies = planner.state().policies();
  auto deletion = deleted_on(subscription, policies);
  if (const auto now = disabled_now.find(subscription.subscription_id.text());
      now != disabled_now.end()) {
    deletion = now->second.plus_days(policies.number("dunning.deleteDays"));
  }
  if (deletion && *deletion <= planner.date()) {
    planner.rely_on(StreamType::Subscription, subscription.subscription_id.text());
    planner.add(SubscriptionDeleted{subscription.subscription_id, "RetentionElapsed", *deletion});
    if (auto ended = end_of_support(planner.state(), subscription.subscription_id, *deletion)) {
      planner.rely_on(StreamType::SupportPlan, subscription.support_plan_id->text());
      planner.add(std::move(*ended));
    }
    for (EventData& event : mail_ended_by_deletion(planner.state(), subscription.subscription_id))
      planner.add(std::move(event));
  }
}

}  // namespace

void dunning_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  const Policies& policies = state.policies();
  const auto add = [&](std::optional<Date> day) {
    if (day) dates.add(*day);
  };
  const std::vector<const Invoice*> invoices = open_invoices(state, account);
  for (const Invoice* invoice : invoices) add(past_due_by_date(policies, *invoice));
  for (const Ladder& ladder : ladders(state, invoices, {})) {
    const Date warned_on = ladder.origin.plus_days(policies.number("dunning.warnDays"));
    const Date disabled_on = ladder.origin.plus_days(policies.number("dunning.disableDays"));
    if (const Profile* profile = ladder.profile ? state.profile(*ladder.profile) : nullptr) {
      if (profile->status < ProfileStatus::Warned) add(warned_on);
      if (profile->status < ProfileStatus::Disabled) add(disabled_on);
    }
    for (const auto& [id, joined] : ladder.subscriptions) {
      const Subscription* subscription = state.find<Subscription>(id);
      if (subscription == nullptr) continue;
      if (subscription->status == SubscriptionStatus::Active) add(since(ladder.origin, *subscription, joined));
      if (can_be_warned(*subscription)) add(since(warned_on, *subscription, joined));
      if (can_be_disabled(*subscription)) add(since(disabled_on, *subscription, joined));
    }
  }
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr || subscription->status == SubscriptionStatus::Deleted) continue;
    add(expires_on(state, *subscription));
    add(deleted_on(*subscription, policies));
  }
}

void plan_dunning(Planner& planner, const Account& account) {
  const StateAfterLimits state(planner);
  const Policies& policies = state.policies();
  const std::vector<const Invoice*> invoices = open_invoices(state, account);
  std::map<std::string, Date> now_past_due;
  StepsTaken taken;
  std::set<std::string> told;
  for (const Invoice* invoice : invoices) {
    const auto day = past_due_by_date(policies, *invoice);
    if (!day || *day > planner.date()) continue;
    planner.rely_on(StreamType::Invoice, invoice->invoice_id.text());
    planner.add(InvoiceBecamePastDue{
        invoice->invoice_id, *day,
        invoice->pays_by_card ? PastDueReason::NotReported : PastDueReason::DueDatePassed});
    for (EventData& notice : notices_of(state, *invoice, NoticeKind::PastDue, told))
      planner.add(std::move(notice));
    for (EventData& event : become_past_due(state, *invoice, *day, taken.past_due))
      planner.add(std::move(event));
    now_past_due.emplace(invoice->invoice_id.text(), *day);
  }
  for (const Ladder& ladder : ladders(state, invoices, now_past_due)) {
    for (const InvoiceId& id : ladder.invoices) planner.rely_on(StreamType::Invoice, id.text());
    plan_joined(planner, state, ladder, taken);
    plan_warnings(planner, state, ladder, taken);
  }
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription != nullptr) plan_endings(planner, *subscription, taken.disabled);
  }
}

}  // namespace daybook
