#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/close_period.h"
#include "ledger/domain/rules/closed_month_refunds.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/left_overs.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The first period without a document or the note that none is needed.
Period oldest_unbilled(const Enrollment& enrollment, const BillingMark* mark) {
  return enrollment_period(enrollment, mark != nullptr ? mark->through : enrollment.start_date);
}

/// Bills one enrollment, period by period, and tells of overage a week before.
class EnrollmentRun {
 public:
  EnrollmentRun(Planner& planner, const UsageSource& usage, const Account& account,
                const Enrollment& enrollment)
      : planner_(planner),
        usage_(usage),
        account_(account),
        enrollment_(enrollment),
        scope_(enrollment.enrollment_id),
        mark_(planner.mark(scope_, InvoiceType::EnrollmentOverage)),
        subscriptions_(placed_in(planner.state(), enrollment.enrollment_id)) {
    planner_.mark(scope_, InvoiceType::AzureMarketplace);
    planner_.rely_on(StreamType::Enrollment, enrollment.enrollment_id.text());
  }

  Result<void> run() {
    bool first = true;
    Period period = oldest_unbilled(enrollment_, mark_);
    for (; run_of(period) <= planner_.date(); period = next(period)) {
      LEDGER_CHECK(bill(period, first));
      first = false;
    }
    return notify(period, first);
  }

 private:
  [[nodiscard]] Date run_of(Period period) const { return enrollment_run(planner_.state().policies(), period); }
  [[nodiscard]] Period next(Period period) const {
    return enrollment_period(enrollment_, period.end_exclusive);
  }

  /// After the end of the agreement: only what comes late has a document.
  [[nodiscard]] bool is_over(Period period) const {
    return enrollment_.ends_on && *enrollment_.ends_on < period.start;
  }

  BillRequest request_of(InvoiceType type, Period period, Date rate_date, bool with_late) {
    BillRequest request;
    request.scope = scope_;
    request.type = type;
    request.subscriptions = subscriptions_.all();
    request.currency = account_.currency;
    request.period = period;
    request.rate_date = rate_date;
    request.with_late = with_late;
    request.position = planner_.position();
    request.enrollment = &enrollment_;
    request.marketplace_apart = bills_marketplace_apart(account_);
    request.credit_edges = planner_.credit(scope_).edges();
    return request;
  }

  Result<Bill> bill_of(const BillRequest& request, const ChargesOfDocument& charges) {
    LEDGER_TRY(Bill bill, bill_usage(planner_.state(), usage_, request,
                                     {charges.purchases(), charges.refunds()}));
    planner_.rely_on(bill.relied_on);
    planner_.rely_on(charges.relied_on());
    return bill;
  }

  /// Corrections that have documents of their own are not on the period's.
  Result<void> correct_apart(BillRequest& request) {
    DraftDocument draft = draft_of(request.type, request.period, Bill());
    if (request.type == InvoiceType::EnrollmentOverage) draft.credit = &planner_.credit(scope_);
    LEDGER_TRY(CorrectionsApart apart, plan_corrections(planner_, usage_, request, draft));
    request.apart = std::move(apart.positions);
    left_overs_[request.type].hold(apart.held);
    return {};
  }

  DraftDocument draft_of(InvoiceType type, Period period, Bill bill) {
    DraftDocument draft;
    draft.account = &account_;
    draft.enrollment = &enrollment_;
    draft.type = type;
    draft.period = period;
    draft.run_date = run_of(period);
    draft.issue_date = planner_.issue_date(draft.run_date);
    draft.currency = account_.currency;
    draft.manifest = manifest_of(bill, planner_.position());
    draft.lines = std::move(bill.lines);
    return draft;
  }

  Result<void> bill(Period period, bool first) {
    for (const Subscription* subscription : subscriptions_) {
      planner_.rely_on(StreamType::Subscription, subscription->subscription_id.text());
    }
    LEDGER_CHECK(bill(InvoiceType::EnrollmentOverage, period, first));
    if (!bills_marketplace_apart(account_)) return {};
    return bill(InvoiceType::AzureMarketplace, period, first);
  }

  Result<void> bill(InvoiceType type, Period period, bool first) {
    const Date rate_date = planner_.issue_date(run_of(period));
    LEDGER_TRY(const ChargesOfDocument charges,
               ChargesOfDocument::of(planner_.state(), scope_, {type, account_.currency, rate_date},
                                     period.end_exclusive, done_));
    BillRequest request = request_of(type, period, rate_date, first);
    if (first) LEDGER_CHECK(correct_apart(request));
    left_overs_[type].ask_for(request);
    LEDGER_TRY(Bill bill, bill_of(request, charges));
    left_overs_[type].take_from(bill);
    const std::int64_t rows_seen = bill.rows_seen;
    // After the end of the agreement only what comes late has a document.
    if (is_over(period) && rows_seen == 0 && charges.empty()) return {};
    const std::set<std::string> waiting = bill.waiting;
    DraftDocument draft = draft_of(type, period, std::move(bill));
    charges.add_to(draft, done_, waiting);
    if (type == InvoiceType::EnrollmentOverage) draft.credit = &planner_.credit(scope_);
    LEDGER_TRY(Document made, make_document(planner_.state(), std::move(draft)));
    if (is_over(period)) made.issued.is_monthly = false;
    const ClosedMonth month{scope_, period, rate_date, planner_.today()};
    if (made.issued.totals.sub_total.minor_units > 0) {
      LEDGER_TRY(RefundsApart apart, refunds_after(planner_.state(), month, made, done_));
      planner_.issue(made);
      give_back_apart(std::move(apart));
      return {};
    }
    RefundsApart apart;
    if (holds_any(subscriptions_, period)) {
      LEDGER_TRY(apart, refunds_without_document(planner_.state(), month, made, done_, charges.waiting_refunds(waiting)));
    }
    LEDGER_CHECK(close_without_document(
        planner_, subscriptions_, made,
        {type, period, run_of(period), rows_seen, left_overs_[type].all(), enrollment_.enrollment_id, std::nullopt}));
    give_back_apart(std::move(apart));
    return {};
  }

  void give_back_apart(RefundsApart apart) {
    done_.merge(apart.keys);
    for (const InvoiceId& invoice : apart.invoices) planner_.rely_on(StreamType::Invoice, invoice.text());
    for (EventData& event : apart.events) {
      if (const auto* adjusted = event.get_if<CreditAdjusted>())
        planner_.credit(scope_).put_back(adjusted->lot_id, adjusted->amount.minor_units);
      planner_.add(std::move(event));
    }
  }

  /// One notice a period, where usage goes beyond the credit (T-EA-4).
  Result<void> notify(Period period, bool first) {
    const Date notice = overage_notice(planner_.state().policies(), period);
    if (notice > planner_.date() || is_over(period)) return {};
    if (enrollment_.notified_through && *enrollment_.notified_through >= period.last_day())
      return {};
    LEDGER_TRY(const ChargesOfDocument charges,
               ChargesOfDocument::of(planner_.state(), scope_,
                                     {InvoiceType::EnrollmentOverage, account_.currency, notice},
                                     period.end_exclusive, done_));
    BillRequest request = request_of(InvoiceType::EnrollmentOverage, period, notice, first);
    left_overs_[request.type].ask_for(request);
    LEDGER_TRY(Bill bill, bill_of(request, charges));
    const std::set<std::string> waiting = bill.waiting;
    DraftDocument draft = draft_of(InvoiceType::EnrollmentOverage, period, std::move(bill));
    std::set<std::string> told = done_;
    charges.add_to(draft, told, waiting);
    // What is given back of charges that no credit covers pays for none of the usage beyond it (T-EA-1, T-EA-5).
    std::erase_if(draft.lines, [](const DraftLine& each) {
      return each.value.is_negative() && !is_credit_eligible(each.line) && !is_reservation(each.line);
    });
    CreditPool credit = planner_.credit(scope_);  // a notice takes nothing
    draft.credit = &credit;
    LEDGER_TRY(const Document made, make_document(planner_.state(), std::move(draft)));
    const std::int64_t over = overage_of(made.lines);
    if (over <= 0) return {};
    planner_.add(OverageNotificationSent{enrollment_.enrollment_id, period,
                                         {over, account_.currency}, notice});
    return {};
  }

  Planner& planner_;
  const UsageSource& usage_;
  const Account& account_;
  const Enrollment& enrollment_;
  ScopeRef scope_;
  const BillingMark* mark_;
  PlacedSubscriptions subscriptions_;
  std::map<InvoiceType, LeftOvers> left_overs_;
  std::set<std::string> done_;  ///< charges on earlier documents of this run
};

}  // namespace

void enrollment_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  const Policies& policies = state.policies();
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    const Enrollment* enrollment = state.find<Enrollment>(id);
    if (enrollment == nullptr) continue;
    Period period = oldest_unbilled(
        *enrollment, state.billing_mark(ScopeRef(enrollment->enrollment_id),
                                        InvoiceType::EnrollmentOverage));
    // Without subscriptions there is no mark: what was looked at before `from` is not asked again.
    const Date wanted = dates.first_only() ? dates.from() : dates.through();
    while (period.start < wanted && enrollment_run(policies, period) < dates.from())
      period = enrollment_period(*enrollment, period.end_exclusive);
    bool more = true;
    while (more) {
      const Date notice = overage_notice(policies, period);
      if (notice >= dates.from()) more = dates.add(notice);
      if (more) more = dates.add(enrollment_run(policies, period));
      period = enrollment_period(*enrollment, period.end_exclusive);
    }
  }
}

Result<void> plan_enrollments(Planner& planner, const UsageSource& usage, const Account& account) {
  const Account biller = as_of_type(account, AccountType::EA);
  for (const std::string& id : planner.state().enrollments_of(account.account_id)) {
    const Enrollment* enrollment = planner.state().find<Enrollment>(id);
    if (enrollment == nullptr) continue;
    LEDGER_CHECK(EnrollmentRun(planner, usage, biller, *enrollment).run());
  }
  return {};
}

}  // namespace daybook
