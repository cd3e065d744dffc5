#include "ledger/domain/answers/periods_of.h"

#include <algorithm>
#include <string>

#include "ledger/domain/rules/close_period.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/support_terms.h"

namespace daybook {
namespace {

void keep_earlier(std::optional<Date>& earliest, std::optional<Date> date) {
  if (date && (!earliest || *date < *earliest)) earliest = date;
}

/// Under another agreement since an upgrade: the document that closes the days before it.
std::optional<Date> last_own_document(const StateReader& state, const Account& account,
                                      const Subscription& subscription) {
  std::optional<Date> earliest;
  for (std::size_t n = 0; n < subscription.earlier.size(); ++n) {
    const EarlierPlace& place = subscription.earlier[n];
    if (place.account_type != AccountType::MOSP || place.account_id != account.account_id) continue;
    keep_earlier(earliest, next_services_run(state, account, subscription.at_place(n)));
  }
  return earliest;
}

}  // namespace

Period PeriodSeries::containing(Date day) const {
  Period period = period_containing(anchor, std::max(day, first));
  period.start = std::max(period.start, first);
  return period;
}

std::optional<Period> PeriodSeries::before(const Period& period) const {
  if (period.start <= first) return std::nullopt;
  return containing(period.start.plus_days(-1));
}

bool PeriodSeries::is_billed(const Period& period) const {
  if (ends_before && period.start >= *ends_before) return false;
  return std::none_of(uncharged.begin(), uncharged.end(), [&](const Period& days) { return days.contains(period.start); });
}

std::optional<Period> PeriodSeries::billed_from(Period period) const {
  const Date last = uncharged.empty() ? period.start : std::max(period.start, uncharged.back().end_exclusive);
  while (!is_billed(period)) {
    if (period.start >= last || last == kLastDate) return std::nullopt;
    period = containing(period.end_exclusive);
  }
  return period;
}

PeriodSeries periods_of(const StateReader& state, const Subscription& subscription) {
  if (subscription.support_plan_id) {
    if (const SupportPlan* plan = state.support_plan(*subscription.support_plan_id)) {
      PeriodSeries terms{ScopeRef(plan->plan_id), InvoiceType::AzureSupport, plan->purchased_on,
                         plan->purchased_on,      0,                         plan->cancelled_on};
      terms.uncharged = subscription.inactive;
      if (subscription.inactive_from) terms.uncharged.push_back({*subscription.inactive_from, kLastDate});
      return terms;
    }
  }
  PeriodSeries series{ScopeRef(subscription.subscription_id), InvoiceType::AzureServices,
                      subscription.anchor(), subscription.first_day(), subscription.place(),
                      std::nullopt};
  if (const auto end = subscription.charged_to()) series.ends_before = end->plus_days(1);
  return series;
}

Period current_period(const StateReader& state, const Subscription& subscription, Date today) {
  if (subscription.profile_id) {
    const Date day = std::max(today, subscription.first_day());
    const Profile* profile = state.profile(*subscription.profile_id);
    return profile != nullptr ? profile_month(*profile, day) : month_of(day);
  }
  if (subscription.enrollment_id) {
    if (const Enrollment* enrollment = state.enrollment(*subscription.enrollment_id))
      return enrollment_period(*enrollment, std::max(today, subscription.first_day()));
  }
  return periods_of(state, subscription).containing(today);
}

Date run_of(const StateReader& state, const Account& account, const PeriodSeries& series,
            const Period& period) {
  const Policies& policies = state.policies();
  if (series.type == InvoiceType::AzureSupport) {
    const SupportPlan* plan = state.find<SupportPlan>(series.scope.id);
    if (plan != nullptr) return support_run(state, account, *plan, period_number(series.anchor, period.start));
    return first_run_on_or_after(account.created_on, period.start);
  }
  if (policies.word("mosp.invoiceDay") == "PERIOD_END_PLUS_1") return period.end_exclusive;
  return first_run_on_or_after(account.created_on, period.end_exclusive);
}

std::optional<Date> next_invoice_date(const StateReader& state, const Subscription& subscription) {
  const Account* account = state.account(subscription.account_id);
  if (account == nullptr) return std::nullopt;
  if (account->type != AccountType::MOSP) return last_own_document(state, *account, subscription);
  const PeriodSeries series = periods_of(state, subscription);
  const BillingMark* mark = state.billing_mark(series.scope, series.type, series.place);
  const Date unbilled = mark != nullptr ? std::max(mark->through, series.first) : series.first;
  Period period = series.containing(unbilled);
  // A last document of late rows alone ends inside a period; the next begins with the next period.
  if (period.start < unbilled) period = series.containing(period.end_exclusive);
  std::optional<Date> next;
  if (const auto billed = series.billed_from(period)) next = run_of(state, *account, series, *billed);
  // What was voided is billed again before that, also where no other period comes.
  if (mark != nullptr) keep_earlier(next, next_reopened_run(state, *account, *mark));
  return next;
}

Period oldest_unbilled_month(const StateReader& state, const Profile& profile) {
  const BillingMark* mark = state.billing_mark(ScopeRef(profile.profile_id), InvoiceType::Profile);
  return profile_month(profile, mark != nullptr ? mark->through : profile.holds_from);
}

Date next_invoice_date(const StateReader& state, const Profile& profile) {
  return profile_run(profile, oldest_unbilled_month(state, profile));
}

std::optional<Date> next_invoice_date(const StateReader& state, const Enrollment& enrollment, Date today) {
  const BillingMark* mark =
      state.billing_mark(ScopeRef(enrollment.enrollment_id), InvoiceType::EnrollmentOverage);
  const Policies& policies = state.policies();
  const auto is_over = [&](Date day) { return enrollment.ends_on && *enrollment.ends_on < day; };
  if (mark != nullptr && is_over(mark->through)) return std::nullopt;
  Period period = enrollment_period(enrollment, mark != nullptr ? mark->through : enrollment.start_date);
  const PlacedSubscriptions placed = placed_in(state, enrollment.enrollment_id);
  while (enrollment_run(policies, period) <= today && !holds_any(placed, period)) {
    period = enrollment_period(enrollment, period.end_exclusive);
    if (is_over(period.start)) return std::nullopt;
  }
  return enrollment_run(policies, period);
}

std::optional<Date> next_invoice_date(const StateReader& state, const Account& account, Date today) {
  std::optional<Date> earliest;
  // What was moved away, or was there before an upgrade, may have a last document to come.
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    if (subscription->placed_until)
      keep_earlier(earliest, next_services_run(state, account, *subscription));
  }
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    if (const Enrollment* enrollment = state.find<Enrollment>(id)) {
      keep_earlier(earliest, next_invoice_date(state, *enrollment, today));
    }
  }
  if (account.has_profiles()) {
    for (const std::string& id : state.profiles_of(account.account_id)) {
      if (const Profile* profile = state.find<Profile>(id)) {
        keep_earlier(earliest, next_invoice_date(state, *profile));
      }
    }
    return earliest;
  }
  for (const std::string& id : state.subscriptions_of(account.account_id)) {
    if (const Subscription* subscription = state.find<Subscription>(id)) {
      keep_earlier(earliest, next_invoice_date(state, *subscription));
    }
  }
  return earliest;
}

}  // namespace daybook
