#include "ledger/domain/rules/refunded_purchases.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/refunded_invoice.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The refunds that one document gets, in order.
struct OnInvoice {
  const Invoice* invoice = nullptr;
  Document made;
  std::vector<std::string> names;
  bool is_held = false;  ///< what is paid beyond it is kept for further reservations (R-73)
  SubscriptionId subscription;
};

const Invoice* invoice_of(const StateReader& state, const OpenCharge& refund, const Purchase*& bought) {
  const auto& id = refund.draft.line.charge_id;
  const auto* purchase = id ? state.find<Purchase>(id->text()) : nullptr;
  if (purchase == nullptr || !purchase->refund_of) return nullptr;
  bought = state.find<Purchase>(purchase->refund_of->text());
  const Invoice* invoice = bought != nullptr && bought->invoice_id ? state.invoice(*bought->invoice_id) : nullptr;
  const bool is_there = invoice != nullptr && invoice->scope.type == ScopeType::Subscription &&
                        invoice->status != InvoiceStatus::Void && invoice->status != InvoiceStatus::Locked;
  return is_there ? invoice : nullptr;
}

/// Money of a wire that was paid for a reservation is kept, where credit pays there (decision 0076).
bool is_held(const StateReader& state, const Invoice& invoice, const Purchase& bought, Date day) {
  if (bought.kind != PurchaseKind::Reservation || invoice.pays_by_card || !bought.subscription_id) return false;
  return document_currency(state, ScopeRef(*bought.subscription_id), day) == invoice.currency;
}

/// Adds the refund to what takes the invoice's place, as far as that can bear it.
Result<void> take(const StateReader& state, const OpenCharge& refund, const Invoice& invoice, const Purchase& bought, Date day,
                  std::map<std::string, OnInvoice>& documents) {
  const InvoiceLine* charge = line_of(state, invoice, bought.charge_id);
  if (charge == nullptr) return {};
  LEDGER_TRY(const Money amount, on_document(*charge, {-refund.amount.minor_units, refund.amount.currency}, false));
  const auto [entry, is_new] = documents.try_emplace(invoice.invoice_id.text());
  OnInvoice& there = entry->second;
  if (is_new) {
    there.invoice = &invoice;
    there.made = same_document(state, invoice, day);
    there.is_held = is_held(state, invoice, bought, day);
    there.subscription = SubscriptionId(invoice.scope.id);
  }
  const InvoiceTotals& totals = there.made.issued.totals;
  const bool has_room = amount.minor_units <= totals.sub_total.minor_units + totals.credit_applied.minor_units;
  // What is held and what is paid back are told apart by their documents: the other waits for another run.
  if (!has_room || there.is_held != is_held(state, invoice, bought, day)) return {};
  InvoiceLine line = refund.draft.line;
  line.pricing_currency = charge->pricing_currency;
  line.exchange_rate = charge->exchange_rate;
  LEDGER_CHECK(add_refund(there.made, std::move(line), amount));
  there.made.issued.manifest.charge_positions.push_back(refund.position);
  there.names.push_back(bought.charge_id.text());
  return {};
}

std::string reason_of(const std::vector<std::string>& names) {
  std::string reason = "purchase";
  for (const std::string& name : names) reason += (&name == &names.front() ? " " : ", ") + name;
  return reason + " given back";
}

}  // namespace

Result<PurchasesGivenBack> give_back_purchases(const StateReader& state, const std::vector<OpenCharge>& refunds, Date day) {
  std::map<std::string, OnInvoice> documents;
  for (const OpenCharge& refund : refunds) {
    const Purchase* bought = nullptr;
    const Invoice* invoice = refund.is_refund ? invoice_of(state, refund, bought) : nullptr;
    if (invoice != nullptr) LEDGER_CHECK(take(state, refund, *invoice, *bought, day, documents));
  }
  PurchasesGivenBack result;
  for (auto& [id, there] : documents) {
    if (there.names.empty()) continue;
    std::int64_t held = 0;
    const std::string reason = reason_of(there.names);
    LEDGER_TRY(std::vector<EventData> events,
               replace_invoice(state, *there.invoice, std::move(there.made), RebillReason::Refund, day, reason,
                               there.invoice->credited_minor, there.is_held ? &held : nullptr));
    std::move(events.begin(), events.end(), std::back_inserter(result.events));
    if (held > 0) {
      result.events.emplace_back(kept_for_reservations(state, there.names.front(), there.subscription,
                                                       {held, there.invoice->currency}, day));
    }
    result.invoices.insert(there.invoice->invoice_id);
  }
  return result;
}

}  // namespace daybook
