#include "ledger/domain/rules/paying.h"

namespace daybook {
namespace {

PayingMethod method_of(const StateReader& state, const std::optional<MethodId>& own,
                       const std::optional<MethodId>& account_default, bool card_without_any) {
  for (const std::optional<MethodId>& id : {own, account_default}) {
    const PaymentMethod* method = id ? state.payment_method(*id) : nullptr;
    if (method != nullptr && !method->removed)
      return {method->method_id, method->family, is_card(method->family)};
  }
  return {std::nullopt, std::nullopt, card_without_any};
}

}  // namespace

PayingMethod paying_method(const StateReader& state, const Account& account,
                           const Subscription& subscription) {
  return method_of(state, subscription.payment_method_id, account.default_method, true);
}

bool is_paid_by(const StateReader& state, const Subscription& subscription, const MethodId& id) {
  if (subscription.payment_method_id == id) return true;
  if (subscription.profile_id || subscription.enrollment_id) return false;
  const Account* account = state.account(subscription.account_id);
  return account != nullptr && account->default_method == id &&
         paying_method(state, *account, subscription).method_id == id;
}

std::set<std::string> subscriptions_paid_by(const StateReader& state, const MethodId& id) {
  const auto naming = state.subscriptions_on(id);
  std::set<std::string> paid(naming.begin(), naming.end());
  const PaymentMethod* method = state.payment_method(id);
  const Account* account = method != nullptr ? state.account(method->account_id) : nullptr;
  if (account == nullptr || account->default_method != id) return paid;
  for (const std::string& each : state.subscriptions_of(account->account_id)) {
    const Subscription* subscription = state.find<Subscription>(each);
    if (subscription != nullptr && is_paid_by(state, *subscription, id)) paid.insert(each);
  }
  return paid;
}

PayingMethod paying_method(const StateReader& state, const Account& account,
                           const Profile& profile) {
  return method_of(state, profile.default_payment_method, account.default_method, false);
}

Result<void> check_default_method(const Account& account, const PaymentMethod& method,
                                  std::string_view pointer) {
  const bool is_by_wire =
      account.type == AccountType::MCA && account.channel == SalesChannel::Representative;
  if (!is_by_wire || !is_card(method.family)) return {};
  return rejected("METHOD_NOT_ALLOWED",
                  "an account signed through a representative is paid by wire; name a method of a "
                  "wire family, and pay single invoices by card with PayNow",
                  std::string(pointer));
}

std::int32_t payment_term_days(const Policies& policies, const PayingMethod& method,
                               const Profile* profile) {
  if (method.is_card) return 0;
  return profile != nullptr ? profile->payment_term_days : policies.number("payment.termDays");
}

}  // namespace daybook
