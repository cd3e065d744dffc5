#include "ledger/domain/rules/fold_table.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/rules/dunning.h"
#include "ledger/domain/rules/paying.h"

namespace daybook {
namespace {

/// What pays it, by itself or by its account's default.
std::optional<MethodId> method_of(const StateReader& state, const Subscription& subscription) {
  const Account* account = state.account(subscription.account_id);
  return account != nullptr ? paying_method(state, *account, subscription).method_id : subscription.payment_method_id;
}

void use_method(StateStore& store, Subscription& subscription, const MethodId& method, Date day) {
  if (subscription.payment_method_id) {
    store.unlink(Relation::SubscriptionsOnMethod, subscription.payment_method_id->text(),
                 subscription.subscription_id.text());
  }
  if (method_of(store, subscription) != method) subscription.paid_so_since = day;
  subscription.payment_method_id = method;
  store.link(Relation::SubscriptionsOnMethod, method.text(), subscription.subscription_id.text());
}

/// Subscriptions that share a card change it together and stay together (domain.md 1.2).
void use_method_together(StateStore& store, const std::string& id, const MethodId& method, Date day) {
  const Subscription* subscription = store.find<Subscription>(id);
  if (subscription == nullptr) return;
  std::vector<std::string> sharing = {id};
  if (subscription->payment_method_id)
    sharing = store.subscriptions_on(*subscription->payment_method_id);
  for (const std::string& each : sharing)
    use_method(store, store.edit<Subscription>(each), method, day);
}

/// Those that name no method of their own are paid by this from `day` on.
void use_default(StateStore& store, const AccountId& id, const std::optional<MethodId>& method, Date day) {
  std::map<std::string, std::optional<MethodId>> before;
  for (const std::string& each : store.subscriptions_of(id)) {
    const Subscription* subscription = store.find<Subscription>(each);
    if (subscription != nullptr) before.emplace(each, method_of(store, *subscription));
  }
  store.edit<Account>(id.text()).default_method = method;
  for (const auto& [each, paid_by] : before) {
    if (method_of(store, *store.find<Subscription>(each)) != paid_by)
      store.edit<Subscription>(each).paid_so_since = day;
  }
}

void fold_event(StateStore& store, const PaymentMethodAdded& event, const Occurrence& at) {
  apply(store.edit<PaymentMethod>(event.method_id.text()), event, at);
  store.link(Relation::MethodsOfAccount, event.account_id.text(), event.method_id.text());
  for (const SubscriptionId& id : event.shared_by_subscriptions)
    use_method_together(store, id.text(), event.method_id, at.day());
}

void fold_event(StateStore& store, const PaymentMethodDetached& event, const Occurrence& at) {
  Subscription& subscription = store.edit<Subscription>(event.subscription_id.text());
  store.unlink(Relation::SubscriptionsOnMethod, event.method_id.text(),
               event.subscription_id.text());
  if (subscription.payment_method_id != event.method_id) return;
  const auto before = method_of(store, subscription);
  subscription.payment_method_id.reset();
  if (method_of(store, subscription) != before) subscription.paid_so_since = at.day();
}

void fold_event(StateStore& store, const PaymentMethodRemoved& event, const Occurrence& at) {
  const AccountId id = store.payment_method(event.method_id)->account_id;
  if (store.account(id)->default_method == event.method_id) use_default(store, id, std::nullopt, at.day());
  store.edit<PaymentMethod>(event.method_id.text()).removed = true;
}

/// The method is the default of every subscription that used a declined one (PAY-7).
void fold_event(StateStore& store, const BalanceSettled& event, const Occurrence& at) {
  std::set<std::string> moved;
  for (const InvoiceId& id : event.invoice_ids) {
    const Invoice* invoice = store.invoice(id);
    if (invoice == nullptr) continue;
    moved.merge(subscriptions_paid_like(store, *invoice));
    const Account& account = *store.account(event.account_id);
    if (account.default_method && account.default_method == card_of(*invoice))
      use_default(store, event.account_id, event.new_default_method_id, at.day());
  }
  for (const std::string& id : moved) {
    if (store.find<Subscription>(id) != nullptr)
      use_method(store, store.edit<Subscription>(id), event.new_default_method_id, at.day());
  }
}

void fold_event(StateStore& store, const PaymentMethodMadeDefault& event, const Occurrence& at) {
  const std::string& id = event.scope_id.text();
  if (event.scope_type == ScopeType::Account) {
    use_default(store, AccountId(id), event.method_id, at.day());
  } else if (event.scope_type == ScopeType::Profile) {
    store.edit<Profile>(id).default_payment_method = event.method_id;
  } else if (event.scope_type == ScopeType::Subscription) {
    use_method_together(store, id, event.method_id, at.day());
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
