#include <algorithm>
#include <map>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/answers/rated_usage.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {


/// What was used in a month, by what becomes of it.
struct MonthSums {
  Exact eligible;
  Exact separate;
  Exact marketplace;
};

/// The same as amounts, with the part that credit covers.
struct MonthAmounts {
  std::int64_t covered = 0;
  std::int64_t overage = 0;
  std::int64_t separate = 0;
  std::int64_t marketplace = 0;
};

/// The months of one enrollment, or of what a department or account has in it.
class Months {
 public:
  Months(const StateReader& state, const Account& account, const Enrollment& enrollment,
         ScopeRef scope, Date today)
      : state_(state),
        account_(account),
        enrollment_(enrollment),
        scope_(std::move(scope)),
        today_(today) {}

  Result<void> gather(const UsageSource& usage) {
    UsageScope of;
    of.billed = ScopeRef(enrollment_.enrollment_id);
    of.currency = account_.currency;
    of.subscriptions = placed_in(state_, enrollment_.enrollment_id);
    LEDGER_CHECK(gather_charges());
    const UsageRange range{std::nullopt, std::nullopt, false, {}};
    return rate_usage(state_, usage, of, range, today_,
                      [&](const RatedItem& rated) { return take(rated); });
  }

  /// By first day; every month from the first with usage, or the start, to the current one.
  Result<std::map<Date, MonthAmounts>> amounts() {
    Date month = std::min(enrollment_.start_date, today_).first_of_month();
    if (!sums_.empty()) month = std::min(month, sums_.begin()->first);
    std::map<Date, MonthAmounts> result;
    std::map<Date, std::int64_t> left = credit_by_period();
    for (; month <= today_; month = month.first_of_next_month()) {
      MonthAmounts& amounts = result[month];
      LEDGER_TRY(const std::int64_t eligible, round(sums_[month].eligible));
      LEDGER_TRY(amounts.separate, round(sums_[month].separate));
      LEDGER_TRY(amounts.marketplace, round(sums_[month].marketplace));
      const Period period = enrollment_period(enrollment_, month);
      std::int64_t& credit = is_billed(period) ? left[period.start] : unused_;
      amounts.covered = std::clamp<std::int64_t>(eligible, 0, std::max<std::int64_t>(credit, 0));
      credit -= amounts.covered;
      amounts.overage = eligible - amounts.covered;
    }
    return result;
  }

  /// What credit notes of the month gave back of overage, without tax (T-EA-6).
  [[nodiscard]] std::int64_t refunded_overage(Date month) const {
    std::int64_t sum = 0;
    Period period = enrollment_period(enrollment_, enrollment_.start_date);
    for (; period.start <= month; period = enrollment_period(enrollment_, period.end_exclusive)) {
      const BilledPeriod* billed = state_.billed_period(
          ScopeRef(enrollment_.enrollment_id), InvoiceType::EnrollmentOverage, period.start);
      if (billed == nullptr || !billed->invoice_id) continue;
      const Invoice* invoice = state_.invoice(*billed->invoice_id);
      if (invoice == nullptr) continue;
      for (const CreditNoteId& id : invoice->credit_note_ids) {
        const auto* note = state_.find<CreditNote>(id.text());
        if (note != nullptr && note->issued.issue_date.first_of_month() == month)
          sum += note->issued.totals.sub_total.minor_units;
      }
    }
    return sum;
  }

 private:
  [[nodiscard]] bool is_wanted(const Subscription& subscription) const {
    if (scope_.type == ScopeType::Enrollment) return true;
    if (!subscription.enrollment_account_id) return false;
    if (scope_.type == ScopeType::EnrollmentAccount)
      return subscription.enrollment_account_id->text() == scope_.id;
    const EnrollmentAccount* account = enrollment_.account(*subscription.enrollment_account_id);
    return account != nullptr && account->department_id &&
           account->department_id->text() == scope_.id;
  }

  /// Purchases and refunds by their dates, as far as they are billed or will be next.
  Result<void> gather_charges() {
    for (const std::string& member :
         state_.members(Relation::ChargesOfEnrollment, enrollment_.enrollment_id.text())) {
      const std::string id = member.substr(2);
      if (const auto* purchase = member.front() == 'c' ? state_.find<Purchase>(id) : nullptr) {
        LEDGER_CHECK(take(*purchase));
      }
      if (const auto* reservation = member.front() == 'r' ? state_.find<Reservation>(id) : nullptr) {
        LEDGER_CHECK(take(*reservation));
      }
    }
    return {};
  }

  [[nodiscard]] bool is_wanted(const std::optional<SubscriptionId>& id) const {
    const Subscription* subscription = id ? state_.subscription(*id) : nullptr;
    return subscription != nullptr ? is_wanted(*subscription)
                                   : scope_.type == ScopeType::Enrollment;
  }

  /// In the account's currency by the rate of today, as usage is; without one it is billed nowhere, and counts
  /// nowhere.
  Result<void> add_to_month(Date date, Exact MonthSums::*sum, Money amount) {
    if (date > today_ || !can_exchange(state_, amount.currency, account_.currency)) return {};
    const ExchangeRateVersion* rate =
        amount.currency != account_.currency
            ? exchange_rate_on(state_, amount.currency, account_.currency, today_)
            : nullptr;
    LEDGER_TRY(const Exact worth,
               exchanged(Exact::from_minor(amount.minor_units, amount.currency.minor_digits()), rate));
    Exact& total = sums_[date.first_of_month()].*sum;
    LEDGER_TRY(total, add(total, worth));
    return {};
  }

  Result<void> take(const Purchase& purchase) {
    if (!is_wanted(purchase.subscription_id)) return {};
    Exact MonthSums::*sum = &MonthSums::separate;
    if (purchase.kind == PurchaseKind::Marketplace) sum = &MonthSums::marketplace;
    if (purchase.kind == PurchaseKind::Reservation) sum = &MonthSums::eligible;
    Money amount = purchase.amount;
    if (purchase.refund_of) amount.minor_units = -amount.minor_units;
    return add_to_month(purchase.dated_on, sum, amount);
  }

  Result<void> take(const Reservation& reservation) {
    if (!is_wanted(reservation.subscription_id)) return {};
    for (std::int32_t n = 0; n < reservation.instalments(); ++n) {
      LEDGER_CHECK(add_to_month(reservation.instalment(n).start, &MonthSums::eligible,
                                reservation.amount));
    }
    if (!reservation.ended_on) return {};
    return add_to_month(*reservation.ended_on, &MonthSums::eligible,
                        {-reservation.refund_minor, reservation.amount.currency});
  }

  Result<void> take(const RatedItem& rated) {
    if (!is_wanted(rated.subscription)) return {};
    Exact cost = rated.cost;
    if (rated.currency != account_.currency) {
      const ExchangeRateVersion* rate =
          exchange_rate_on(state_, rated.currency, account_.currency, today_);
      if (rate == nullptr) return {};
      LEDGER_TRY(cost, cost.times(rate->rate, Rounding::HalfAwayFromZero));
    }
    MonthSums& sums = sums_[rated.item.usage_date.first_of_month()];
    Exact& sum = rated.item.publisher_type == PublisherType::Marketplace ? sums.marketplace
                 : rated.item.is_credit_eligible                         ? sums.eligible
                                                                         : sums.separate;
    LEDGER_TRY(sum, add(sum, cost));
    return {};
  }

  Result<std::int64_t> round(const Exact& sum) const {
    return sum.to_minor(account_.currency.minor_digits(), kBilledOfDocument.mode(true));
  }

  [[nodiscard]] bool is_billed(Period period) const {
    return state_.billed_period(ScopeRef(enrollment_.enrollment_id),
                                InvoiceType::EnrollmentOverage, period.start) != nullptr;
  }

  /// What credit paid of every period that is billed; what is left goes to those that are not.
  std::map<Date, std::int64_t> credit_by_period() {
    std::map<Date, std::int64_t> used;
    for (const CreditLot& lot : credit_lots(state_, ScopeRef(enrollment_.enrollment_id))) {
      unused_ += lot.left_minor;
      for (const CreditUse& use : lot.uses) used[use.period.start] += use.amount_minor;
    }
    return used;
  }

  const StateReader& state_;
  const Account& account_;
  const Enrollment& enrollment_;
  ScopeRef scope_;
  Date today_;
  std::map<Date, MonthSums> sums_;
  std::int64_t unused_ = 0;
};

const Enrollment* enrollment_of(const StateReader& state, const ScopeRef& scope) {
  switch (scope.type) {
    case ScopeType::Enrollment:
      return state.enrollment(EnrollmentId(scope.id));
    case ScopeType::Department:
      return state.enrollment_of(DepartmentId(scope.id));
    case ScopeType::EnrollmentAccount:
      return state.enrollment_of(EnrollmentAccountId(scope.id));
    default:
      return nullptr;
  }
}

}  // namespace

Result<EnrollmentMonthListView> enrollment_months_answer(const StateReader& state,
                                                         const UsageSource& usage,
                                                         const Viewer& viewer,
                                                         const ScopeRef& scope,
                                                         const PageRequest& page, Instant now) {
  const Enrollment* enrollment = enrollment_of(state, scope);
  const Account* account =
      enrollment != nullptr ? state.account(enrollment->account_id) : nullptr;
  if (account == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::ViewUsage, scope));
  Months months(state, *account, *enrollment, scope, now.date());
  LEDGER_CHECK(months.gather(usage));
  LEDGER_TRY(const auto amounts, months.amounts());

  EnrollmentMonthListView view;
  for (auto each = amounts.rbegin(); each != amounts.rend(); ++each) {
    const auto& [month, sums] = *each;
    EnrollmentMonthView item;
    item.month = month.text().substr(0, 7);
    if (page.after && item.month >= *page.after) continue;
    if (view.items.size() == page.limit) {
      view.next_cursor = view.items.back().month;
      break;
    }
    const auto money = [&](std::int64_t minor) { return Money{minor, account->currency}; };
    item.closed = now >= Instant::start_of(month.first_of_next_month().plus_days(
                             state.policies().number("usage.finalAfterDays")));  // CLS-1
    item.marketplace = money(sums.marketplace);
    item.total = money(sums.covered + sums.overage + sums.separate + sums.marketplace);
    if (scope.type == ScopeType::Enrollment) {
      item.charges_against_credits = money(sums.covered);
      item.service_overage = money(sums.overage);
      item.billed_separately = money(sums.separate);
      item.refunded_overage_credits = money(months.refunded_overage(month));
    }
    view.items.push_back(std::move(item));
  }
  return view;
}

}  // namespace daybook
