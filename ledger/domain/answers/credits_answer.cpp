#include "ledger/domain/answers/credits_answer.h"

#include <algorithm>
#include <vector>

#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/credits_due.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The currency of the scope's documents.
Currency currency_of(const StateReader& state, const Account& account, const ScopeRef& scope) {
  std::optional<ProfileId> id;
  if (scope.type == ScopeType::Profile) id = ProfileId(scope.id);
  if (scope.type == ScopeType::Subscription) {
    id = state.subscription(SubscriptionId(scope.id))->profile_id;
  }
  const Profile* profile = id ? state.profile(*id) : nullptr;
  return profile != nullptr ? profile->currency : account.currency;
}

/// The scopes whose lots an answer shows.
std::vector<ScopeRef> scopes_of(const StateReader& state, const ScopeRef& scope) {
  if (scope.type != ScopeType::Account) return {scope};
  std::vector<ScopeRef> scopes;
  const AccountId account(scope.id);
  for (const std::string& id : state.subscriptions_of(account)) {
    scopes.emplace_back(ScopeType::Subscription, id);
  }
  for (const std::string& id : state.profiles_of(account)) {
    scopes.emplace_back(ScopeType::Profile, id);
  }
  for (const std::string& id : state.enrollments_of(account)) {
    scopes.emplace_back(ScopeType::Enrollment, id);
  }
  return scopes;
}

/// A lot that is not renewed is `expiring` in its last days.
CreditStatus status_of(const Policies& policies, const CreditLot& lot, Date today) {
  if (lot.left_minor <= 0) return CreditStatus::used;
  if (lot.is_expired || (lot.expires_on && *lot.expires_on <= today)) return CreditStatus::expired;
  const bool is_renewed = lot.source == CreditSource::MonthlyCredit;
  const bool ends_soon = lot.expires_on && *lot.expires_on <= today.plus_days(policies.number("credit.expiringDays"));
  return ends_soon && !is_renewed ? CreditStatus::expiring : CreditStatus::active;
}

}  // namespace

Result<CreditListView> credits_answer(const StateReader& state, const UsageSource& usage,
                                      const Viewer& viewer, const ScopeRef& scope, Date today) {
  const Account* account = account_of(state, scope);
  const bool has_credit = scope.type == ScopeType::Account || scope.type == ScopeType::Profile ||
                          scope.type == ScopeType::Subscription ||
                          scope.type == ScopeType::Enrollment;
  if (account == nullptr || !has_credit) return nothing_here();
  LEDGER_CHECK(require_view(state, viewer, Action::TrackCredit, scope));
  const Currency currency = currency_of(state, *account, scope);
  CreditListView view;
  view.current_balance = {0, currency};
  view.estimated_balance = {0, currency};
  for (const ScopeRef& each : scopes_of(state, scope)) {
    std::vector<CreditLot> lots = credit_lots(state, each);
    if (lots.empty()) continue;
    std::sort(lots.begin(), lots.end(), [](const CreditLot& left, const CreditLot& right) {
      return left.granted_at < right.granted_at;
    });
    LEDGER_TRY(const PendingCredit pending,
               pending_credit(state, usage, each, today, CreditPool(state, each)));
    for (const CreditLot& lot : lots) {
      const std::int64_t current = lot.current_minor();
      view.items.push_back({lot.lot_id,
                            each.type,
                            ScopeId(each.id),
                            lot.source,
                            lot.original,
                            {current, lot.original.currency},
                            lot.start_on,
                            lot.expires_on,
                            status_of(state.policies(), lot, today)});
      if (lot.original.currency != currency) continue;
      view.current_balance.minor_units += current;
      view.estimated_balance.minor_units +=
          std::max<std::int64_t>(current - pending.of(lot.lot_id), 0);
    }
  }
  return view;
}

}  // namespace daybook
