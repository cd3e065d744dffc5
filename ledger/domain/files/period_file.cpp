#include "ledger/domain/files/period_file.h"

#include <algorithm>

#include "ledger/domain/answers/charges.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Makes the parts of a file about a period.
class PeriodParts {
 public:
  PeriodParts(const StateReader& state, const UsageSource& usage, const Account& account,
              const ExportJob& job)
      : state_(state), usage_(usage), account_(account), job_(job), today_(job.requested_at.date()) {}

  Result<void> gather() {
    switch (job_.scope.type) {
      case ScopeType::Subscription:
        return of_subscription(*state_.subscription(SubscriptionId(job_.scope.id)));
      case ScopeType::Profile:
        return of_profile(*state_.profile(ProfileId(job_.scope.id)), std::nullopt);
      case ScopeType::Enrollment:
        return of_enrollment(*state_.enrollment(EnrollmentId(job_.scope.id)), std::nullopt);
      case ScopeType::Department: {
        const Enrollment& enrollment = *state_.enrollment_of(DepartmentId(job_.scope.id));
        return of_enrollment(enrollment, subscriptions_in(enrollment));
      }
      case ScopeType::EnrollmentAccount: {
        const Enrollment& enrollment = *state_.enrollment_of(EnrollmentAccountId(job_.scope.id));
        return of_enrollment(enrollment, subscriptions_in(enrollment));
      }
      default:
        break;
    }
    for (const std::string& id : state_.profiles_of(account_.account_id)) {
      if (const Profile* profile = state_.find<Profile>(id))
        LEDGER_CHECK(of_profile(*profile, std::nullopt));
    }
    for (const std::string& id : state_.enrollments_of(account_.account_id)) {
      if (const Enrollment* enrollment = state_.find<Enrollment>(id))
        LEDGER_CHECK(of_enrollment(*enrollment, std::nullopt));
    }
    return {};
  }

  std::vector<FilePart> parts;

 private:
  using Only = std::optional<std::vector<SubscriptionId>>;

  /// What a department or an enrollment account holds.
  [[nodiscard]] std::vector<SubscriptionId> subscriptions_in(const Enrollment& enrollment) const {
    std::vector<SubscriptionId> result;
    const PlacedSubscriptions placed = placed_in(state_, enrollment.enrollment_id);
    for (const Subscription* subscription : placed) {
      if (!subscription->enrollment_account_id) continue;
      const EnrollmentAccount* of = enrollment.account(*subscription->enrollment_account_id);
      const bool is_wanted =
          of != nullptr && (job_.scope.type == ScopeType::EnrollmentAccount
                                ? of->enrollment_account_id.text() == job_.scope.id
                                : of->department_id && of->department_id->text() == job_.scope.id);
      if (is_wanted) result.push_back(subscription->subscription_id);
    }
    return result;
  }

  /// The part of the invoice of the period, where there is one.
  bool take_invoice(const ScopeRef& scope, InvoiceType type, const Only& only) {
    const BilledPeriod* billed = state_.billed_period(scope, type, job_.period->start);
    const Invoice* invoice =
        billed != nullptr && billed->invoice_id ? state_.invoice(*billed->invoice_id) : nullptr;
    if (invoice == nullptr) return false;
    parts.push_back(part_of(state_, *invoice));
    parts.back().only = only;
    return true;
  }

  /// A part without a document, of the lines in `charges`. `first_day`: no period of the scope is
  /// earlier than the one that holds it.
  Result<void> take(const FileSubject& subject, Charges charges, const ScopeRef& scope,
                    InvoiceType type, const std::vector<const Subscription*>& subscriptions,
                    const Only& only, Date first_day, std::int32_t place = 0) {
    FilePart part{subject, {}, only};
    ChargedPeriod& charged = part.charged;
    charged.lines = std::move(charges.lines);
    charged.period = subject.period;
    charged.currency = subject.currency;
    charged.rows_upto = state_.position();
    charged.rate_date = subject.rate_date;
    const BilledPeriod* billed = state_.billed_period(scope, type, subject.period.start);
    const BillingMark* mark = state_.billing_mark(scope, type, place);
    charged.is_first = subject.period.start <= first_day;
    if (billed != nullptr) {
      charged.rows_upto = billed->position;
      charged.prices_upto = billed->position;
    } else if (mark != nullptr) {
      for (const Subscription* subscription : subscriptions) {
        LEDGER_CHECK(usage_.late_rows(
            subscription->subscription_id, std::min(mark->through, subject.period.start),
            mark->position, charged.rows_upto,
            [&](const UsageRow& row) { charged.late.push_back(row.position); }));
      }
      std::sort(charged.late.begin(), charged.late.end());
    }
    parts.push_back(std::move(part));
    return {};
  }

  Result<void> of_subscription(const Subscription& subscription) {
    const Only only = std::vector{subscription.subscription_id};
    const Profile* profile =
        subscription.profile_id ? state_.profile(*subscription.profile_id) : nullptr;
    const Enrollment* enrollment =
        subscription.enrollment_id ? state_.enrollment(*subscription.enrollment_id) : nullptr;
    if (profile != nullptr) return of_profile(*profile, only);
    if (enrollment != nullptr) return of_enrollment(*enrollment, only);
    const PeriodSeries series = periods_of(state_, subscription);
    if (take_invoice(series.scope, series.type, std::nullopt)) return {};
    const Period& period = *job_.period;
    const BilledPeriod* billed = state_.billed_period(series.scope, series.type, period.start);
    const bool is_closed = billed != nullptr && !subscription.support_plan_id;
    LEDGER_TRY(Charges charges,
               is_closed ? closed_charges(state_, usage_, account_, subscription, *billed)
                         : unbilled_charges(state_, usage_, account_, subscription, period, today_));
    const FileSubject subject{state_,
                              account_,
                              nullptr,
                              nullptr,
                              nullptr,
                              period,
                              account_.currency,
                              billed != nullptr ? billed->billed_on : today_};
    return take(subject, std::move(charges), series.scope, series.type, {&subscription},
                std::nullopt, series.first, series.place);
  }

  Result<void> of_profile(const Profile& profile, const Only& only) {
    const ScopeRef scope(profile.profile_id);
    if (take_invoice(scope, InvoiceType::Profile, only)) return {};
    LEDGER_TRY(Charges charges, unbilled_charges(state_, usage_, profile, *job_.period, today_));
    const FileSubject subject{state_,  account_, &profile,         nullptr,
                              nullptr, *job_.period, profile.currency, today_};
    return take(subject, std::move(charges), scope, InvoiceType::Profile,
                placed_in(state_, profile.profile_id).all(), only,
                profile_month(profile, profile.holds_from).start);
  }

  Result<void> of_enrollment(const Enrollment& enrollment, const Only& only) {
    const ScopeRef scope(enrollment.enrollment_id);
    if (take_invoice(scope, InvoiceType::EnrollmentOverage, only)) return {};
    const PlacedSubscriptions placed = placed_in(state_, enrollment.enrollment_id);
    BillRequest request;
    request.scope = scope;
    request.type = InvoiceType::EnrollmentOverage;
    request.subscriptions = placed.all();
    request.currency = account_.currency;
    request.period = *job_.period;
    request.rate_date = today_;
    request.position = state_.position();
    request.enrollment = &enrollment;
    const BilledPeriod* billed = state_.billed_period(scope, request.type, job_.period->start);
    if (billed != nullptr) {
      request.position = billed->position;
      request.rate_date = billed->billed_on;
      request.with_late = false;
    }
    LEDGER_TRY(Bill bill, bill_usage(state_, usage_, request));
    LEDGER_TRY(Charges charges, round_charges(std::move(bill.lines), request.currency));
    const FileSubject subject{state_,  account_,     nullptr,          &enrollment,
                              nullptr, *job_.period, request.currency, request.rate_date};
    return take(subject, std::move(charges), scope, request.type, request.subscriptions, only,
                enrollment_period(enrollment, enrollment.start_date).start);
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const Account& account_;
  const ExportJob& job_;
  Date today_;
};

}  // namespace

Result<UsageFile> file_of_job(const StateReader& state, const UsageSource& usage,
                              const ExportJob& job) {
  UsageFile file;
  file.kind = job.kind;
  file.metric = job.metric;
  file.through = job.requested_at.date();
  if (job.kind == ExportKind::PriceSheet) {
    file.price_sheet = PriceSheet{job.scope, job.period->start};
    return file;
  }
  if (job.invoice_id) {
    file.parts.push_back(part_of(state, *state.invoice(*job.invoice_id)));
    return file;
  }
  PeriodParts parts(state, usage, *account_of(state, job.scope), job);
  LEDGER_CHECK(parts.gather());
  file.parts = std::move(parts.parts);
  return file;
}

}  // namespace daybook
