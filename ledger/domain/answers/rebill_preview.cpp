#include "ledger/domain/answers/rebill_preview.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/rules/billing_scope.h"
#include "ledger/domain/rules/rebill.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Positions of prices of the invoice's meters that it did not know and that hold in its periods.
std::vector<std::int64_t> later_prices(const StateReader& state, const InvoiceIssued& issued) {
  const InvoiceLines* lines = state.invoice_lines(issued.invoice_id);
  if (lines == nullptr) return {};
  std::set<std::string> meters;
  std::set<std::int64_t> positions;
  for (const InvoiceLine& line : lines->lines) {
    if (!line.meter_id || !meters.insert(line.meter_id->text()).second) continue;
    const MeterPrices* prices = state.prices(line.meter_id->text());
    if (prices == nullptr) continue;
    for (const PriceVersion& version : prices->versions) {
      if (version.replaced_by || version.position <= issued.manifest.position) continue;
      if (version.effective_on < issued.period.end_exclusive)
        positions.insert(static_cast<std::int64_t>(version.position));
    }
  }
  return {positions.begin(), positions.end()};
}

Result<RebillPreviewView> preview(const StateReader& state, const UsageSource& usage,
                           const Invoice& invoice, Instant now) {
  RebillPreviewView view;
  view.account_id = invoice.account_id;
  view.invoice_id = invoice.invoice_id;
  view.total = {invoice.total_minor, invoice.currency};
  DecisionContext context;
  context.now = now;
  context.viewer = Viewer::operating();
  context.seed = "preview";
  const Result<Plan> planned =
      plan_rebill(state, usage, {invoice.invoice_id, "preview", true}, context);
  if (!planned) {
    if (planned.error().kind == ErrorKind::Corruption) return tl::unexpected(planned.error());
    view.refusal = std::string(planned.error().code) + ": " + planned.error().detail;
    return view;
  }
  Money rebilled{0, invoice.currency};
  for (const EventData& event : planned->events) {
    const auto* issued = event.get_if<InvoiceIssued>();
    if (issued == nullptr) continue;
    LEDGER_TRY(rebilled, add(rebilled, issued->totals.total));
  }
  view.rebilled_total = rebilled;
  LEDGER_TRY(view.difference, subtract(rebilled, view.total));
  return view;
}

}  // namespace

Result<std::vector<RebillPreviewView>> rebill_previews(const StateReader& state, const UsageSource& usage,
                                                const Account& account, Instant now) {
  std::vector<RebillPreviewView> result;
  LEDGER_CHECK(each_billing_scope(state, account, [&](const BillingScope& scope) -> Result<void> {
    for (const ScopeDocument& document :
         documents_of(state, scope, kFirstDate, now.date().plus_days(1))) {
      const BilledPeriod* billed =
          state.billed_period(scope.scope, scope.type, document.period.start);
      if (billed == nullptr || !billed->invoice_id) continue;
      const Invoice* invoice = state.invoice(*billed->invoice_id);
      const InvoiceDocument* issued = state.invoice_document(*billed->invoice_id);
      if (invoice == nullptr || issued == nullptr || invoice->status == InvoiceStatus::Void)
        continue;
      std::vector<std::int64_t> prices = later_prices(state, issued->issued);
      if (prices.empty()) continue;
      LEDGER_TRY(RebillPreviewView view, preview(state, usage, *invoice, now));
      view.prices = std::move(prices);
      result.push_back(std::move(view));
    }
    return {};
  }));
  return result;
}

}  // namespace daybook
