#include "ledger/domain/rules/fold_table.h"

#include <set>
#include <string>
#include <vector>

#include "ledger/domain/rules/dunning.h"

namespace daybook {
namespace {

void use_method(StateStore& store, Subscription& subscription, const MethodId& method) {
  if (subscription.payment_method_id) {
    store.unlink(Relation::SubscriptionsOnMethod, subscription.payment_method_id->text(),
                 subscription.subscription_id.text());
  }
  subscription.payment_method_id = method;
  store.link(Relation::SubscriptionsOnMethod, method.text(), subscription.subscription_id.text());
}

/// Subscriptions that share a card change it together and stay together (domain.md 1.2).
void use_method_together(StateStore& store, const std::string& id, const MethodId& method) {
  const Subscription* subscription = store.find<Subscription>(id);
  if (subscription == nullptr) return;
  std::vector<std::string> sharing = {id};
  if (subscription->payment_method_id)
    sharing = store.subscriptions_on(*subscription->payment_method_id);
  for (const std::string& each : sharing)
    use_method(store, store.edit<Subscription>(each), method);
}

void fold_event(StateStore& store, const PaymentMethodAdded& event, const Occurrence& at) {
  apply(store.edit<PaymentMethod>(event.method_id.text()), event, at);
  store.link(Relation::MethodsOfAccount, event.account_id.text(), event.method_id.text());
  for (const SubscriptionId& id : event.shared_by_subscriptions)
    use_method_together(store, id.text(), event.method_id);
}

void fold_event(StateStore& store, const PaymentMethodDetached& event, const Occurrence&) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  store.unlink(Relation::SubscriptionsOnMethod, event.method_id.text(),
               event.subscription_id.text());
  if (subscription.payment_method_id == event.method_id) subscription.payment_method_id.reset();
}

void fold_event(StateStore& store, const PaymentMethodRemoved& event, const Occurrence&) {
  PaymentMethod& method = store.edit<PaymentMethod>(event.method_id.text());
  method.removed = true;
  Account& account = store.edit<Account>(method.account_id.text());
  if (account.default_method == event.method_id) account.default_method.reset();
}

/// The method is the default of every subscription that used a declined one (PAY-7).
void fold_event(StateStore& store, const BalanceSettled& event, const Occurrence&) {
  std::set<std::string> moved;
  for (const InvoiceId& id : event.invoice_ids) {
    const Invoice* invoice = store.invoice(id);
    if (invoice == nullptr) continue;
    moved.merge(subscriptions_paid_like(store, *invoice));
    const Account& account = *store.account(event.account_id);
    if (account.default_method && account.default_method == card_of(*invoice))
      store.edit<Account>(event.account_id.text()).default_method = event.new_default_method_id;
  }
  for (const std::string& id : moved) {
    if (store.find<Subscription>(id) != nullptr)
      use_method(store, store.edit<Subscription>(id), event.new_default_method_id);
  }
}

void fold_event(StateStore& store, const PaymentMethodMadeDefault& event, const Occurrence&) {
  const std::string& id = event.scope_id.text();
  if (event.scope_type == ScopeType::Account) {
    store.edit<Account>(id).default_method = event.method_id;
  } else if (event.scope_type == ScopeType::Profile) {
    store.edit<Profile>(id).default_payment_method = event.method_id;
  } else if (event.scope_type == ScopeType::Subscription) {
    use_method_together(store, id, event.method_id);
  }
}

constexpr auto kFoldPaymentMethods = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_payment_methods(FoldTable& table) {
  table.add<PaymentMethodAdded, PaymentMethodMadeDefault, PaymentMethodDetached,
            PaymentMethodRemoved, BalanceSettled>(kFoldPaymentMethods);
}

}  // namespace daybook
