#include "ledger/domain/rules/document_request.h"

#include <algorithm>

#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/left_overs.h"
#include "ledger/domain/rules/rebill.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

DocumentRequest::DocumentRequest(const StateReader& then, const InvoiceIssued& issued)
    : then_(then), issued_(issued) {
  request_.scope = ScopeRef(issued.scope_type, issued.scope_id.text());
  request_.type = issued.type;
  request_.currency = issued.currency;
  request_.period = issued.period;
  request_.rate_date = issued.issue_date;
  request_.position = rows_upto(issued);
  request_.with_rows = true;
  describe_scope();
  if (issued.previous_invoice_id) describe_rebill();
}

void DocumentRequest::describe_scope() {
  if (issued_.profile_id) {
    request_.profile = then_.profile(*issued_.profile_id);
    placed_ = placed_in(then_, *issued_.profile_id);
  } else if (issued_.enrollment_id) {
    request_.enrollment = then_.enrollment(*issued_.enrollment_id);
    placed_ = placed_in(then_, *issued_.enrollment_id);
    const Account* account = then_.account(issued_.account_id);
    request_.marketplace_apart =
        account != nullptr && bills_marketplace_apart(as_of_type(*account, issued_.account_type));
  } else if (issued_.subscription_id) {
    const Subscription* subscription = then_.subscription(*issued_.subscription_id);
    if (subscription == nullptr) return;
    if (!issued_.manifest.marks.empty()) request_.place = issued_.manifest.marks.front().place;
    subscription_ = subscription_at(*subscription, request_.place);
    placed_.add(subscription_);
    // A last document may hold more than one period, each rated by itself.
    if (issued_.type == InvoiceType::AzureServices)
      request_.parts = periods_within(subscription_, issued_.period);
  }
  request_.subscriptions = placed_.all();
}

void DocumentRequest::describe_rebill() {
  const InvoiceDocument* document = then_.invoice_document(*issued_.previous_invoice_id);
  if (document == nullptr) return;
  const InvoiceIssued& previous = document->issued;
  BillingMark before = billed_before(then_, previous, subscription_);
  // What was recorded since stands on it too where its rows reach as far as its prices.
  const bool with_news = request_.position == issued_.manifest.position;
  const BillingMark* mark = then_.billing_mark(request_.scope, request_.type, request_.place);
  if (before.position != 0 && with_news && mark != nullptr)
    before.deferred.insert(before.deferred.end(), mark->deferred.begin(), mark->deferred.end());
  std::sort(before.deferred.begin(), before.deferred.end());
  request_.before = std::move(before);
  request_.same_rows = !with_news;
  request_.without = previous.manifest.deferred_positions;
}

Result<Bill> DocumentRequest::bill(const UsageSource& usage, bool takes_older) const {
  BillRequest request = request_;
  request.with_late = takes_older;
  return bill_of(usage, request);
}

Result<Bill> DocumentRequest::bill_after_another(const UsageSource& usage) const {
  std::vector<Position> left_over = issued_.manifest.late_positions;
  const std::vector<Position>& still_left = issued_.manifest.deferred_positions;
  left_over.insert(left_over.end(), still_left.begin(), still_left.end());
  BillRequest request = request_;
  request.before = billed_by_run(request, std::move(left_over));
  return bill_of(usage, request);
}

Result<Bill> DocumentRequest::bill_of(const UsageSource& usage, const BillRequest& request) const {
  // The document of one charge says nothing about usage.
  if (issued_.manifest.marks.empty() || issued_.support_plan_id) return Bill();
  const bool only_late = issued_.corrected_invoice_id.has_value();
  LEDGER_TRY(Bill bill, bill_again(then_, usage, request, issued_.manifest, only_late));
  if (only_late) keep_corrections(bill);
  return bill;
}

void DocumentRequest::keep_corrections(Bill& bill) const {
  std::erase_if(bill.lines, [&](const DraftLine& draft) {
    const BilledPeriod* billed =
        then_.billed_period(request_.scope, request_.type, draft.line.period.start);
    return billed == nullptr || billed->invoice_id != issued_.corrected_invoice_id;
  });
}

const InvoiceIssued& first_told(const StateReader& state, const InvoiceIssued& issued) {
  const InvoiceIssued* told = &issued;
  while (told->previous_invoice_id) {
    const InvoiceDocument* previous = state.invoice_document(*told->previous_invoice_id);
    if (previous == nullptr || previous->issued.manifest != told->manifest) break;
    told = &previous->issued;
  }
  return *told;
}

}  // namespace daybook
