#include <algorithm>
#include <optional>
#include <vector>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/left_overs.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr InvoiceType kServices = InvoiceType::AzureServices;

/// The run that carries a period: the first of the account after its last day, or that next day
/// (CF-09).
Date run_of(const Account& account, const Policies& policies, Date end_exclusive) {
  if (policies.word("mosp.invoiceDay") == "PERIOD_END_PLUS_1") return end_exclusive;
  return first_run_on_or_after(account.created_on, end_exclusive);
}

/// The oldest period that is not billed; nothing once all is billed that was used at this place.
std::optional<int> oldest_unbilled(const Subscription& subscription, const BillingMark* mark) {
  const Date first = subscription.first_day();
  const Date start = mark != nullptr ? std::max(mark->through, first) : first;
  const auto last = subscription.last_day();
  if (last && start > *last) return std::nullopt;
  const int k = placed_period_number(subscription, start);
  // A last document of late rows alone ends inside a period; the next begins with the next period.
  return placed_period(subscription, k).start < start ? k + 1 : k;
}

/// Bills one subscription, period by period.
class ServicesRun {
 public:
  ServicesRun(Planner& planner, const UsageSource& usage, const Account& account,
              const Subscription& subscription)
      : planner_(planner),
        usage_(usage),
        account_(account),
        subscription_(subscription),
        mark_(planner.mark(ScopeRef(subscription.subscription_id), kServices, subscription.place())) {}

  Result<void> run() {
    const Policies& policies = planner_.state().policies();
    const auto oldest = oldest_unbilled(subscription_, mark_);
    if (!oldest) return only_late();
    for (int k = *oldest;;) {
      const auto next = services_document(account_, policies, subscription_, k);
      if (!next || next->run_date > planner_.date()) break;
      LEDGER_CHECK(bill(next->parts, next->run_date, k == *oldest));
      k += static_cast<int>(next->parts.size());
    }
    return {};
  }

 private:
  static Period whole(const std::vector<Period>& parts) {
    return {parts.front().start, parts.back().end_exclusive};
  }

  Result<Bill> rate(const std::vector<Period>& parts, Date run_date, bool with_late, bool is_last = false) {
    BillRequest request;
    request.scope = ScopeRef(subscription_.subscription_id);
    request.type = kServices;
    request.subscriptions = {&subscription_};
    request.currency = account_.currency;
    request.period = whole(parts);
    request.parts = parts;
    request.rate_date = planner_.issue_date(run_date);
    request.with_late = with_late;
    request.position = planner_.position();
    request.place = subscription_.place();
    request.credit_edges = planner_.credit(request.scope).edges();
    if (with_late) LEDGER_CHECK(correct_apart(request, run_date, is_last));
    left_overs_.ask_for(request);
    LEDGER_TRY(Bill bill, bill_usage(planner_.state(), usage_, request));
    left_overs_.take_from(bill);
    planner_.rely_on(bill.relied_on);
    planner_.rely_on(StreamType::Subscription, subscription_.subscription_id.text());
    return bill;
  }

  /// Corrections that have documents of their own are not on this one.
  Result<void> correct_apart(BillRequest& request, Date run_date, bool is_last) {
    LEDGER_TRY(CorrectionsApart apart,
               plan_corrections(planner_, usage_, request, draft_of(request.period, run_date), is_last));
    request.apart = std::move(apart.positions);
    left_overs_.hold(apart.held);
    return {};
  }

  DraftDocument draft_of(Period period, Date run_date) {
    DraftDocument draft;
    draft.account = &account_;
    draft.subscription = &subscription_;
    draft.type = kServices;
    draft.period = period;
    draft.run_date = run_date;
    draft.issue_date = planner_.issue_date(run_date);
    draft.currency = account_.currency;
    draft.credit = &planner_.credit(ScopeRef(subscription_.subscription_id));
    return draft;
  }

  Result<Document> document(Bill bill, Period period, Date run_date) {
    DraftDocument draft = draft_of(period, run_date);
    draft.manifest = manifest_of(bill, planner_.position());
    draft.lines = std::move(bill.lines);
    draft.ends_with_credit = draft.credit->ends(subscription_, period, draft.currency);
    LEDGER_TRY(Document made, make_document(planner_.state(), std::move(draft)));
    for (BilledThrough& billed : made.issued.manifest.marks) billed.place = subscription_.place();
    return made;
  }

  Result<void> bill(const std::vector<Period>& parts, Date run_date, bool with_late) {
    const Period period = whole(parts);
    LEDGER_TRY(Bill bill, rate(parts, run_date, with_late));
    const std::int64_t rows = bill.rows_seen;
    const std::vector<Position> deferred = bill.deferred;
    LEDGER_TRY(Document made, document(std::move(bill), period, run_date));
    const InvoiceTotals& totals = made.issued.totals;
    if (totals.sub_total.minor_units > 0) {
      planner_.add(PeriodClosed{subscription_.subscription_id, period, run_date, totals, kServices,
                                made.issued.invoice_id, planner_.position()});
      planner_.issue(made);
    } else {
      const NoInvoiceReason reason = rows == 0                 ? NoInvoiceReason::NoUsage
                                     : made.is_within_credit() ? NoInvoiceReason::WithinCredit
                                                               : NoInvoiceReason::NothingOwed;
      for (EventData& event : made.credit_events(false)) planner_.add(std::move(event));
      planner_.add(PeriodClosedWithoutInvoice{subscription_.subscription_id, period, run_date,
                                              reason, totals, kServices, planner_.position(),
                                              deferred, std::nullopt, subscription_.place()});
    }
    return {};
  }

  /// No further period comes: what is late still gets its document, and what is less than billed its
  /// note, on the account's next day. A day that has passed long ago may have come before the rows: they wait for the next.
  Result<void> only_late() {
    const Date run_date = planner_.date();
    if (mark_ == nullptr || run_date < mark_->through) return {};
    if (run_date != first_run_on_or_after(account_.created_on, run_date)) return {};
    if (planner_.issue_date(run_date) != run_date) return {};
    // The document of the last period had the same run: what that left is for the next.
    const int last = placed_period_number(subscription_, mark_->through.plus_days(-1));
    const BilledPeriod* billed = planner_.state().billed_period(
        ScopeRef(subscription_.subscription_id), kServices, placed_period(subscription_, last).start);
    if (billed != nullptr && billed->billed_on >= run_date) return {};
    const Period period{mark_->through, std::max(run_date, mark_->through.plus_days(1))};
    LEDGER_TRY(Bill bill, rate({period}, run_date, true, true));
    if (bill.lines.empty()) return {};
    LEDGER_TRY(Document made, document(std::move(bill), period, run_date));
    if (made.issued.totals.sub_total.minor_units == 0) return {};
    made.issued.is_monthly = false;
    planner_.issue(made);
    return {};
  }

  Planner& planner_;
  const UsageSource& usage_;
  const Account& account_;
  const Subscription& subscription_;
  const BillingMark* mark_;
  LeftOvers left_overs_;
};

}  // namespace

/// Where the run of the k-th period comes after the subscription moved, all from it on.
std::optional<ServicesDocument> services_document(const Account& account, const Policies& policies,
                                                  const Subscription& subscription, int k) {
  const auto last = subscription.last_day();
  ServicesDocument next;
  for (;; ++k) {
    const Period period = placed_period(subscription, k);
    if (period.start == period.end_exclusive || (last && period.start > *last)) break;
    next.parts.push_back(period);
    next.run_date = run_of(account, policies, period.end_exclusive);
    if (!subscription.placed_until || next.run_date < *subscription.placed_until) return next;
  }
  if (next.parts.empty()) return std::nullopt;
  next.run_date = run_of(account, policies, *subscription.placed_until);
  return next;
}

std::optional<Date> next_services_run(const StateReader& state, const Account& account,
                                      const Subscription& subscription) {
  const BillingMark* mark = state.billing_mark(ScopeRef(subscription.subscription_id), kServices,
                                               subscription.place());
  const auto oldest = oldest_unbilled(subscription, mark);
  const auto next =
      oldest ? services_document(account, state.policies(), subscription, *oldest) : std::nullopt;
  return next ? std::optional(next->run_date) : std::nullopt;
}

void services_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (!bills_subscriptions(state, account)) return;
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    const BillingMark* mark = state.billing_mark(ScopeRef(subscription->subscription_id), kServices,
                                                 subscription->place());
    const auto oldest = oldest_unbilled(*subscription, mark);
    if (!oldest) {
      if (mark == nullptr) continue;
      // Late rows alone are left; a day long past is not for them, so the last one is enough.
      const Date wanted = dates.first_only() ? dates.from() : dates.through().plus_days(-31);
      const Date earliest = std::max({wanted, dates.from(), mark->through});
      Date run = first_run_on_or_after(account.created_on, earliest);
      while (dates.add(run)) run = first_run_on_or_after(account.created_on, run.plus_days(1));
      continue;
    }
    for (int k = *oldest;;) {
      const auto next = services_document(account, state.policies(), *subscription, k);
      if (!next || !dates.add(next->run_date)) break;
      k += static_cast<int>(next->parts.size());
    }
  }
}

Result<void> plan_services(Planner& planner, const UsageSource& usage, const Account& account) {
  if (!bills_subscriptions(planner.state(), account)) return {};
  const Account biller = as_of_type(account, AccountType::MOSP);
  const PlacedSubscriptions placed = placed_under(planner.state(), account);
  for (const Subscription* subscription : placed) {
    LEDGER_CHECK(ServicesRun(planner, usage, biller, *subscription).run());
  }
  return {};
}

}  // namespace daybook
