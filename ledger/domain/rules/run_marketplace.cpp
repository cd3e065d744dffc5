#include <algorithm>
#include <set>

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

/// The first days of the months to bill: those with such usage whose run is due, and the last due
/// one where only late usage of earlier ones may be left.
Result<std::set<Date>> months_with_usage(const Planner& planner, const UsageSource& usage,
                                         const Subscription& subscription,
                                         const BillingMark* mark) {
  std::set<Date> months;
  const Period oldest = oldest_unbilled(subscription, mark);
  Period end = oldest;
  while (run_of_month(end, kRunDay) <= planner.date()) end = month_of(end.end_exclusive);
  if (end.start == oldest.start) return months;
  const Date from = mark != nullptr ? oldest.start : kFirstDate;
  LEDGER_CHECK(usage.rows(subscription.subscription_id, from, end.start, planner.position(),
                          [&](const UsageRow& row) {
                            if (!is_marketplace(row.pricing_model, row.publisher_type)) return;
                            months.insert(std::max(row.usage_date.first_of_month(), oldest.start));
                          }));
  if (months.empty() && mark != nullptr) months.insert(end.start.plus_days(-1).first_of_month());
  return months;
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

void marketplace_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (account.type != AccountType::MOSP) return;
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription == nullptr) continue;
    const BillingMark* mark = state.billing_mark(ScopeRef(subscription->subscription_id), kType);
    // Months whose run came before `from` were looked at on their day.
    Period month = oldest_unbilled(*subscription, mark);
    const Period last = month_of(dates.from().first_of_month().plus_days(-1));
    if (month.start < last.start) month = last;
    while (run_of_month(month, kRunDay) < dates.from()) month = month_of(month.end_exclusive);
    while (dates.add(run_of_month(month, kRunDay))) month = month_of(month.end_exclusive);
  }
}

Result<void> plan_marketplace(Planner& planner, const UsageSource& usage, const Account& account) {
  if (account.type != AccountType::MOSP) return {};
  for (const std::string& id : planner.state().subscriptions_of(account.account_id)) {
    const Subscription* subscription = planner.state().find<Subscription>(id);
    if (subscription == nullptr) continue;
    const BillingMark* mark = planner.mark(ScopeRef(subscription->subscription_id), kType);
    LEDGER_TRY(const std::set<Date> months, months_with_usage(planner, usage, *subscription, mark));
    bool with_late = true;
    for (Date month : months) {
      LEDGER_CHECK(plan_month(planner, usage, account, *subscription, month_of(month), with_late));
      with_late = false;
    }
  }
  return {};
}

}  // namespace daybook
