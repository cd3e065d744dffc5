#include <algorithm>
#include <optional>
#include <set>

#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/left_overs.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/refunded_purchases.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

constexpr InvoiceType kMarketplace = InvoiceType::AzureMarketplace;

Period oldest_open_month(const Subscription& subscription, const BillingMark* mark) {
  return month_of(mark != nullptr ? mark->through : subscription.first_day());
}

int run_day(const StateReader& state) { return state.policies().number("mosp.marketplaceDay"); }

/// The last run on or before `date`.
Date last_run(const StateReader& state, Date date) {
  const int day = run_day(state);
  const Date run = day_in_month(date, day);
  return run <= date ? run : day_in_month(date.first_of_month().plus_days(-1), day);
}

/// Refunds of the subscription that are dated before `end` and stand on no document.
std::vector<OpenCharge> open_refunds(const StateReader& state, const Subscription& subscription, Date end) {
  std::vector<OpenCharge> refunds = open_charges(state, ScopeRef(subscription.subscription_id), end);
  std::erase_if(refunds, [&](const OpenCharge& charge) { return !charge.is_refund || !is_of_place(charge, subscription); });
  return refunds;
}

/// Bills what one subscription has of such usage. Months without any are closed too, by one event a
/// run: what comes later for them is late, and waits for the next run (9.4.7, decision 0048).
class MarketplaceRun {
 public:
  MarketplaceRun(Planner& planner, const UsageSource& usage, const Account& account,
                 const Subscription& subscription)
      : planner_(planner),
        usage_(usage),
        account_(account),
        subscription_(subscription),
        mark_(planner.mark(ScopeRef(subscription.subscription_id), kMarketplace, subscription.place())),
        oldest_(oldest_open_month(subscription, mark_)),
        end_(planner.date().first_of_month()),
        closed_(oldest_.start) {}

  Result<void> run() {
    if (end_ <= oldest_.start) return {};
    LEDGER_TRY(std::set<Date> months, months_with_usage());
    const bool is_quiet = months.empty();
    // What is late for earlier months stands with the oldest that is open, usage or not.
    if (mark_ != nullptr)
      months.insert(is_over() ? end_.plus_days(-1).first_of_month() : oldest_.start);
    bool first = true;
    bool is_document = false;
    for (Date month : months) {
      LEDGER_TRY(const bool billed, bill(month_of(month), first));
      if (billed) closed_ = month_of(month).end_exclusive;
      is_document = is_document || billed;
      first = false;
    }
    if (!is_document) LEDGER_CHECK(give_back());
    if (!is_over() && closed_ < end_)
      close_quietly(is_quiet ? NoInvoiceReason::NoUsage : NoInvoiceReason::NothingOwed);
    return {};
  }

 private:
  /// Refunds for which no document of this run has a line (decision 0102).
  Result<void> give_back() {
    const ScopeRef scope(subscription_.subscription_id);
    const std::vector<OpenCharge> refunds = open_refunds(planner_.state(), subscription_, end_);
    if (refunds.empty()) return {};
    LEDGER_TRY(PurchasesGivenBack given,
               give_back_purchases(planner_.state(), refunds, planner_.issue_date(planner_.date())));
    if (given.events.empty()) return {};
    for (const InvoiceId& invoice : given.invoices) planner_.rely_on(StreamType::Invoice, invoice.text());
    planner_.rely_on(StreamType::Subscription, subscription_.subscription_id.text());
    planner_.credit(scope);
    for (EventData& event : given.events) planner_.add(std::move(event));
    return {};
  }

  /// Whether nothing can be dated in the months that are open: it left before, or was deleted.
  [[nodiscard]] bool is_over() const {
    if (subscription_.placed_until) return *subscription_.placed_until <= closed_;
    return subscription_.status == SubscriptionStatus::Deleted && subscription_.status_since < closed_;
  }

  /// Whether no usage can be dated in the months that are open: what is less than billed of those before has no document that
  /// could bear it.
  [[nodiscard]] bool is_last() const {
    const std::optional<Date> last = subscription_.last_day();
    return last && *last < oldest_.start;
  }

  /// The first days of the months that have any; what is dated before the first month counts there.
  Result<std::set<Date>> months_with_usage() {
    std::set<Date> months;
    const Period days =
        subscription_.days_in({mark_ != nullptr ? oldest_.start : kFirstDate, end_});
    if (days.start == days.end_exclusive) return months;
    LEDGER_CHECK(usage_.cells(
        subscription_.subscription_id, days.start, days.end_exclusive, planner_.position(),
        [&](const UsageCell& cell) {
          if (!is_marketplace(cell.pricing_model, cell.publisher_type)) return;
          months.insert(std::max(cell.usage_date.first_of_month(), oldest_.start));
        }));
    const ScopeRef scope(subscription_.subscription_id);
    for (const OpenCharge& charge : open_charges(planner_.state(), scope, end_)) {
      if (charge.is_immediate || charge.is_refund || charge.type != kMarketplace) continue;
      if (!is_of_place(charge, subscription_)) continue;
      months.insert(std::max(charge.date.first_of_month(), oldest_.start));
    }
    return months;
  }

  /// Whether there was anything to bill.
  Result<bool> bill(Period month, bool with_late) {
    BillRequest request;
    request.scope = ScopeRef(subscription_.subscription_id);
    request.type = kMarketplace;
    request.subscriptions = {&subscription_};
    request.currency = account_.currency;
    request.period = month;
    request.parts = {shown(month)};
    const Date run_date = run_of_month(month, run_day(planner_.state()));
    request.rate_date = planner_.issue_date(run_date);
    request.with_late = with_late;
    request.position = planner_.position();
    request.place = subscription_.place();
    DraftDocument draft;
    draft.account = &account_;
    draft.subscription = &subscription_;
    draft.type = kMarketplace;
    draft.period = shown(month);
    draft.run_date = run_date;
    draft.issue_date = request.rate_date;
    draft.currency = account_.currency;
    draft.credit = &planner_.credit(request.scope);
    if (with_late) {
      LEDGER_TRY(CorrectionsApart apart, plan_corrections(planner_, usage_, request, draft, is_last()));
      request.apart = std::move(apart.positions);
      left_overs_.hold(apart.held);
    }
    left_overs_.ask_for(request);
    LEDGER_TRY(ChargesOfDocument charges,
               ChargesOfDocument::of(planner_.state(), request.scope,
                                     {kMarketplace, request.currency, request.rate_date},
                                     month.end_exclusive, done_));
    charges.leave_out_elsewhere(subscription_);
    const OtherCharges others{charges.purchases(), charges.refunds()};
    LEDGER_TRY(Bill bill, bill_usage(planner_.state(), usage_, request, others));
    planner_.rely_on(bill.relied_on);
    planner_.rely_on(charges.relied_on());
    planner_.rely_on(StreamType::Subscription, subscription_.subscription_id.text());
    left_overs_.take_from(bill);
    if (bill.rows_billed == 0 && others.lines.empty()) return false;
    const std::set<std::string> waiting = std::move(bill.waiting);

    draft.manifest = manifest_of(bill, planner_.position());
    draft.lines = std::move(bill.lines);
    charges.add_to(draft, done_, waiting);
    LEDGER_TRY(Document made, make_document(planner_.state(), std::move(draft)));
    for (BilledThrough& billed : made.issued.manifest.marks) {
      billed.through = month.last_day();
      billed.place = subscription_.place();
    }
    close(month, run_date, made);
    return true;
  }

  /// What the document says of a month in which the subscription came or left; the whole one where
  /// it holds late rows alone.
  [[nodiscard]] Period shown(Period month) const {
    const Period days = subscription_.days_in(month);
    return days.start < days.end_exclusive ? days : month;
  }

  void close(Period month, Date run_date, const Document& made) {
    const InvoiceTotals& totals = made.issued.totals;
    if (totals.sub_total.minor_units > 0) {
      planner_.add(PeriodClosed{subscription_.subscription_id, shown(month), run_date, totals, kMarketplace,
                                made.issued.invoice_id, planner_.position()});
      planner_.issue(made);
    } else {
      for (EventData& event : made.credit_events(false)) planner_.add(std::move(event));
      const NoInvoiceReason reason = made.is_within_credit() ? NoInvoiceReason::WithinCredit
                                                             : NoInvoiceReason::NothingOwed;
      planner_.add(PeriodClosedWithoutInvoice{subscription_.subscription_id, month, run_date,
                                              reason, totals, kMarketplace, planner_.position(),
                                              left_overs_.all(), std::nullopt, subscription_.place(),
                                              made.charges});
    }
  }

  void close_quietly(NoInvoiceReason reason) {
    const Money zero{0, account_.currency};
    planner_.add(
        PeriodClosedWithoutInvoice{subscription_.subscription_id,
                                   {closed_, end_},
                                   planner_.date(),
                                   reason,
                                   {zero, zero, zero, zero, zero, zero, zero, zero},
                                   kMarketplace,
                                   planner_.position(),
                                   left_overs_.all(),
                                   std::nullopt,
                                   subscription_.place()});
  }

  Planner& planner_;
  const UsageSource& usage_;
  const Account& account_;
  const Subscription& subscription_;
  const BillingMark* mark_;
  Period oldest_;
  Date end_;     ///< the first day of the first month that is not due
  Date closed_;  ///< the first day of the months that this run has not closed yet
  LeftOvers left_overs_;
  std::set<std::string> done_;  ///< charges on earlier documents of this run
};

}  // namespace

void marketplace_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (!bills_subscriptions(state, account)) return;
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    const BillingMark* mark = state.billing_mark(ScopeRef(subscription->subscription_id), kMarketplace,
                                                 subscription->place());
    // Runs before `from` were looked at on their day; one run looks at all months that are due, but for refunds: they come with
    // the first that makes no document (decision 0102), so that each is performed where some wait.
    const Date oldest = run_of_month(oldest_open_month(*subscription, mark), run_day(state));
    const auto run_at = [&](Date wanted) {
      const Date run = std::max(oldest, last_run(state, wanted));
      return run < dates.from() ? run_of_month(month_of(run), run_day(state)) : run;
    };
    Date run = run_at(dates.first_only() ? dates.from() : dates.through());
    if (!dates.first_only() && !open_refunds(state, *subscription, run.first_of_month()).empty())
      run = run_at(dates.from());
    while (dates.add(run) && run < dates.through()) run = run_of_month(month_of(run), run_day(state));
  }
}

Result<void> plan_marketplace(Planner& planner, const UsageSource& usage, const Account& account) {
  if (!bills_subscriptions(planner.state(), account) ||
      planner.date() != last_run(planner.state(), planner.date())) {
    return {};
  }
  const Account biller = as_of_type(account, AccountType::MOSP);
  const PlacedSubscriptions placed = placed_under(planner.state(), account);
  for (const Subscription* subscription : placed) {
    LEDGER_CHECK(MarketplaceRun(planner, usage, biller, *subscription).run());
  }
  return {};
}

}  // namespace daybook
