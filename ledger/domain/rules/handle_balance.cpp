#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/offers.h"
#include "ledger/domain/rules/tax_receipt.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Where each invoice is paid by itself, with Pay now (PAY-7).
constexpr auto kPayNowCountries = std::to_array<std::string_view>(
    {"AT", "AU", "BE", "BG", "CA", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB",
     "GR", "HR", "HU", "IE", "IT", "JP", "KR", "LT", "LV", "NL", "NO", "NZ", "PL", "PT",
     "RO", "SE", "SK", "TW"});

/// The invoices that are paid like this one: those on its card, or without a known one.
std::string card_key(const Invoice& invoice) {
  const std::optional<MethodId> card = card_of(invoice);
  return card ? card->text() : std::string();
}

bool is_charged_to_card(const Invoice& invoice) {
  return invoice.pays_by_card || !invoice.failed_payments.empty();
}

/// What must be paid at once: all that is unpaid on cards with a PastDue invoice, and on the chosen
/// one. By due date, then issue.
std::vector<const Invoice*> to_settle(const StateReader& state, const Account& account,
                                      const MethodId& chosen) {
  std::vector<const Invoice*> unpaid;
  std::set<std::string> cards = {chosen.text()};
  for (const std::string& id : state.open_invoices_of(account.account_id)) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice == nullptr || !is_charged_to_card(*invoice)) continue;
    if (invoice->status != InvoiceStatus::Due && invoice->status != InvoiceStatus::PastDue)
      continue;
    if (invoice->status == InvoiceStatus::PastDue) cards.insert(card_key(*invoice));
    unpaid.push_back(invoice);
  }
  std::erase_if(unpaid,
                [&](const Invoice* invoice) { return !cards.contains(card_key(*invoice)); });
  std::sort(unpaid.begin(), unpaid.end(), [](const Invoice* left, const Invoice* right) {
    return std::tie(left->due_date, left->issued_at) < std::tie(right->due_date, right->issued_at);
  });
  return unpaid;
}

Result<void> check_amount(const std::optional<Money>& amount, const Money& balance) {
  if (!amount || *amount == balance) return {};
  if (amount->currency != balance.currency) {
    return rejected("CURRENCY_MISMATCH",
                    "the balance is in " + std::string(balance.currency.text()),
                    "/amount/currency");
  }
  if (amount->minor_units < balance.minor_units) {
    return rejected("PARTIAL_NOT_ALLOWED",
                    "the whole balance of " + balance.amount_text() + " is settled at once",
                    "/amount/amount");
  }
  return rejected("EXCEEDS_AMOUNT_DUE", "the balance is " + balance.amount_text(),
                  "/amount/amount");
}

}  // namespace

Result<const PaymentMethod*> usable_card(const StateReader& state, const Account& account,
                                         const MethodId& id, Date day) {
  const PaymentMethod* method = state.payment_method(id);
  if (method == nullptr || method->removed || method->account_id != account.account_id) {
    return rejected("UNKNOWN_REFERENCE", "the account has no such payment method", "/methodId");
  }
  if (!is_card(method->family)) {
    return rejected("METHOD_NOT_ALLOWED", "an invoice is paid now by card alone", "/methodId");
  }
  if (method->is_expired_on(day)) {
    return rejected("METHOD_NOT_ALLOWED",
                    "the card expired in " + *method->expiry + "; use another one", "/methodId");
  }
  return method;
}

Result<Decision> handle_command(const StateReader& state, const SettleBalance& command,
                                const DecisionContext& context) {
  const Account* account = state.account(command.account_id);
  if (account == nullptr) return not_found();
  LEDGER_CHECK(require_seen(state, context, AccessObject::of(ScopeRef(command.account_id))));
  if (!context.viewer.is_operator() && !is_administrator(*account, context.viewer)) {
    return rejected("NOT_ACCOUNT_ADMIN", "the Account Administrator settles the balance");
  }
  if (account->type != AccountType::MOSP) {
    return rejected("NOT_MOSP", "only the balance of a MOSP account is settled at once; pay each "
                                "invoice of this one",
                    "/accountId");
  }
  if (std::find(kPayNowCountries.begin(), kPayNowCountries.end(), account->country) !=
      kPayNowCountries.end()) {
    return rejected("REGION_USES_PAY_NOW",
                    "in " + account->country + " each invoice is paid by itself, with PayNow",
                    "/accountId");
  }
  LEDGER_TRY(const PaymentMethod* method,
             usable_card(state, *account, command.method_id, context.today()));
  const std::vector<const Invoice*> invoices = to_settle(state, *account, method->method_id);
  Decision decision;
  if (invoices.empty()) return decision;
  Money balance{0, invoices.front()->currency};
  for (const Invoice* invoice : invoices) {
    LEDGER_TRY(balance, add(balance, invoice->amount_due()));
  }
  LEDGER_CHECK(check_amount(command.amount, balance));

  const Date today = context.today();
  const PaymentId payment(made_id(context, "p-", account->account_id.text()));
  PaymentChanges changes;
  BalanceSettled settled{method->method_id, account->account_id, payment, balance, {},
                         method->method_id};
  for (const Invoice* invoice : invoices) {
    decision.events.emplace_back(InvoicePaymentSucceeded{invoice->invoice_id, payment,
                                                         invoice->amount_due(), today,
                                                         method->family, method->method_id});
    decision.events.emplace_back(InvoicePaid{invoice->invoice_id, today});
    if (auto receipt = tax_receipt_of_next(state, *invoice, today)) decision.events.push_back(std::move(*receipt));
    settled.invoice_ids.push_back(invoice->invoice_id);
    changes.paid.insert(invoice->invoice_id.text());
  }
  decision.events.emplace_back(std::move(settled));
  for (const Invoice* invoice : invoices) {
    for (EventData& event : reenable(state, *invoice, today, changes))
      decision.events.push_back(std::move(event));
  }
  return decision;
}

Result<Decision> handle_command(const StateReader& state, const ReactivateSubscription& command,
                                const DecisionContext& context) {
  const Subscription* subscription = state.subscription(command.subscription_id);
  if (subscription == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, Action::ReactivateSubscription,
                       AccessObject::of(ScopeRef(command.subscription_id)), ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       "reactivating needs the Account Administrator or an owner of the "
                       "subscription, or an owner or contributor of its profile"));
  if (subscription->status == SubscriptionStatus::Deleted) {
    return conflict("DELETED", "the subscription is deleted; create another one",
                    "/subscriptionId");
  }
  if (subscription->status == SubscriptionStatus::Active && !subscription->charged_through)
    return Decision();
  for (const std::string& id : state.open_invoices_of(subscription->account_id)) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice == nullptr || invoice->status != InvoiceStatus::PastDue) continue;
    if (!subscriptions_concerned(state, *invoice).contains(subscription->subscription_id.text()))
      continue;
    return conflict("BALANCE_OUTSTANDING",
                    "invoice " + id + " is past due; the subscription is active again once it is "
                                      "paid",
                    "/subscriptionId");
  }
  const OfferKind kind = offer_of(state, subscription->offer_id).kind;
  if (!context.viewer.is_operator() && kind != OfferKind::PayAsYouGo && kind != OfferKind::Plan) {
    return rejected("SUPPORT_REQUIRED",
                    "subscriptions of this offer are reactivated by support; create a request",
                    "/subscriptionId");
  }
  Decision decision;
  decision.events.emplace_back(
      SubscriptionReactivated{subscription->subscription_id, {}, context.today()});
  return decision;
}

}  // namespace daybook
