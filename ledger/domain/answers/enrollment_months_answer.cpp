#include <algorithm>
#include <map>

#include "ledger/domain/allocate.h"
#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/answers/rated_usage.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/reservation_refund.h"
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
    for (; month <= today_; month = month.first_of_next_month()) {
      LEDGER_TRY(result[month], rounded(sums_[month]));
    }
    split(result);
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
    if (!is_wanted(purchase.subscription_id) || purchase.given_back_at != 0) return {};
    Exact MonthSums::*sum = &MonthSums::separate;
    if (purchase.kind == PurchaseKind::Marketplace) sum = &MonthSums::marketplace;
    if (purchase.kind == PurchaseKind::Reservation) sum = &MonthSums::eligible;
    Money amount = purchase.amount;
    if (purchase.refund_of) amount.minor_units = -amount.minor_units;
    return add_to_month(counts_on(state_, purchase), sum, amount);
  }

  Result<void> take(const Reservation& reservation) {
    if (!is_wanted(reservation.subscription_id)) return {};
    for (std::int32_t n = 0; n < reservation.instalments(); ++n) {
      LEDGER_CHECK(add_to_month(reservation.instalment(n).start, &MonthSums::eligible,
                                reservation.amount));
    }
    if (!reservation.ended_on) return {};
    return add_to_month(refund_counts_on(state_, reservation.billed_with, reservation.purchased_on, *reservation.ended_on),
                        &MonthSums::eligible, {-reservation.refund_minor, reservation.amount.currency});
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

  /// Rounded once, as the invoice of a month is, of which Marketplace may be another document.
  Result<MonthAmounts> rounded(const MonthSums& sums) const {
    std::vector<std::vector<Exact>> documents{{sums.eligible, sums.separate}};
    if (bills_marketplace_apart(account_)) documents.emplace_back();
    documents.back().push_back(sums.marketplace);
    std::vector<std::int64_t> amounts;
    const int digits = account_.currency.minor_digits();
    for (const std::vector<Exact>& values : documents) {
      Exact sum;
      for (const Exact& value : values) {
        LEDGER_TRY(sum, add(sum, value));
      }
      LEDGER_TRY(const std::int64_t total, sum.to_minor(digits, kBilledOfDocument.mode(true)));
      LEDGER_TRY(const std::vector<std::int64_t> parts, amounts_of_lines(total, values, digits));
      amounts.insert(amounts.end(), parts.begin(), parts.end());
    }
    return MonthAmounts{0, amounts[0], amounts[1], amounts[2]};
  }

  /// Moves to `covered` what credit pays of the `overage` that stands there of every month.
  ///
  /// What invoices asked beyond credit stays, by the months that they asked it of. The rest is covered by
  /// what the run of its period drew, then, the oldest month first, by what runs drew for other periods,
  /// since late usage stands on a later one, and by what is left, as the next run will. What was drawn
  /// and is needed for none of these was drawn for charges that have become less since.
  void split(std::map<Date, MonthAmounts>& months) {
    lots_ = credit_lots(state_, ScopeRef(enrollment_.enrollment_id));
    std::map<Date, std::int64_t> drawn = drawn_by_period();
    std::map<Date, std::int64_t> asked = asked_by_period();
    std::map<Date, std::int64_t> kept;
    for (auto each = months.rbegin(); each != months.rend(); ++each) {
      kept[each->first] = take(each->second.overage, asked[period_of(each->first)]);
    }
    const auto cover = [&](bool all, const auto& credit_of) {
      for (auto& [month, amounts] : months) {
        const std::int64_t wanted = amounts.overage - (all ? 0 : kept[month]);
        const std::int64_t part = take(wanted, credit_of(month));
        amounts.overage -= part;
        amounts.covered += part;
      }
    };
    cover(false, [&](Date month) -> std::int64_t& { return drawn[period_of(month)]; });
    std::int64_t others = 0;
    for (const auto& [start, minor] : drawn) others += minor;
    cover(false, [&](Date) -> std::int64_t& { return others; });
    for (CreditLot& lot : lots_) {
      std::int64_t none = 0;
      cover(false, [&](Date month) -> std::int64_t& {
        return lot.overlaps({month, month.first_of_next_month()}) ? lot.left_minor : none;
      });
    }
    cover(true, [&](Date) -> std::int64_t& { return others; });
  }

  /// As much of `wanted` as `credit` has, which is lowered by it.
  static std::int64_t take(std::int64_t wanted, std::int64_t& credit) {
    const std::int64_t part = std::clamp<std::int64_t>(wanted, 0, std::max<std::int64_t>(credit, 0));
    credit -= part;
    return part;
  }

  [[nodiscard]] Date period_of(Date date) const {
    return enrollment_period(enrollment_, date).start;
  }

  /// What living invoices asked of eligible charges beyond credit, by the periods of the charges.
  [[nodiscard]] std::map<Date, std::int64_t> asked_by_period() const {
    std::map<Date, std::int64_t> asked;
    Period period = enrollment_period(enrollment_, enrollment_.start_date);
    for (; period.start <= today_; period = enrollment_period(enrollment_, period.end_exclusive)) {
      const BilledPeriod* billed = state_.billed_period(
          ScopeRef(enrollment_.enrollment_id), InvoiceType::EnrollmentOverage, period.start);
      if (billed == nullptr || !billed->invoice_id) continue;
      const Invoice* invoice = state_.invoice(*billed->invoice_id);
      if (invoice == nullptr || invoice->status == InvoiceStatus::Void) continue;
      const InvoiceLines* lines = state_.invoice_lines(*billed->invoice_id);
      if (lines == nullptr) continue;
      for (const InvoiceLine& line : lines->lines) {
        if (is_credit_eligible(line) || is_reservation(line))
          asked[period_of(line.period.start)] += line.amount.minor_units - line.credit.minor_units;
      }
    }
    return asked;
  }

  /// What credit paid by the run of every period.
  [[nodiscard]] std::map<Date, std::int64_t> drawn_by_period() const {
    std::map<Date, std::int64_t> used;
    for (const CreditLot& lot : lots_) {
      for (const CreditUse& use : lot.uses) used[period_of(use.period.start)] += use.amount_minor;
    }
    return used;
  }

  const StateReader& state_;
  const Account& account_;
  const Enrollment& enrollment_;
  ScopeRef scope_;
  Date today_;
  std::map<Date, MonthSums> sums_;
  std::vector<CreditLot> lots_;  ///< with what is left of them
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
