#include "ledger/domain/rules/close_period.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "ledger/domain/allocate.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

using TotalsOfSubscriptions = std::map<std::string, InvoiceTotals>;

InvoiceTotals nothing(Currency currency) {
  const Money zero{0, currency};
  return {zero, zero, zero, zero, zero, zero, zero, zero};
}

bool stood_in(const Subscription& subscription, Period period) {
  return subscription.first_day() < period.end_exclusive &&
         (!subscription.placed_until || *subscription.placed_until > period.start);
}

TotalsOfSubscriptions totals_of(const PlacedSubscriptions& subscriptions, const Document& made, Period period) {
  const Currency currency = made.issued.currency;
  TotalsOfSubscriptions totals;
  for (const Subscription* subscription : subscriptions) {
    if (!stood_in(*subscription, period)) continue;
    totals.try_emplace(subscription->subscription_id.text(), nothing(currency));
  }
  for (const InvoiceLine& line : made.lines) {
    if (!line.subscription_id && totals.empty()) continue;
    InvoiceTotals& sum =
        totals
            .try_emplace(line.subscription_id ? line.subscription_id->text() : totals.begin()->first, nothing(currency))
            .first->second;
    sum.billed.minor_units += line.amount.minor_units;
    sum.credit_applied.minor_units += line.credit.minor_units;
    sum.sub_total.minor_units += line.amount.minor_units - line.credit.minor_units;
    sum.total = sum.sub_total;
  }
  return totals;
}

/// Which part of the credit of each subscription was prepayment.
Result<void> split_credit(const InvoiceTotals& of_period, TotalsOfSubscriptions& totals) {
  std::vector<std::int64_t> credits;
  for (const auto& [id, sum] : totals) credits.push_back(sum.credit_applied.minor_units);
  LEDGER_TRY(const std::vector<std::int64_t> prepaid,
             allocate(of_period.azure_prepayment_applied.minor_units, credits));
  std::size_t i = 0;
  for (auto& [id, sum] : totals) {
    sum.azure_prepayment_applied.minor_units = prepaid[i++];
    sum.free_azure_credit_applied.minor_units =
        sum.credit_applied.minor_units - sum.azure_prepayment_applied.minor_units;
  }
  return {};
}

}  // namespace

bool holds_any(const PlacedSubscriptions& placed, Period period) {
  return std::any_of(placed.begin(), placed.end(),
                     [&](const Subscription* each) { return stood_in(*each, period); });
}

Result<void> close_without_document(Planner& planner, const PlacedSubscriptions& subscriptions, const Document& made,
                                    const UnbilledPeriod& unbilled) {
  TotalsOfSubscriptions totals = totals_of(subscriptions, made, unbilled.period);
  if (totals.empty()) return {};
  for (EventData& event : made.credit_events(false)) planner.add(std::move(event));
  LEDGER_CHECK(split_credit(made.issued.totals, totals));
  NoInvoiceReason reason = NoInvoiceReason::NothingOwed;
  if (unbilled.rows_seen == 0) reason = NoInvoiceReason::NoUsage;
  if (made.issued.totals.credit_applied.minor_units > 0) reason = NoInvoiceReason::WithinCredit;
  std::vector<std::string> charges = made.charges;
  for (const auto& [id, sum] : totals) {
    planner.add(PeriodClosedWithoutInvoice{SubscriptionId(id), unbilled.period, unbilled.closed_on, reason, sum,
                                           unbilled.type, planner.position(), unbilled.deferred,
                                           unbilled.enrollment_id, 0, std::exchange(charges, {}),
                                           unbilled.profile_id});
  }
  return {};
}

}  // namespace daybook
