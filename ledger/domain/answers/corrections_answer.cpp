#include "ledger/domain/answers/corrections_answer.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/allocate.h"
#include "ledger/domain/answers/rebill_preview.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/plan.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What the notes of an account would be.
struct Planned {
  std::map<std::string, Money> credited;  ///< by the invoice: with tax
  std::map<std::string, Money> invoiced;
};

Result<Planned> plan_notes(const StateReader& state, const UsageSource& usage,
                           const Account& account, Date today) {
  LEDGER_TRY(const Plan planned, plan(state, usage, {today, account.account_id}, today,
                                      WorkKinds::only_corrections()));
  Planned result;
  for (const EventData& event : planned.events) {
    if (const auto* note = event.get_if<CreditNoteIssued>())
      result.credited.emplace(note->credit_for_invoice_id.text(), note->amount);
    const auto* issued = event.get_if<InvoiceIssued>();
    if (issued != nullptr && issued->corrected_invoice_id)
      result.invoiced.emplace(issued->corrected_invoice_id->text(), issued->totals.total);
  }
  return result;
}

/// The corrections of one scope, invoice by invoice.
class ScopeCorrections {
 public:
  ScopeCorrections(const StateReader& state, const UsageSource& usage, const BillingScope& scope,
                   const Planned& planned)
      : state_(state), usage_(usage), scope_(scope), planned_(planned) {}

  Result<void> tell(Date today, std::vector<CorrectedInvoiceView>& items) {
    LEDGER_TRY(Bill bill, late_bill(state_, usage_, scope_, today));
    std::map<std::string, std::vector<DraftLine>> by_invoice;
    for (DraftLine& line : bill.lines) {
      if (line.rows.empty() || (line.value.is_zero() && line.billed.empty())) continue;
      const Invoice* invoice = corrected_invoice(state_, scope_.scope, scope_.type, line);
      by_invoice[invoice != nullptr ? invoice->invoice_id.text() : ""].push_back(std::move(line));
    }
    for (auto& [id, lines] : by_invoice) {
      LEDGER_TRY(CorrectedInvoiceView view, invoice_of(id, std::move(lines)));
      items.push_back(std::move(view));
    }
    return {};
  }

 private:
  Result<CorrectedInvoiceView> invoice_of(const std::string& id, std::vector<DraftLine> lines) {
    CorrectedInvoiceView view;
    view.account_id = scope_.biller->account_id;
    view.scope_type = scope_.scope.type;
    view.scope_id = scope_.scope.id;
    view.type = scope_.type;
    Exact sum;
    std::vector<Exact> values;
    for (const DraftLine& line : lines) {
      LEDGER_TRY(sum, add(sum, line.value));
      values.push_back(line.value);
    }
    const int digits = scope_.currency.minor_digits();
    LEDGER_TRY(const std::int64_t minor,
               sum.to_minor(digits, kBilledOfDocument.mode(scope_.enrollment != nullptr)));
    LEDGER_TRY(const std::vector<std::int64_t> amounts, amounts_of_lines(minor, values, digits));
    view.charges = {minor, scope_.currency};
    for (std::size_t i = 0; i < lines.size(); ++i) {
      LEDGER_TRY(CorrectedLineView line, line_of(lines[i], lines));
      line.amount = {amounts[i], scope_.currency};
      view.lines.push_back(std::move(line));
    }
    if (!id.empty()) LEDGER_CHECK(tell_outcome(InvoiceId(id), view));
    return view;
  }

  Result<void> tell_outcome(const InvoiceId& id, CorrectedInvoiceView& view) const {
    view.invoice_id = id;
    if (const auto note = planned_.credited.find(id.text()); note != planned_.credited.end()) {
      view.becomes = CorrectionOutcome::CreditNote;
      LEDGER_TRY(view.total, negate(note->second));
    } else if (const auto more = planned_.invoiced.find(id.text()); more != planned_.invoiced.end()) {
      view.becomes = CorrectionOutcome::Invoice;
      view.total = more->second;
    } else if (view.charges.minor_units < 0 && state_.invoice(id)->status == InvoiceStatus::Locked) {
      view.becomes = CorrectionOutcome::Unlocking;
    }
    return {};
  }

  Result<CorrectedLineView> line_of(const DraftLine& draft, const std::vector<DraftLine>& all) const {
    CorrectedLineView view;
    view.charge_type = draft.line.charge_type;
    view.subscription_id = draft.line.subscription_id;
    view.meter_id = draft.line.meter_id;
    view.description = draft.line.description;
    view.region = draft.line.region;
    view.unit = draft.line.unit;
    view.period = draft.line.period;
    view.row_count = draft.line.row_count;
    view.value = draft.line.value;
    LEDGER_TRY(const Exact now, quantity_of(draft.line));
    Exact then = now;
    for (const DraftLine& each : all) {
      if (!is_same_usage(each.line, draft.line)) continue;
      LEDGER_TRY(const Exact more, Exact::from(each.line.consumed.value_or(Decimal(0))));
      LEDGER_TRY(then, subtract(then, more));
    }
    view.quantity_then = then.to_display();
    view.quantity_now = now.to_display();
    return view;
  }

  /// What stands in the ledger of the line's meter, region and period.
  Result<Exact> quantity_of(const InvoiceLine& line) const {
    Exact sum;
    for (const Subscription* subscription : scope_.subscriptions) {
      if (subscription->subscription_id != line.subscription_id) continue;
      const PeriodOwner owner{scope_.type, scope_.profile, scope_.enrollment};
      const Date from = subscription->first_day() >= line.period.start ? kFirstDate : line.period.start;
      Result<void> added;
      LEDGER_CHECK(usage_.cells(
          subscription->subscription_id, from, line.period.end_exclusive, state_.position(),
          [&](const UsageCell& cell) {
            if (!added || !is_like(cell, line) || !subscription->is_placed_on(cell.usage_date)) return;
            if (usage_period(owner, *subscription, cell.usage_date).start != line.period.start) return;
            added = add(sum, cell.quantity).map([&](const Exact& more) { sum = more; });
          }));
      LEDGER_CHECK(added);
    }
    return sum;
  }

  static bool is_same_usage(const InvoiceLine& left, const InvoiceLine& right) {
    return left.subscription_id == right.subscription_id && left.meter_id == right.meter_id &&
           left.region == right.region && left.pricing_model == right.pricing_model &&
           left.publisher_type == right.publisher_type && left.period == right.period;
  }

  static bool is_like(const UsageCell& cell, const InvoiceLine& line) {
    return line.meter_id && cell.meter_id == line.meter_id->text() &&
           cell.region == line.region.value_or("") && cell.pricing_model == line.pricing_model &&
           cell.publisher_type == line.publisher_type;
  }

  const StateReader& state_;
  const UsageSource& usage_;
  const BillingScope& scope_;
  const Planned& planned_;
};

Result<void> sum_up(CorrectionsView& view) {
  std::map<Currency, CorrectionTotalsView> totals;
  const auto of = [&](Currency currency) -> CorrectionTotalsView& {
    const Money zero{0, currency};
    return totals.try_emplace(currency, CorrectionTotalsView{currency, 0, zero, zero}).first->second;
  };
  for (const CorrectedInvoiceView& item : view.items) {
    CorrectionTotalsView& total = of(item.charges.currency);
    total.invoices += item.invoice_id ? 1 : 0;
    LEDGER_TRY(total.charges, add(total.charges, item.charges));
  }
  for (const RebillPreviewView& rebill : view.rebills) {
    CorrectionTotalsView& total = of(rebill.total.currency);
    if (!rebill.difference) continue;
    LEDGER_TRY(total.rebilled, add(total.rebilled, *rebill.difference));
  }
  for (auto& [currency, total] : totals) view.totals.push_back(std::move(total));
  return {};
}

}  // namespace

Result<CorrectionsView> corrections_answer(const StateReader& state, const UsageSource& usage,
                                           const std::optional<AccountId>& account,
                                           bool with_rebills, Instant now,
                                           const AccountProgress& progress) {
  if (account && state.account(*account) == nullptr) return nothing_here();
  CorrectionsView view;
  view.position = static_cast<std::int64_t>(state.position());
  view.on = now.date();
  const std::vector<std::string> accounts =
      account ? std::vector<std::string>{account->text()} : state.accounts();
  std::size_t looked_at = 0;
  for (const std::string& id : accounts) {
    if (progress) progress(looked_at++, accounts.size());
    const Account* of = state.find<Account>(id);
    if (of == nullptr) continue;
    LEDGER_TRY(const Planned planned, plan_notes(state, usage, *of, now.date()));
    LEDGER_CHECK(each_billing_scope(state, *of, [&](const BillingScope& scope) {
      return ScopeCorrections(state, usage, scope, planned).tell(now.date(), view.items);
    }));
    if (!with_rebills) continue;
    LEDGER_TRY(std::vector<RebillPreviewView> rebills, rebill_previews(state, usage, *of, now));
    for (RebillPreviewView& rebill : rebills) view.rebills.push_back(std::move(rebill));
  }
  if (progress) progress(accounts.size(), accounts.size());
  LEDGER_CHECK(sum_up(view));
  return view;
}

}  // namespace daybook
