#include "ledger/domain/answers/subscription_answer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/domain/answers/balance.h"
#include "ledger/domain/answers/listing.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

std::optional<AccountAdministratorView> administrator_of(const StateReader& state,
                                                         const Account& account) {
  if (account.type != AccountType::MOSP) return std::nullopt;
  AccountAdministratorView view{account.administrator, std::nullopt, std::nullopt};
  if (const Identity* identity = state.identity(account.administrator)) {
    view.email = identity->email;
  }
  return view;
}

/// Of its own document, or of the plan whose subscription it is.
Result<std::optional<Money>> balance_of(const StateReader& state, const Viewer& viewer,
                                        const Account& account, const Subscription& subscription) {
  const ScopeRef scope(subscription.subscription_id);
  if (!is_allowed(state, viewer, Action::ViewInvoices, scope)) return std::optional<Money>();
  std::vector<std::string> open = state.open_invoices_of(scope);
  if (subscription.support_plan_id) {
    for (std::string& id : state.open_invoices_of(ScopeRef(*subscription.support_plan_id))) {
      open.push_back(std::move(id));
    }
  }
  // What an earlier owner owes is his.
  std::erase_if(open, [&](const std::string& id) {
    const Invoice* invoice = state.find<Invoice>(id);
    return invoice == nullptr || invoice->account_id != subscription.account_id;
  });
  const Profile* profile =
      subscription.profile_id ? state.profile(*subscription.profile_id) : nullptr;
  const Currency currency = profile != nullptr ? profile->currency : account.currency;
  LEDGER_TRY(const std::vector<Money> sums, balances(state, open, currency));
  return std::optional(sums.front());
}

}  // namespace

Result<SubscriptionView> subscription_answer(const StateReader& state, const Viewer& viewer,
                                             const SubscriptionId& id, Date today) {
  const Subscription* subscription = state.subscription(id);
  if (subscription == nullptr) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::See, ScopeRef(id)));
  const Account* account = state.account(subscription->account_id);
  if (account == nullptr) return nothing_here();

  SubscriptionView view;
  view.subscription_id = subscription->subscription_id;
  view.account_id = subscription->account_id;
  view.name = subscription->name;
  view.offer_id = subscription->offer_id;
  view.status = subscription->status;
  if (subscription->status_reason != SuspensionReason::None) {
    view.status_reason = subscription->status_reason;
  }
  view.created_on = subscription->created_on;
  view.profile_id = subscription->profile_id;
  view.invoice_section_id = subscription->invoice_section_id;
  view.enrollment_account_id = subscription->enrollment_account_id;
  view.customer_id = subscription->customer_id;
  view.reseller_id = subscription->reseller_id;
  view.support_plan_id = subscription->support_plan_id;
  view.payment_method_id = subscription->payment_method_id;
  view.spending_limit = subscription->spending_limit;
  view.current_period = current_period(state, *subscription, today);
  view.next_invoice_date = next_invoice_date(state, *subscription);
  LEDGER_TRY(view.balance, balance_of(state, viewer, *account, *subscription));
  view.account_administrator = administrator_of(state, *account);
  return view;
}

Result<SubscriptionListView> subscriptions_answer(const StateReader& state, const Viewer& viewer,
                                                  const SubscriptionFilter& filter,
                                                  const PageRequest& page, Date today) {
  if (filter.account_id && !is_seen(state, viewer, ScopeRef(*filter.account_id))) return nothing_here();
  if (filter.profile_id && !is_seen(state, viewer, ScopeRef(*filter.profile_id))) return nothing_here();
  std::vector<std::string> ids;
  if (filter.profile_id) {
    ids = state.subscriptions_of(*filter.profile_id);
  } else if (filter.account_id) {
    ids = state.subscriptions_of(*filter.account_id);
  } else {
    for (const std::string& account : accounts_in_reach(state, viewer)) {
      for (std::string& id : state.subscriptions_of(AccountId(account))) {
        ids.push_back(std::move(id));
      }
    }
    std::sort(ids.begin(), ids.end());
  }
  const auto is_wanted = [&](const std::string& id) {
    const Subscription* subscription = state.find<Subscription>(id);
    return subscription != nullptr &&
           (!filter.account_id || subscription->account_id == *filter.account_id) &&
           is_allowed(state, viewer, Action::See, ScopeRef(subscription->subscription_id));
  };
  return fill_page<SubscriptionListView>(ids, page, is_wanted, [&](const std::string& id) {
    return subscription_answer(state, viewer, SubscriptionId(id), today);
  });
}

}  // namespace daybook
