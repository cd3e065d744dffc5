#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/fact_checker.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

bool is_month(std::string_view text) {
  return text.size() == 7 && Date::parse(std::string(text) + "-01").has_value();
}

/// Refusals that the state of an invoice causes, in the order of R-08.
Result<void> check_payable(const Invoice& invoice) {
  switch (invoice.status) {
    case InvoiceStatus::Paid:
      return conflict("ALREADY_PAID", "nothing is owed for this invoice", "/data/invoiceId");
    case InvoiceStatus::Void:
      return conflict("ALREADY_VOID", "the invoice is void", "/data/invoiceId");
    case InvoiceStatus::Locked:
      return conflict("LOCKED", "the invoice is locked; unlock it before payments are recorded",
                      "/data/invoiceId");
    case InvoiceStatus::Due:
    case InvoiceStatus::PastDue:
      return {};
  }
  return {};
}

Result<void> check_amount(const Invoice& invoice, const Money& amount) {
  if (amount.currency != invoice.currency) {
    return rejected("CURRENCY_MISMATCH",
                    "the invoice is in " + std::string(invoice.currency.text()),
                    "/data/amount/currency");
  }
  if (amount.minor_units <= 0) {
    return rejected("INVALID_AMOUNT", "an amount received or returned is more than nothing",
                    "/data/amount/amount");
  }
  return {};
}

tl::unexpected<Error> outstanding(const Invoice& invoice) {
  return conflict("BALANCE_OUTSTANDING",
                  "invoice " + invoice.invoice_id.text() + " is to be paid with it; settle the "
                                                           "balance first",
                  "/data/methodId");
}

Result<void> check_method(const FactChecker& checker, const std::optional<MethodId>& id) {
  if (!id || checker.method(*id) != nullptr) return {};
  return unknown_reference("payment method", id->text(), "/data/methodId");
}

tl::unexpected<Error> in_use(std::string_view by) {
  return conflict("METHOD_IN_USE",
                  std::string(by) + " is paid with it; give that another payment method first",
                  "/data/methodId");
}

/// BALANCE_OUTSTANDING while an invoice of the subscription is to be paid with the method.
Result<void> check_nothing_outstanding(const StateReader& state, const Subscription& subscription,
                                       const MethodId& method) {
  for (const std::string& id : state.open_invoices_of(ScopeRef(subscription.subscription_id))) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice != nullptr && card_of(*invoice) == method) return outstanding(*invoice);
  }
  return {};
}

Result<const Invoice*> known_invoice(const FactChecker& checker, const InvoiceId& id) {
  const Invoice* invoice = checker.invoice(id);
  if (invoice == nullptr) return unknown_reference("invoice", id.text(), "/data/invoiceId");
  return invoice;
}

}  // namespace

Result<void> check_fact(const FactChecker& checker, const PaymentMethodAdded& fact) {
  if (checker.state().payment_method(fact.method_id) != nullptr) {
    return already_exists("payment method", fact.method_id.text(), "/data/methodId");
  }
  const Account* account = checker.account(fact.account_id);
  if (account == nullptr)
    return unknown_reference("account", fact.account_id.text(), "/data/accountId");
  if (account->status == AccountStatus::Closed) {
    return conflict("ACCOUNT_CLOSED", "the account is closed; nothing new begins under it",
                    "/data/accountId");
  }
  if (fact.expiry && !is_month(*fact.expiry)) {
    return rejected("INVALID_TIME", "an expiry is a month, as in 2027-04", "/data/expiry");
  }
  for (std::size_t i = 0; i < fact.shared_by_subscriptions.size(); ++i) {
    const SubscriptionId& id = fact.shared_by_subscriptions[i];
    const Subscription* subscription = checker.subscription(id);
    if (subscription == nullptr || subscription->account_id != fact.account_id) {
      return unknown_reference("subscription of the account with the id", id.text(),
                               "/data/sharedBySubscriptions/" + std::to_string(i));
    }
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const PaymentMethodMadeDefault& fact) {
  const PaymentMethod* method = checker.method(fact.method_id);
  if (method == nullptr || method->removed)
    return unknown_reference("payment method", fact.method_id.text(), "/data/methodId");
  if (fact.scope_type != ScopeType::Account && fact.scope_type != ScopeType::Profile &&
      fact.scope_type != ScopeType::Subscription) {
    return rejected("INVALID_FIELD", "a default is that of an Account, Profile or Subscription",
                    "/data/scopeType");
  }
  const Account* account = checker.account_of({fact.scope_type, fact.scope_id.text()});
  if (account == nullptr || account->account_id != method->account_id) {
    return unknown_reference(std::string(wire_name(fact.scope_type)) + " of the method's account",
                             fact.scope_id.text(), "/data/scopeId");
  }
  return check_default_method(*account, *method, "/data/methodId");
}

Result<void> check_fact(const FactChecker& checker, const PaymentMethodDetached& fact) {
  if (checker.method(fact.method_id) == nullptr)
    return unknown_reference("payment method", fact.method_id.text(), "/data/methodId");
  const Subscription* subscription = checker.subscription(fact.subscription_id);
  if (subscription == nullptr || subscription->payment_method_id != fact.method_id) {
    return unknown_reference("subscription paid with the method with the id", fact.subscription_id.text(),
                             "/data/subscriptionId");
  }
  return check_nothing_outstanding(checker.state(), *subscription, fact.method_id);
}

Result<void> check_fact(const FactChecker& checker, const PaymentMethodRemoved& fact) {
  const PaymentMethod* method = checker.method(fact.method_id);
  if (method == nullptr || method->removed)
    return unknown_reference("payment method", fact.method_id.text(), "/data/methodId");
  const StateReader& state = checker.state();
  for (const std::string& id : state.open_invoices_of(method->account_id)) {
    const Invoice* invoice = state.find<Invoice>(id);
    if (invoice != nullptr && card_of(*invoice) == fact.method_id)
      return outstanding(*invoice);
  }
  // PAY-9: not while it is active on anything, nor until a disabled subscription is deleted.
  for (const std::string& id : subscriptions_paid_by(state, fact.method_id)) {
    const Subscription* subscription = state.find<Subscription>(id);
    if (subscription != nullptr && subscription->status != SubscriptionStatus::Deleted)
      return in_use("subscription " + id);
  }
  for (const std::string& id : state.profiles_of(method->account_id)) {
    const Profile* profile = state.find<Profile>(id);
    if (profile != nullptr && profile->default_payment_method == fact.method_id)
      return in_use("billing profile " + id);
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const InvoicePaymentSucceeded& fact) {
  LEDGER_TRY(const Invoice* invoice, known_invoice(checker, fact.invoice_id));
  if (const InvoicePayment* known = invoice->payment(fact.payment_id)) {
    // The same payment again has no effect; with another amount it is another payment.
    if (fact.amount == Money{known->amount_minor, invoice->currency}) return {};
    return conflict("ALREADY_EXISTS",
                    "payment " + fact.payment_id.text() + " of this invoice was " +
                        Money{known->amount_minor, invoice->currency}.amount_text() +
                        "; give another payment an id of its own",
                    "/data/paymentId");
  }
  LEDGER_CHECK(check_method(checker, fact.method_id));
  LEDGER_CHECK(check_payable(*invoice));
  LEDGER_CHECK(check_amount(*invoice, fact.amount));
  if (fact.amount.minor_units > invoice->amount_due_minor()) {
    return rejected("EXCEEDS_AMOUNT_DUE", "the invoice owes " + invoice->amount_due().amount_text(),
                    "/data/amount/amount");
  }
  return {};
}

Result<void> check_fact(const FactChecker& checker, const InvoicePaymentFailed& fact) {
  LEDGER_TRY(const Invoice* invoice, known_invoice(checker, fact.invoice_id));
  LEDGER_CHECK(check_method(checker, fact.method_id));
  return check_payable(*invoice);
}

Result<void> check_fact(const FactChecker& checker, const InvoicePaymentReversed& fact) {
  LEDGER_TRY(const Invoice* invoice, known_invoice(checker, fact.invoice_id));
  const InvoicePayment* payment = invoice->payment(fact.payment_id);
  if (payment == nullptr) {
    return unknown_reference("payment of the invoice with the id", fact.payment_id.text(), "/data/paymentId");
  }
  const bool is_refund = fact.reason == ReversalReason::Refund;
  if (invoice->status == InvoiceStatus::Void && !is_refund) {
    return conflict("ALREADY_VOID", "the invoice is void", "/data/invoiceId");
  }
  if (invoice->status == InvoiceStatus::Locked) {
    return conflict("LOCKED", "the invoice is locked; unlock it before payments are recorded",
                    "/data/invoiceId");
  }
  LEDGER_CHECK(check_amount(*invoice, fact.amount));
  const std::int64_t left = payment->amount_minor - payment->reversed_minor;
  if (left == 0)
    return conflict("ALREADY_REVERSED", "all of this payment was reversed before",
                    "/data/paymentId");
  if (fact.amount.minor_units > left) {
    return rejected("EXCEEDS_AMOUNT_DUE",
                    "of this payment " + Money{left, invoice->currency}.amount_text() +
                        " can still be reversed",
                    "/data/amount/amount");
  }
  return {};
}

}  // namespace daybook
