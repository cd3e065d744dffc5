#include "ledger/domain/answers/alarms_answer.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

namespace {

/// What was paid ahead for a year of the enrollment.
std::int64_t commitment_of(const StateReader& state, const ScopeRef& scope, Period year) {
  std::int64_t sum = 0;
  for (const CreditLot& lot : credit_lots(state, scope)) {
    if (lot.source == CreditSource::Prepayment && lot.overlaps(year)) sum += lot.original.minor_units;
  }
  return sum;
}

/// What usage dated from the start of the year through a day comes to against the commitment.
Result<std::int64_t> used_through(const StateReader& state, const UsageSource& usage,
                                  const Enrollment& enrollment, const Account& account,
                                  Period days) {
  const PlacedSubscriptions placed = placed_in(state, enrollment.enrollment_id);
  BillRequest request;
  request.scope = ScopeRef(enrollment.enrollment_id);
  request.type = InvoiceType::EnrollmentOverage;
  request.subscriptions = placed.all();
  request.currency = account.currency;
  request.period = days;
  request.rate_date = days.last_day();
  request.with_late = false;
  request.position = state.position();
  request.enrollment = &enrollment;
  request.marketplace_apart = bills_marketplace_apart(account);
  LEDGER_TRY(const Bill bill, bill_usage(state, usage, request));
  Exact sum;
  for (const DraftLine& draft : bill.lines) {
    if (!is_credit_eligible(draft.line)) continue;
    LEDGER_TRY(sum, add(sum, draft.value));
  }
  return sum.to_minor(account.currency.minor_digits(), kBilledOfDocument.mode(true));
}

/// The first day whose usage takes a year's beyond 150 per cent of its commitment; nothing: none
/// through `today`.
Result<std::optional<Date>> commitment_exceeded(const StateReader& state, const UsageSource& usage,
                                                const Enrollment& enrollment, Date today) {
  const Account* account = state.account(enrollment.account_id);
  if (account == nullptr || today < enrollment.start_date) return std::optional<Date>();
  if (enrollment.cycle_on(today) != BillingCycle::Annual) return std::optional<Date>();
  const Period year = enrollment_period(enrollment, today);
  const std::int64_t commitment =
      commitment_of(state, ScopeRef(enrollment.enrollment_id), year);
  if (commitment <= 0) return std::optional<Date>();
  const auto is_beyond = [&](Date through) -> Result<bool> {
    LEDGER_TRY(const std::int64_t used,
               used_through(state, usage, enrollment, *account, {year.start, through.plus_days(1)}));
    return used - commitment > commitment / 2;
  };
  LEDGER_TRY(const bool is_now, is_beyond(today));
  if (!is_now) return std::optional<Date>();
  Date first = year.start;
  Date last = today;
  while (first < last) {
    const Date middle = first.plus_days(days_between(first, last) / 2);
    LEDGER_TRY(const bool is_then, is_beyond(middle));
    if (is_then) {
      last = middle;
    } else {
      first = middle.plus_days(1);
    }
  }
  return std::optional(first);
}

}  // namespace

Result<AlarmListView> alarms_answer(const StateReader& state, const UsageSource& usage, Date today,
                                    const std::optional<InvoiceId>& invoice) {
  if (invoice && state.invoice(*invoice) == nullptr) return nothing_here();
  AlarmListView view;
  const Policies& policies = state.policies();
  for (const std::string& account : state.accounts()) {
    for (const std::string& id : state.open_invoices_of(AccountId(account))) {
      const Invoice* open = state.find<Invoice>(id);
      if (open == nullptr || (invoice && open->invoice_id != *invoice)) continue;
      if (open->was_late) {
        view.items.push_back({"INVOICE_LATE", open->issue_date, open->account_id, open->scope.type, open->scope.id,
                              open->invoice_id});
      }
      const auto since = unreported_since(policies, *open);
      if (!since || *since > today) continue;
      view.items.push_back({"PAYMENT_NOT_REPORTED", *since, open->account_id, open->scope.type,
                            open->scope.id, open->invoice_id});
    }
  }
  for (const std::string& account : state.accounts()) {
    for (const std::string& id : state.enrollments_of(AccountId(account))) {
      const Enrollment* enrollment = state.find<Enrollment>(id);
      if (enrollment == nullptr) continue;
      if (!invoice) {
        LEDGER_TRY(const std::optional<Date> since,
                   commitment_exceeded(state, usage, *enrollment, today));
        if (since) {
          view.items.push_back({"COMMITMENT_EXCEEDED", *since, enrollment->account_id,
                                ScopeType::Enrollment, enrollment->enrollment_id.text(),
                                std::nullopt});
        }
      }
      for (const InvoiceId& unsent : enrollment->unsent) {
        const Invoice* issued = state.invoice(unsent);
        if (issued == nullptr || issued->status == InvoiceStatus::Void || (invoice && unsent != *invoice))
          continue;
        view.items.push_back({"NO_INVOICE_RECIPIENT", issued->issue_date, issued->account_id,
                              issued->scope.type, issued->scope.id, unsent});
      }
    }
  }
  std::sort(view.items.begin(), view.items.end(),
            [](const AlarmView& left, const AlarmView& right) {
              return std::tie(left.since, left.invoice_id) <
                     std::tie(right.since, right.invoice_id);
            });
  return view;
}

}  // namespace daybook
