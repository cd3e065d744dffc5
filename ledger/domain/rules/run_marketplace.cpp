#include <algorithm>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr InvoiceType kType = InvoiceType::AzureMarketplace;
constexpr int kRunDay = 9;

Period oldest_unbilled(const Subscription& subscription, const BillingMark* mark) {
  return month_of(mark != nullptr ? mark->through : subscription.created_on);
}

/// A month without such usage leaves no trace, so its document may have to be looked for more than
/// once.
Result<void> plan_month(Planner& planner, const UsageSource& usage, const Account& account,
                        const Subscription& subscription, Period month, bool with_late) {
  const Date run_date = run_of_month(month, kRunDay);
  BillRequest request;
  request.scope = ScopeRef(subscription.subscription_id);
  request.type = kType;
  request.subscriptions = {&subscription};
  request.currency = account.currency;
  request.period = month;
  request.rate_date = planner.issue_date(run_date);
  request.with_late = with_late;
  request.position = planner.position();
  LEDGER_TRY(Bill bill, bill_usage(planner.state(), usage, request));
  planner.rely_on(bill.relied_on);
  planner.rely_on(StreamType::Subscription, subscription.subscription_id.text());
  if (bill.rows_billed == 0 && bill.deferred.empty()) return {};

  DraftDocument draft;
  draft.account = &account;
  draft.subscription = &subscription;
  draft.type = kType;
  draft.period = month;
  draft.run_date = run_date;
  draft.issue_date = request.rate_date;
  draft.currency = account.currency;
  draft.manifest = manifest_of(bill, planner.position());
  draft.lines = std::move(bill.lines);
  LEDGER_TRY(Document made, make_document(planner.state(), std::move(draft)));
  const InvoiceTotals& totals = made.issued.totals;
  if (totals.sub_total.minor_units > 0) {
    planner.add(PeriodClosed{subscription.subscription_id, month, run_date, totals, kType,
                             made.issued.invoice_id, planner.position()});
    planner.issue(made);
  } else {
    planner.add(PeriodClosedWithoutInvoice{subscription.subscription_id, month, run_date,
                                           NoInvoiceReason::NothingOwed, totals, kType,
                                           planner.position(), bill.deferred});
  }
  return {};
}

}  // namespace

std::optional<Date> next_marketplace(const StateReader& state, const Account& account, Date from) {
  if (account.type != AccountType::MOSP) return std::nullopt;
  std::optional<Date> next;
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    const BillingMark* mark = state.billing_mark(ScopeRef(subscription->subscription_id), kType);
    Period month = oldest_unbilled(*subscription, mark);
    // Months that ended before `from` were looked at on their day.
    const Date earliest = from.first_of_month().plus_days(-1);
    if (month.start < earliest) month = month_of(earliest);
    while (run_of_month(month, kRunDay) < from) month = month_of(month.end_exclusive);
    next = earlier(next, run_of_month(month, kRunDay));
  }
  return next;
}

Result<void> plan_marketplace(Planner& planner, const UsageSource& usage, const Account& account) {
  if (account.type != AccountType::MOSP) return {};
  for (const std::string& id : planner.state().subscriptions_of(account.account_id)) {
    const Subscription* subscription = planner.state().find<Subscription>(id);
    if (subscription == nullptr) continue;
    const BillingMark* mark = planner.mark(ScopeRef(subscription->subscription_id), kType);
    bool with_late = true;
    for (Period month = oldest_unbilled(*subscription, mark);
         run_of_month(month, kRunDay) <= planner.date(); month = month_of(month.end_exclusive)) {
      LEDGER_CHECK(plan_month(planner, usage, account, *subscription, month, with_late));
      with_late = false;
    }
  }
  return {};
}

}  // namespace daybook
