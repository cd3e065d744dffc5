#include "ledger/domain/rules/credits_due.h"

#include <algorithm>

#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Bills a scope in the mind: documents of usage that nobody records.
class Estimate {
 public:
  Estimate(const StateReader& state, const UsageSource& usage, CreditPool pool)
      : state_(state), usage_(usage), pool_(std::move(pool)) {}

  Result<PendingCredit> of(const Subscription& subscription, const Account& account, Date day) {
    request_.scope = ScopeRef(subscription.subscription_id);
    request_.type = InvoiceType::AzureServices;
    request_.subscriptions = {&subscription};
    request_.currency = account.currency;
    draft_.subscription = &subscription;
    draft_.account = &account;
    request_.place = subscription.place();
    const Date from = oldest(subscription.first_day());
    if (day < from) return pending_;
    for (int k = placed_period_number(subscription, from);; ++k) {
      const Period period = placed_period(subscription, k);
      if (period.start == period.end_exclusive) return pending_;
      LEDGER_CHECK(add(period, period.contains(day), day));
      if (day < period.end_exclusive) return pending_;
    }
  }

  Result<PendingCredit> of(const Profile& profile, const Account& account, Date day) {
    request_.scope = ScopeRef(profile.profile_id);
    request_.type = InvoiceType::Profile;
    placed_ = placed_in(state_, profile.profile_id);
    request_.subscriptions = placed_.all();
    request_.profile = &profile;
    request_.currency = profile.currency;
    draft_.profile = &profile;
    draft_.account = &account;
    for (Period month = profile_month(profile, oldest(profile.holds_from)); month.start <= day;
         month = profile_month(profile, month.end_exclusive)) {
      LEDGER_CHECK(add(month, month.contains(day), day));
    }
    return pending_;
  }

  Result<PendingCredit> of(const Enrollment& enrollment, const Account& account, Date day) {
    request_.scope = ScopeRef(enrollment.enrollment_id);
    request_.type = InvoiceType::EnrollmentOverage;
    placed_ = placed_in(state_, enrollment.enrollment_id);
    request_.subscriptions = placed_.all();
    request_.currency = account.currency;
    request_.enrollment = &enrollment;
    request_.marketplace_apart = bills_marketplace_apart(account);
    draft_.enrollment = &enrollment;
    draft_.account = &account;
    for (Period period = enrollment_period(enrollment, oldest(enrollment.start_date));
         period.start <= day; period = enrollment_period(enrollment, period.end_exclusive)) {
      LEDGER_CHECK(add(period, period.contains(day), day));
    }
    return pending_;
  }

 private:
  /// The first day not billed, not before `begin`.
  [[nodiscard]] Date oldest(Date begin) {
    const BillingMark* mark = state_.billing_mark(request_.scope, request_.type, request_.place);
    return mark != nullptr ? std::max(mark->through, begin) : begin;
  }

  Result<void> add(Period period, bool is_asked_for, Date day) {
    request_.period = period;
    request_.rate_date = day;
    request_.with_late = !is_first_done_;
    request_.position = state_.position();
    request_.credit_edges = pool_.edges();
    is_first_done_ = true;
    LEDGER_TRY(const ChargesOfDocument charges,
               ChargesOfDocument::of(state_, request_.scope,
                                     {request_.type, request_.currency, request_.rate_date},
                                     period.end_exclusive, done_));
    LEDGER_TRY(Bill bill, bill_usage(state_, usage_, request_,
                                     {charges.purchases(), charges.refunds()}));
    DraftDocument draft = draft_;
    draft.type = request_.type;
    draft.period = period;
    draft.run_date = day;
    draft.issue_date = day;
    draft.currency = request_.currency;
    draft.lines = std::move(bill.lines);
    charges.add_to(draft, done_, bill.waiting);
    draft.credit = &pool_;
    if (is_asked_for) pending_.credit_minor = pool_.left_in(period, request_.currency);
    LEDGER_TRY(const Document made, make_document(state_, std::move(draft)));
    for (const CreditTaken& taken : made.credit) {
      pending_.of_lots[taken.lot_id.text()] += taken.amount.minor_units;
      if (is_asked_for) pending_.covered_minor += taken.amount.minor_units;
    }
    if (!is_asked_for) return {};
    for (const InvoiceLine& line : made.lines) {
      if (is_credit_eligible(line)) pending_.eligible_minor += line.amount.minor_units;
    }
    return {};
  }

  const StateReader& state_;
  const UsageSource& usage_;
  CreditPool pool_;
  PlacedSubscriptions placed_;
  BillRequest request_;
  DraftDocument draft_;
  PendingCredit pending_;
  std::set<std::string> done_;
  bool is_first_done_ = false;
};

}  // namespace

Result<PendingCredit> pending_credit(const StateReader& state, const UsageSource& usage,
                                     const ScopeRef& scope, Date day, CreditPool pool) {
  Estimate estimate(state, usage, std::move(pool));
  if (scope.type == ScopeType::Profile) {
    const Profile* profile = state.profile(ProfileId(scope.id));
    const Account* account = profile != nullptr ? state.account(profile->account_id) : nullptr;
    return account != nullptr ? estimate.of(*profile, *account, day) : PendingCredit();
  }
  if (scope.type == ScopeType::Enrollment) {
    const Enrollment* enrollment = state.enrollment(EnrollmentId(scope.id));
    const Account* account =
        enrollment != nullptr ? state.account(enrollment->account_id) : nullptr;
    return account != nullptr ? estimate.of(*enrollment, *account, day) : PendingCredit();
  }
  const Subscription* subscription = state.subscription(SubscriptionId(scope.id));
  if (subscription == nullptr) return PendingCredit();
  // Who has it on that day is billed for it, in his currency and by his periods.
  const Subscription then = subscription_on(*subscription, day);
  const Account* account = state.account(then.account_id);
  return account != nullptr ? estimate.of(then, *account, day) : PendingCredit();
}

}  // namespace daybook
