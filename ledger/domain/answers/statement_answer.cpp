#include "ledger/domain/answers/statement_answer.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/answers/charges.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr std::size_t kClosedPeriods = 6;

/// The bounds of `day`'s answer: one MOSP subscription, its account, and the periods it is billed
/// in.
struct Billing {
  const StateReader& state;
  const UsageSource& usage;
  const Account& account;
  const Subscription& subscription;
  PeriodSeries series;
  Date today;

  [[nodiscard]] const BilledPeriod* billed(const Period& period) const {
    return state.billed_period(series.scope, series.type, period.start);
  }
  [[nodiscard]] const Invoice* invoice(const Period& period) const {
    const BilledPeriod* found = billed(period);
    return found != nullptr && found->invoice_id ? state.invoice(*found->invoice_id) : nullptr;
  }
  /// Of a period without an invoice.
  [[nodiscard]] Result<Charges> charges(const Period& period) const {
    const BilledPeriod* found = billed(period);
    if (found != nullptr && !subscription.support_plan_id) {
      return closed_charges(state, usage, account, subscription, *found);
    }
    return unbilled_charges(state, usage, account, subscription, period, today);
  }
  /// Whether nothing beyond its credit will be billed, as things stand.
  [[nodiscard]] bool ends_with_credit(const Period& period) const {
    const CreditPool credit(state, ScopeRef(subscription.subscription_id));
    return !subscription.support_plan_id && credit.ends(subscription, period, account.currency);
  }
  [[nodiscard]] NoInvoiceReason reason(const Period& period) const {
    const BilledPeriod* found = billed(period);
    return found != nullptr ? found->reason.value_or(NoInvoiceReason::NothingOwed)
                            : NoInvoiceReason::NotYetInvoiced;
  }
};

Result<Billing> billing_of(const StateReader& state, const UsageSource& usage, const Viewer& viewer,
                           const SubscriptionId& id, Instant now) {
  const Subscription* subscription = state.subscription(id);
  const Account* account =
      subscription != nullptr ? state.account(subscription->account_id) : nullptr;
  if (account == nullptr || account->type != AccountType::MOSP) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::ViewBillingHistory, ScopeRef(id)));
  return Billing{state,     usage, *account, *subscription, periods_of(state, *subscription),
                 now.date()};
}

Result<ClosedPeriodView> closed_period(const Billing& billing, const Period& period) {
  ClosedPeriodView view;
  view.period = period;
  if (const Invoice* invoice = billing.invoice(period)) {
    view.total = {invoice->total_minor, invoice->currency};
    view.invoice_id = invoice->invoice_id;
    view.invoice_status = invoice->status;
    view.usage_available = true;
    return view;
  }
  LEDGER_TRY(const Charges charges, billing.charges(period));
  view.total = charges.total;
  view.reason = billing.reason(period);
  view.usage_available = charges.row_count > 0;
  return view;
}

void take_invoice(StatementView& view, const StateReader& state, const Invoice& invoice) {
  view.invoice_id = invoice.invoice_id;
  if (const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id)) {
    view.lines = lines->lines;
  }
  const InvoiceDocument* document = state.invoice_document(invoice.invoice_id);
  if (document == nullptr) return;
  const InvoiceTotals& totals = document->issued.totals;
  const Currency currency = invoice.currency;
  view.charges = {totals.billed.minor_units - totals.credits.minor_units, currency};
  view.credit = totals.credit_applied;
  view.tax = totals.tax;
  view.total = totals.total;
}

}  // namespace

Result<BillingHistoryView> billing_history_answer(const StateReader& state,
                                                  const UsageSource& usage, const Viewer& viewer,
                                                  const SubscriptionId& id, Instant now) {
  LEDGER_TRY(const Billing billing, billing_of(state, usage, viewer, id, now));
  BillingHistoryView view;
  view.subscription_id = id;
  const Period current = billing.series.containing(billing.today);
  if (billing.series.is_billed(current)) {
    LEDGER_TRY(const Charges charges, billing.charges(current));
    view.current = CurrentPeriodView{current, PeriodStatus::Unbilled, charges.total, now};
  }
  for (auto period = billing.series.before(current); period && view.items.size() < kClosedPeriods;
       period = billing.series.before(*period)) {
    if (!billing.series.is_billed(*period)) continue;
    LEDGER_TRY(ClosedPeriodView item, closed_period(billing, *period));
    view.items.push_back(std::move(item));
  }
  return view;
}

Result<StatementView> statement_answer(const StateReader& state, const UsageSource& usage,
                                       const Viewer& viewer, const SubscriptionId& id,
                                       std::optional<Date> day, Instant now) {
  LEDGER_TRY(const Billing billing, billing_of(state, usage, viewer, id, now));
  const Period current = billing.series.containing(billing.today);
  if (day && (*day < billing.series.first || *day >= current.end_exclusive)) {
    return rejected("BAD_QUERY", "period is a date from " + billing.series.first.text() + " to " +
                                     current.last_day().text() + ".");
  }
  StatementView view;
  view.subscription_id = id;
  view.period = billing.series.containing(day.value_or(billing.today));
  view.as_of = now;
  view.position = state.position();
  view.is_estimate = view.period == current;
  if (const Invoice* invoice = billing.invoice(view.period)) {
    view.is_estimate = false;
    take_invoice(view, state, *invoice);
    return view;
  }
  LEDGER_TRY(Charges charges, billing.charges(view.period));
  const Currency currency = billing.account.currency;
  view.charges = charges.total;
  view.credit = {charges.credit_minor, currency};
  view.tax = {0, currency};
  view.total = {charges.total.minor_units - charges.credit_minor, currency};
  view.lines = std::move(charges.lines);
  if (!view.is_estimate) view.reason = billing.reason(view.period);
  // A period that ended without an invoice asks nothing, nor does one with a spending limit on its last day:
  // the lines keep what was used.
  if (billing.billed(view.period) != nullptr || billing.ends_with_credit(view.period)) view.total = {0, currency};
  return view;
}

Result<PendingChargesView> pending_charges_answer(const StateReader& state,
                                                  const UsageSource& usage, const Viewer& viewer,
                                                  const ProfileId& id, Instant now) {
  const Profile* profile = state.profile(id);
  if (profile == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::ViewUsage, ScopeRef(id)));

  PendingChargesView view;
  view.profile_id = id;
  view.as_of = now;
  view.position = state.position();
  view.total = {0, profile->currency};
  for (Period month = oldest_unbilled_month(state, *profile); month.start <= now.date();
       month = month_of(month.end_exclusive)) {
    LEDGER_TRY(const Charges charges, unbilled_charges(state, usage, *profile, month, now.date()));
    view.periods.push_back({month, PendingInvoice::Pending, charges.total});
    LEDGER_TRY(view.total, add(view.total, charges.total));
  }
  return view;
}

Result<std::optional<Money>> pending_charges_of(const StateReader& state, const UsageSource& usage,
                                                const ProfileId& id, const Period& month, Date today) {
  const Profile* profile = state.profile(id);
  if (profile == nullptr) return nothing_here();
  if (month.start < oldest_unbilled_month(state, *profile).start || month.start > today) return std::optional<Money>();
  LEDGER_TRY(const Charges charges, unbilled_charges(state, usage, *profile, month, today));
  return std::optional(charges.total);
}

}  // namespace daybook
