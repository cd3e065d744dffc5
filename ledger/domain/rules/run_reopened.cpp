#include <algorithm>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/rebill.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// A voided document whose charges wait for the next run of its scope.
struct Waiting {
  const Invoice* invoice = nullptr;
  Date run_date;
};

/// The first run of an enrollment on or after `from`.
Date next_run(const Policies& policies, const Enrollment& enrollment, Date from) {
  // A run comes half a month after its period: that of the period before may be still to come.
  Period period = enrollment_period(enrollment, from.plus_days(-31));
  while (enrollment_run(policies, period) < from)
    period = enrollment_period(enrollment, period.end_exclusive);
  return enrollment_run(policies, period);
}

/// The first run of the document's scope after the day on which it was voided.
Date next_run(const StateReader& state, const Account& account, const Invoice& invoice,
              Date since) {
  const Date from = since.plus_days(1);
  int day = state.policies().number("mosp.marketplaceDay");
  if (invoice.scope.type == ScopeType::Enrollment) {
    const Enrollment* enrollment = state.enrollment(EnrollmentId(invoice.scope.id));
    return enrollment != nullptr ? next_run(state.policies(), *enrollment, from) : from;
  }
  if (invoice.type == InvoiceType::Profile) {
    const Profile* profile = state.profile(ProfileId(invoice.scope.id));
    if (profile != nullptr) {
      const Date run = day_in_month(from, profile->invoice_day_in(from));
      return run >= from ? run : profile_run(*profile, month_of(from));
    }
  } else if (invoice.type != InvoiceType::AzureMarketplace) {
    return first_run_on_or_after(account.created_on, from);
  }
  const Date run = day_in_month(from, day);
  return run >= from ? run : run_of_month(month_of(from), day);
}

bool is_wanted(const ScopeRef& scope, InvoiceType type, WorkKinds kinds) {
  if (scope.type == ScopeType::Enrollment) return kinds.enrollments;
  switch (type) {
    case InvoiceType::AzureServices:
      return kinds.services;
    case InvoiceType::AzureMarketplace:
      return kinds.marketplace;
    case InvoiceType::AzureSupport:
      return kinds.support;
    case InvoiceType::Profile:
      return kinds.profiles;
    default:
      return false;
  }
}

std::vector<Waiting> waiting(const StateReader& state, const Account& account, WorkKinds kinds) {
  std::vector<Waiting> result;
  const auto look_at = [&](const ScopeRef& scope, InvoiceType type, std::int32_t place) {
    const BillingMark* mark =
        is_wanted(scope, type, kinds) ? state.billing_mark(scope, type, place) : nullptr;
    if (mark == nullptr) return;
    for (const ReopenedDocument& reopened : mark->reopened) {
      const Invoice* invoice = state.invoice(reopened.invoice_id);
      if (invoice != nullptr)
        result.push_back({invoice, next_run(state, account, *invoice, reopened.since)});
    }
  };
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    const ScopeRef scope(subscription->subscription_id);
    look_at(scope, InvoiceType::AzureServices, subscription->place());
    look_at(scope, InvoiceType::AzureMarketplace, subscription->place());
  }
  for (const std::string& id : state.support_plans_of(account.account_id))
    look_at({ScopeType::SupportPlan, id}, InvoiceType::AzureSupport, 0);
  for (const std::string& id : state.profiles_of(account.account_id))
    look_at({ScopeType::Profile, id}, InvoiceType::Profile, 0);
  for (const std::string& id : state.enrollments_of(account.account_id)) {
    look_at({ScopeType::Enrollment, id}, InvoiceType::EnrollmentOverage, 0);
    look_at({ScopeType::Enrollment, id}, InvoiceType::AzureMarketplace, 0);
  }
  return result;
}

/// What notes took back of the void one is taken back of the one in its place.
Result<void> carry_corrections(Planner& planner, const Invoice& invoice, const Document& made) {
  LEDGER_TRY(CarriedCorrections carried, carried_corrections(planner.state(), invoice, made));
  for (EventData& event : carried.credit) {
    const auto& applied = event.get<CreditApplied>();
    planner.credit(invoice.scope).put_back(applied.lot_id, -applied.amount.minor_units);
    planner.add(std::move(event));
  }
  LEDGER_TRY(const NetAndGross refunded, carried_refunds(planner.state(), invoice, made.issued));
  if (carried.amount_minor <= 0 && refunded.net_minor <= 0) return {};
  Invoice rebill;  // as it will stand: no reader knows it yet
  apply(rebill, made.issued, {});
  const Date day = made.issued.issue_date;
  std::int64_t room = made.issued.totals.sub_total.minor_units;
  if (carried.amount_minor > 0) {
    LEDGER_TRY(CreditNoteIssued note,
               credit_note_over(planner.state(), rebill, made.issued, carried.amount_minor,
                                "Corrections of the usage of " + invoice.invoice_id.text(), day));
    note.corrections = std::move(carried.corrections);
    for (InvoiceCorrection& correction : note.corrections) correction.manifest.marks.clear();
    room -= note.totals.sub_total.minor_units;
    apply(rebill, note, {});
    planner.add(std::move(note));
  }
  const Borne by = borne(refunded, {room, rebill.total_minor - rebill.credited_minor});
  if (by.beyond_minor > 0) {
    planner.add(lot_beyond(planner.state(), invoice.scope, rebill.invoice_id, {by.beyond_minor, rebill.currency}, day));
  }
  if (by.note_minor > 0) {
    LEDGER_TRY(CreditNoteIssued note,
               credit_note_over(planner.state(), rebill, made.issued, by.note_minor,
                                given_back_reason(invoice.invoice_id), day));
    apply(rebill, note, {});
    planner.add(std::move(note));
  }
  if (rebill.credited_minor == rebill.total_minor) planner.add(InvoicePaid{rebill.invoice_id, day});
  return {};
}

}  // namespace

void reopened_dates(const StateReader& state, const Account& account, WorkKinds kinds,
                    WorkDates& dates) {
  for (const Waiting& each : waiting(state, account, kinds)) dates.add(each.run_date);
}

std::optional<Date> next_reopened_run(const StateReader& state, const Account& account,
                                      const BillingMark& mark) {
  std::optional<Date> earliest;
  for (const ReopenedDocument& reopened : mark.reopened) {
    const Invoice* invoice = state.invoice(reopened.invoice_id);
    if (invoice == nullptr) continue;
    const Date run = next_run(state, account, *invoice, reopened.since);
    if (!earliest || run < *earliest) earliest = run;
  }
  return earliest;
}

Result<void> plan_reopened(Planner& planner, const UsageSource& usage, const Account& account,
                           WorkKinds kinds) {
  const StateReader& state = planner.state();
  for (const Waiting& each : waiting(state, account, kinds)) {
    if (each.run_date > planner.date()) continue;
    const Invoice& invoice = *each.invoice;
    planner.mark(invoice.scope, invoice.type, place_of(state, invoice));
    planner.rely_on(StreamType::Invoice, invoice.invoice_id.text());
    planner.credit(invoice.scope).release(invoice.invoice_id);
    LEDGER_TRY(Rebilled rebilled,
               rebill(state, usage, invoice, each.run_date, planner.issue_date(each.run_date),
                      false, planner.credit(invoice.scope)));
    planner.rely_on(rebilled.relied_on);
    if (rebilled.document) {
      planner.issue(*rebilled.document);
      planner.add(InvoiceRebilled{invoice.invoice_id, rebilled.document->issued.invoice_id,
                                  RebillReason::Correction, {}});
      LEDGER_CHECK(carry_corrections(planner, invoice, *rebilled.document));
    }
    for (EventData& event : rebilled.closing) planner.add(std::move(event));
    if (rebilled.document) continue;
    LEDGER_TRY(const std::vector<EventData> beyond,
               refunds_without_invoice(state, invoice, planner.issue_date(each.run_date)));
    for (const EventData& event : beyond) planner.add(event);
  }
  return {};
}

}  // namespace daybook
