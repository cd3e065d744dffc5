#include "ledger/domain/rules/planner.h"

#include <algorithm>

#include "ledger/domain/facts/scope.h"
#include "ledger/domain/rules/mail.h"

namespace daybook {

Planner::Planner(const StateReader& state, Work work, Date today) : state_(state), today_(today) {
  plan_.work = std::move(work);
  plan_.position = state.position();
  rely_on(StreamType::BillingAccount, plan_.work.account_id.text());
  rely_on(StreamType::Policy, "policy");  // a change holds from its own position on
}

Date Planner::issue_date(Date run_date) const {
  return today_ <= run_date.plus_days(state_.policies().number("invoice.lateAfterDays")) ? run_date : today_;
}

void Planner::issue(const Document& document) {
  const InvoiceIssued& issued = document.issued;
  for (EventData& event : document.events()) add(std::move(event));
  const ScopeRef scope = issued.support_plan_id
                             ? ScopeRef(*issued.support_plan_id)
                             : ScopeRef(issued.scope_type, issued.scope_id.text());
  std::vector<EventData> mails =
      invoice_mails(state_, {issued.invoice_id, issued.type, issued.account_id, scope});
  const bool is_unsent = issued.enrollment_id && mails.empty();
  for (EventData& mail : mails) add(std::move(mail));
  rely_on(StreamType::Invoice, issued.invoice_id.text());
  rely_on(StreamType::EmailPreference, scope_stream_id(scope.type, ScopeId(scope.id)));
  rely_on(StreamType::AccessPolicy, scope_stream_id(scope.type, ScopeId(scope.id)));
  for (const TaxLine& tax : issued.taxes) rely_on(StreamType::TaxRate, tax.country);
  if (issued.taxes.empty()) {
    const Account* account = state_.account(issued.account_id);
    if (account != nullptr)
      rely_on(StreamType::TaxRate, tax_in_force(state_, *account, issued.issue_date).country);
  }
  if (is_unsent) {
    plan_.alarms.push_back(
        {"NO_INVOICE_RECIPIENT", issued.account_id, scope.type, scope.id, issued.invoice_id});
  }
  if (issued.issue_date > issued.run_date) {
    plan_.alarms.push_back(
        {"INVOICE_LATE", issued.account_id, scope.type, scope.id, issued.invoice_id});
  }
}

CreditPool& Planner::credit(const ScopeRef& scope) {
  rely_on(StreamType::CreditAccount, scope_stream_id(scope.type, ScopeId(scope.id)));
  const auto known = credit_.find(scope);
  return known != credit_.end() ? known->second
                                : credit_.emplace(scope, CreditPool(state_, scope)).first->second;
}

const BillingMark* Planner::mark(const ScopeRef& scope, InvoiceType type, std::int32_t place) {
  const BillingMark* mark = state_.billing_mark(scope, type, place);
  marks_.insert(mark != nullptr ? MarkSeen{scope, type, mark->through, mark->position, place}
                                : MarkSeen{scope, type, {}, 0, place});
  return mark;
}

Plan Planner::finish() {
  plan_.relied_on.assign(relied_on_.begin(), relied_on_.end());
  plan_.marks.assign(marks_.begin(), marks_.end());
  return std::move(plan_);
}

bool marks_unchanged(const StateReader& state, const Plan& plan) {
  return std::all_of(plan.marks.begin(), plan.marks.end(), [&](const MarkSeen& seen) {
    const BillingMark* mark = state.billing_mark(seen.scope, seen.type, seen.place);
    if (mark == nullptr) return seen.position == 0 && seen.through == Date();
    return mark->through == seen.through && mark->position == seen.position;
  });
}

std::vector<BilledRow> rows_of(const std::vector<DraftLine>& lines) {
  std::vector<BilledRow> rows;
  for (const DraftLine& each : lines)
    rows.insert(rows.end(), each.billed.begin(), each.billed.end());
  return rows;
}

Manifest manifest_of(const Bill& bill, Position position) {
  Manifest manifest;
  manifest.position = position;
  std::vector<BilledRow> rows = rows_of(bill.lines);
  manifest.row_count = static_cast<std::int64_t>(rows.size());
  manifest.rows_root = rows_root(std::move(rows));
  manifest.price_positions.assign(bill.prices.begin(), bill.prices.end());
  manifest.rate_positions.assign(bill.exchange_rates.begin(), bill.exchange_rates.end());
  manifest.late_positions = bill.late;
  manifest.deferred_positions = bill.deferred;
  return manifest;
}

}  // namespace daybook
