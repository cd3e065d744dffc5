#include "ledger/domain/answers/charges.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "ledger/domain/allocate.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/credits_due.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/support_terms.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What credit would cover of the charges of an unbilled period.
Result<std::int64_t> credit_of(const StateReader& state, const UsageSource& usage,
                               const ScopeRef& scope, const Period& period) {
  const CreditPool pool(state, scope);
  if (!pool.has_lots()) return 0;
  LEDGER_TRY(const PendingCredit pending,
             pending_credit(state, usage, scope, period.last_day(), pool));
  return pending.covered_minor;
}

/// The charge of a term of the support plan whose own subscription it is.
std::vector<DraftLine> term_charges(const StateReader& state, const Subscription& subscription,
                                    const Period& term) {
  const SupportPlan* plan = state.support_plan(*subscription.support_plan_id);
  if (plan == nullptr || !is_charged(state, *plan, term)) return {};
  return {support_charge(*plan, &subscription, term)};
}

/// Terms of the profile's support plans that start in the month; with the oldest month also those
/// that were posted after earlier ones were billed.
std::vector<DraftLine> support_charges(const StateReader& state, const Profile& profile,
                                       const Period& month, bool oldest) {
  std::vector<DraftLine> lines;
  const BillingMark* mark = state.billing_mark(ScopeRef(profile.profile_id), InvoiceType::Profile);
  for (const std::string& id : state.support_plans_of(profile.account_id)) {
    const SupportPlan* plan = state.find<SupportPlan>(id);
    if (plan == nullptr) continue;
    const Date from = support_begins(state, *plan);
    const bool was_posted_late = mark == nullptr || plan->posted_at > mark->position;
    for (int n = 0;; ++n) {
      const Period term = support_term(*plan, n);
      if (term.start >= month.end_exclusive || !is_billed(*plan, term)) break;
      if (term.start < from || support_profile(state, *plan, term) != profile.profile_id) continue;
      const bool was_missed = oldest && was_posted_late && term.start < month.start;
      if ((month.contains(term.start) || was_missed) && is_charged(state, *plan, term)) {
        lines.push_back(support_charge(*plan, state.subscription(plan->subscription_id), term));
      }
    }
  }
  return lines;
}

}  // namespace

Result<Charges> round_charges(std::vector<DraftLine> lines, Currency currency) {
  Charges charges;
  Exact sum;
  std::vector<Exact> values;
  for (const DraftLine& each : lines) {
    LEDGER_TRY(sum, add(sum, each.value));
    values.push_back(each.value);
  }
  const int digits = currency.minor_digits();
  LEDGER_TRY(const std::int64_t total, sum.to_minor(digits, kBilledOfDocument.mode(false)));
  LEDGER_TRY(const std::vector<std::int64_t> amounts, amounts_of_lines(total, values, digits));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    InvoiceLine& line = lines[i].line;
    line.line_id = std::to_string(i + 1);
    line.amount = {amounts[i], currency};
    line.credit = {0, currency};
    charges.lines.push_back(std::move(line));
  }
  charges.total = {std::max<std::int64_t>(total, 0), currency};
  return charges;
}

Result<Charges> unbilled_charges(const StateReader& state, const UsageSource& usage,
                                 const Account& account, const Subscription& subscription,
                                 const Period& period, Date today) {
  if (subscription.support_plan_id) {
    return round_charges(term_charges(state, subscription, period), account.currency);
  }
  const ScopeRef scope(subscription.subscription_id);
  const BillingMark* mark =
      state.billing_mark(scope, InvoiceType::AzureServices, subscription.place());
  const Date unbilled = mark != nullptr ? mark->through : subscription.first_day();
  BillRequest request;
  request.scope = scope;
  request.type = InvoiceType::AzureServices;
  request.subscriptions = {&subscription};
  request.currency = account.currency;
  request.period = period;
  request.rate_date = today;
  request.with_late = period.start <= unbilled;
  request.place = subscription.place();
  request.position = state.position();
  LEDGER_TRY(Bill bill, bill_usage(state, usage, request));
  LEDGER_TRY(Charges charges, round_charges(std::move(bill.lines), account.currency));
  charges.row_count = bill.rows_seen;
  charges.leaves_over = !bill.deferred.empty() || !bill.waiting.empty();
  LEDGER_TRY(charges.credit_minor, credit_of(state, usage, scope, period));
  return charges;
}

Result<Charges> closed_charges(const StateReader& state, const UsageSource& usage,
                               const Account& account, const Subscription& subscription,
                               const BilledPeriod& billed) {
  UsageBatch batch;
  Result<void> added;
  LEDGER_CHECK(usage.rows(subscription.subscription_id, billed.period.start,
                          billed.period.end_exclusive, billed.position, [&](const UsageRow& row) {
                            if (!added || is_marketplace(row.pricing_model, row.publisher_type)) {
                              return;
                            }
                            added = batch.add(0, row);
                          }));
  LEDGER_CHECK(added);
  batch.sort();
  RatingScope scope{state, {&subscription}, account.currency, billed.billed_on, billed.position};
  scope.billed_at = {billed.position};
  LEDGER_TRY(const RatedUsage rated, rate(scope, batch));
  std::vector<DraftLine> lines;
  for (const RatedLine& line : rated.lines) {
    lines.push_back(draft_line(line, scope, billed.period));
  }
  LEDGER_TRY(Charges charges, round_charges(std::move(lines), account.currency));
  charges.row_count = rated.rows_seen;
  charges.credit_minor = billed.credit_minor;
  return charges;
}

Result<Charges> unbilled_charges(const StateReader& state, const UsageSource& usage,
                                 const Profile& profile, const Period& month, Date today) {
  const bool oldest = month.start <= oldest_unbilled_month(state, profile).start;
  std::vector<DraftLine> others = support_charges(state, profile, month, oldest);
  // Of later months what earlier ones have not taken: by their own dates.
  const ScopeRef scope(profile.profile_id);
  LEDGER_TRY(ChargesOfDocument purchases,
             ChargesOfDocument::of(state, scope, {InvoiceType::Profile, profile.currency, today},
                                   month.end_exclusive, {}));
  if (!oldest) purchases.leave_out_before(month.start);
  OtherCharges beside{others, purchases.refunds()};
  for (DraftLine& line : purchases.purchases()) beside.lines.push_back(std::move(line));
  BillRequest request;
  request.scope = scope;
  request.type = InvoiceType::Profile;
  const PlacedSubscriptions placed = placed_in(state, profile.profile_id);
  request.subscriptions = placed.all();
  request.profile = &profile;
  request.currency = profile.currency;
  request.period = month;
  request.rate_date = today;
  request.with_late = oldest;
  request.position = state.position();
  LEDGER_TRY(Bill bill, bill_usage(state, usage, request, beside));
  DraftDocument draft;
  draft.lines = std::move(bill.lines);
  draft.lines.insert(draft.lines.end(), std::make_move_iterator(others.begin()),
                     std::make_move_iterator(others.end()));
  std::set<std::string> done;
  purchases.add_to(draft, done, bill.waiting);
  LEDGER_TRY(Charges charges, round_charges(std::move(draft.lines), profile.currency));
  charges.row_count = bill.rows_seen;
  charges.leaves_over = !bill.deferred.empty() || !bill.waiting.empty();
  return charges;
}

}  // namespace daybook
