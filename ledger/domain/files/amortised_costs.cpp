#include "ledger/domain/files/amortised_costs.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// `part` of `whole` parts of an amount, cut to what a file can show; all of them are the amount itself.
Result<Exact> part_of(const Exact& amount, const Decimal& part, const Decimal& whole) {
  if (part == whole) return amount;
  LEDGER_TRY(const Exact product, amount.times(part, Rounding::HalfAwayFromZero));
  LEDGER_TRY(const Exact quotient, product.divided_by(whole, Rounding::HalfAwayFromZero));
  return Exact::from(quotient.to_display());
}

/// What the first days of a term cost.
Result<Exact> cost_of_days(const Exact& price, Period term, Date until) {
  if (until <= term.start) return Exact();
  if (until >= term.end_exclusive) return price;
  return part_of(price, Decimal(Period{term.start, until}.length_days()), Decimal(term.length_days()));
}

class Days {
 public:
  Days(const Reservation& reservation, Period wanted, std::vector<ReservationDay>& out)
      : reservation_(reservation), wanted_(wanted), out_(out) {}

  /// One instalment, or the whole of one paid upfront.
  Result<void> add(Period term) {
    const bool is_upfront = reservation_.billing_frequency == BillingFrequency::Upfront;
    const Exact price = exact(reservation_.amount.minor_units);
    const std::optional<Date>& ended_on = reservation_.ended_on;
    Date end = term.end_exclusive;
    // An instalment that was charged is paid for its whole month; of a price paid upfront the rest goes back.
    if (is_upfront && ended_on) end = std::clamp(*ended_on, term.start, end);
    for (Date day = std::max(term.start, wanted_.start); day < std::min(end, wanted_.end_exclusive);
         day = day.plus_days(1)) {
      LEDGER_TRY(const Exact before, cost_of_days(price, term, day));
      LEDGER_TRY(const Exact with, cost_of_days(price, term, day.plus_days(1)));
      LEDGER_TRY(const Exact cost, subtract(with, before));
      out_.push_back({&reservation_, day, cost, !ended_on || day < *ended_on});
    }
    if (!is_upfront || !ended_on || *ended_on >= term.end_exclusive || !wanted_.contains(*ended_on)) return {};
    LEDGER_TRY(const Exact used, cost_of_days(price, term, end));
    LEDGER_TRY(const Exact kept, subtract(price, exact(reservation_.given_back_minor)));
    LEDGER_TRY(const Exact rest, subtract(kept, used));
    if (!rest.is_zero()) out_.push_back({&reservation_, *ended_on, rest, false});
    return {};
  }

 private:
  [[nodiscard]] Exact exact(std::int64_t minor) const {
    return Exact::from_minor(minor, reservation_.amount.currency.minor_digits());
  }

  const Reservation& reservation_;
  Period wanted_;
  std::vector<ReservationDay>& out_;
};

/// Whether reservations cover it: usage of its own period that says it runs on them.
bool runs_on_reservations(const FileRow& row) {
  return row.usage != nullptr && !row.is_correction && row.charge_type == ChargeType::Usage &&
         row.usage->pricing_model == PricingModel::Reservation && row.quantity &&
         Decimal(0) < *row.quantity;
}

}  // namespace

Result<std::vector<ReservationDay>> reservation_days(const StateReader& state, const ScopeRef& scope,
                                                     Currency currency, Period period) {
  std::vector<ReservationDay> days;
  for (const std::string& id : state.members(Relation::ReservationsOfScope, scope.text())) {
    const auto* reservation = state.find<Reservation>(id);
    if (reservation == nullptr) continue;
    if (reservation->amount.currency != currency) {
      return rejected("CURRENCY_MISMATCH", "reservation " + id + " is in " +
                                               std::string(reservation->amount.currency.text()) +
                                               ", the file in another currency; ask for ActualCost");
    }
    Days of(*reservation, period, days);
    for (std::int32_t number = 0; number < reservation->instalments(); ++number) {
      LEDGER_CHECK(of.add(reservation->instalment(number)));
    }
  }
  return days;
}

Result<AmortisedCosts> AmortisedCosts::of(const StateReader& state, const UsageSource& usage,
                                          const UsageRecords& records, const ChargedPeriod& charged,
                                          std::vector<ReservationDay> days) {
  AmortisedCosts costs;
  for (const ReservationDay& each : days) {
    if (!each.covers) continue;
    DayOfAll& day = costs.by_day_[each.day];
    LEDGER_TRY(day.cost, add(day.cost, each.cost));
    day.is_one = day.only == nullptr || day.only == each.reservation;
    day.only = each.reservation;
  }
  costs.days_ = std::move(days);
  if (costs.by_day_.empty()) return costs;
  LEDGER_CHECK(charged_rows(
      state, usage, records, charged, [](const InvoiceLine&) { return true; },
      [&](const FileRow& row) -> Result<void> {
        const auto day = costs.by_day_.find(row.date);
        if (day == costs.by_day_.end() || !runs_on_reservations(row)) return {};
        day->second.before[row.usage->position] = day->second.quantity;
        LEDGER_TRY(const Exact quantity, Exact::from(*row.quantity));
        LEDGER_TRY(day->second.quantity, add(day->second.quantity, quantity));
        return {};
      }));
  return costs;
}

Result<FileRow> AmortisedCosts::spread(FileRow row) {
  const bool is_bought = row.line != nullptr && row.usage == nullptr && row.line->reservation_id;
  row.effective_cost = is_bought ? Decimal(0) : row.cost;
  const auto found = by_day_.find(row.date);
  if (row.usage == nullptr || found == by_day_.end()) return row;
  const DayOfAll& day = found->second;
  const auto before = day.before.find(row.usage->position);
  if (before == day.before.end()) return row;
  LEDGER_TRY(const Exact own, Exact::from(*row.quantity));
  LEDGER_TRY(const Exact with, add(before->second, own));
  LEDGER_TRY(const Decimal whole, day.quantity.to_decimal());
  LEDGER_TRY(const Decimal from, before->second.to_decimal());
  LEDGER_TRY(const Decimal to, with.to_decimal());
  LEDGER_TRY(const Exact lower, part_of(day.cost, from, whole));
  LEDGER_TRY(const Exact upper, part_of(day.cost, to, whole));
  LEDGER_TRY(const Exact part, subtract(upper, lower));
  LEDGER_TRY(const Exact billed, Exact::from(row.cost));
  LEDGER_TRY(const Exact effective, add(billed, part));
  row.effective_cost = effective.to_display();
  if (day.is_one) row.reservation = day.only;
  return row;
}

Result<void> AmortisedCosts::unused(const StateReader& state, const FileVisitor& visit) const {
  for (const ReservationDay& each : days_) {
    if (each.covers && !by_day_.at(each.day).quantity.is_zero()) continue;
    FileRow row;
    row.charge_type = ChargeType::UnusedReservation;
    row.date = each.day;
    row.service = {each.day, each.day.plus_days(1)};
    row.subscription = state.subscription(each.reservation->subscription_id);
    row.cost = Decimal(0);
    row.effective_cost = each.cost.to_display();
    row.reservation = each.reservation;
    LEDGER_CHECK(visit(row));
  }
  return {};
}

}  // namespace daybook
