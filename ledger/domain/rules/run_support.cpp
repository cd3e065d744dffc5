#include "ledger/domain/facts/support_plan.h"

#include <algorithm>

#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/support_terms.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr InvoiceType kSupport = InvoiceType::AzureSupport;

int oldest_unbilled(const SupportPlan& plan, const BillingMark* mark) {
  return mark != nullptr ? period_number(plan.purchased_on, mark->through) : 0;
}

/// The run of the term's document, of the first one where others took its place since; nothing while it has none.
std::optional<Date> performed_run(const StateReader& state, const SupportPlan& plan, int n) {
  const BilledPeriod* billed = state.billed_period(ScopeRef(plan.plan_id), kSupport, support_term(plan, n).start);
  if (billed == nullptr) return std::nullopt;
  const Invoice* invoice = billed->invoice_id ? state.invoice(*billed->invoice_id) : nullptr;
  while (invoice != nullptr && invoice->previous_invoice_id && state.invoice(*invoice->previous_invoice_id) != nullptr)
    invoice = state.invoice(*invoice->previous_invoice_id);
  const InvoiceDocument* document = invoice != nullptr ? state.invoice_document(invoice->invoice_id) : nullptr;
  return document != nullptr ? document->issued.run_date : billed->billed_on;
}

/// Whether the n-th term has a document of its own: under MOSP, and after an upgrade those that
/// began before it.
bool is_billed_apart(const StateReader& state, const Account& account, const SupportPlan& plan,
                     int n) {
  const Period term = support_term(plan, n);
  if (!is_billed(plan, term)) return false;
  return account.type == AccountType::MOSP || term.start < support_begins(state, plan);
}

Result<void> bill_term(Planner& planner, const Account& account, const SupportPlan& plan,
                       const Subscription& subscription, int n, Date run_date) {
  const Period term = support_term(plan, n);
  if (n > 0) planner.add(SupportPlanRenewed{plan.plan_id, term.start, term.last_day(), plan.price});
  DraftDocument draft;
  draft.account = &account;
  draft.subscription = &subscription;
  draft.support_plan = &plan;
  draft.type = kSupport;
  draft.period = term;
  draft.run_date = run_date;
  draft.issue_date = planner.issue_date(run_date);
  draft.currency = plan.price.currency;
  draft.manifest.position = planner.position();
  draft.manifest.charge_positions = {plan.posted_at};
  draft.lines = {support_charge(plan, &subscription, term)};
  planner.rely_on(StreamType::SupportPlan, plan.plan_id.text());
  LEDGER_TRY(const Document made, make_document(planner.state(), std::move(draft)));
  planner.issue(made);
  return {};
}

}  // namespace

Period support_term(const SupportPlan& plan, int n) { return period_at(plan.purchased_on, n); }

Date support_run(const StateReader& state, const Account& account, const SupportPlan& plan, int n) {
  if (n == 0) return plan.purchased_on;
  if (state.policies().word("support.renewalRun") != "nextAccountDay")
    return first_run_on_or_after(account.created_on, support_term(plan, n).start);
  int known = n - 1;
  std::optional<Date> run = performed_run(state, plan, known);
  while (!run && known > 0) run = performed_run(state, plan, --known);
  for (Date before = run.value_or(plan.purchased_on);; before = *run, ++known) {
    run = first_run_on_or_after(account.created_on, before.plus_days(1));
    if (known == n - 1) return *run;
  }
}

bool is_charged(const StateReader& state, const SupportPlan& plan, Period term) {
  const Subscription* subscription = state.subscription(plan.subscription_id);
  return is_billed(plan, term) && (subscription == nullptr || subscription->is_charged_on(term.start));
}

std::optional<EventData> end_of_support(const StateReader& state, const SubscriptionId& subscription,
                                        Date day) {
  const Subscription* own = state.subscription(subscription);
  const SupportPlan* plan =
      own != nullptr && own->support_plan_id ? state.support_plan(*own->support_plan_id) : nullptr;
  if (plan == nullptr || plan->cancelled_on) return std::nullopt;
  return SupportPlanCancelled{plan->plan_id, day};
}

Date support_begins(const StateReader& state, const SupportPlan& plan) {
  Date from = kFirstDate;
  const Subscription* subscription = state.subscription(plan.subscription_id);
  if (subscription == nullptr) return from;
  for (const EarlierPlace& place : subscription->earlier) {
    if (place.account_type == AccountType::MOSP) from = place.until;
  }
  const BillingMark* mark = state.billing_mark(ScopeRef(plan.plan_id), kSupport);
  return mark != nullptr ? std::max(from, mark->through) : from;
}

std::optional<ProfileId> support_profile(const StateReader& state, const SupportPlan& plan,
                                         Period term) {
  const Subscription* subscription = state.subscription(plan.subscription_id);
  if (subscription == nullptr || subscription->earlier.empty()) return plan.profile_id;
  return subscription_on(*subscription, term.start).profile_id;
}

DraftLine support_charge(const SupportPlan& plan, const Subscription* subscription, Period term) {
  DraftLine draft;
  InvoiceLine& line = draft.line;
  line.charge_type = ChargeType::Purchase;
  line.subscription_id = plan.subscription_id;
  if (subscription != nullptr)
    line.section_id = subscription_on(*subscription, term.start).invoice_section_id;
  line.description = subscription != nullptr && subscription->name
                         ? *subscription->name
                         : "Support plan " + plan.plan_id.text();
  line.value = plan.price.amount();
  line.period = term;
  line.support_plan_id = plan.plan_id;
  draft.value = Exact::from_minor(plan.price.minor_units, plan.price.currency.minor_digits());
  return draft;
}

void support_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (!bills_subscriptions(state, account)) return;
  for (const std::string& id : state.support_plans_of(account.account_id)) {
    const SupportPlan* plan = state.find<SupportPlan>(id);
    if (plan == nullptr) continue;
    int n = oldest_unbilled(*plan, state.billing_mark(ScopeRef(plan->plan_id), kSupport));
    for (; is_billed_apart(state, account, *plan, n); ++n) {
      const Date run = support_run(state, account, *plan, n);
      if (run > dates.through()) break;
      // Of a term to come nobody knows yet whether it will be charged.
      const Period term = support_term(*plan, n);
      if ((term.start >= dates.from() || is_charged(state, *plan, term)) && !dates.add(run)) break;
    }
  }
}

Result<void> plan_support(Planner& planner, const Account& account) {
  if (!bills_subscriptions(planner.state(), account)) return {};
  const Account biller = as_of_type(account, AccountType::MOSP);
  for (const std::string& id : planner.state().support_plans_of(account.account_id)) {
    const SupportPlan* plan = planner.state().find<SupportPlan>(id);
    const Subscription* subscription =
        plan != nullptr ? planner.state().subscription(plan->subscription_id) : nullptr;
    if (subscription == nullptr) continue;
    int n = oldest_unbilled(*plan, planner.mark(ScopeRef(plan->plan_id), kSupport));
    for (; is_billed_apart(planner.state(), account, *plan, n); ++n) {
      const Date run_date = support_run(planner.state(), account, *plan, n);
      if (run_date > planner.date()) break;
      planner.rely_on(StreamType::Subscription, plan->subscription_id.text());
      if (!is_charged(planner.state(), *plan, support_term(*plan, n))) continue;
      LEDGER_CHECK(bill_term(planner, biller, *plan, *subscription, n, run_date));
    }
  }
  return {};
}

}  // namespace daybook
