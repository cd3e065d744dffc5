#include "ledger/domain/rules/plan.h"

#include <algorithm>

#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

std::optional<Date> next_work(const StateReader& state, const AccountId& account_id, Date from,
                              WorkKinds kinds) {
  const Account* account = state.account(account_id);
  if (account == nullptr) return std::nullopt;
  std::optional<Date> next;
  if (kinds.services) next = earlier(next, next_services(state, *account, from));
  if (kinds.marketplace) next = earlier(next, next_marketplace(state, *account, from));
  if (kinds.support) next = earlier(next, next_support(state, *account));
  if (kinds.profiles) next = earlier(next, next_profiles(state, *account));
  if (kinds.dunning) next = earlier(next, next_dunning(state, *account));
  if (next) next = std::max(*next, from);
  return next;
}

std::vector<Work> due(const StateReader& state, Date from, Date through, WorkKinds kinds) {
  std::vector<Work> result;
  for (const std::string& id : state.accounts()) {
    const AccountId account(id);
    const auto date = next_work(state, account, from, kinds);
    if (date && *date <= through) result.push_back({*date, account});
  }
  std::sort(result.begin(), result.end());
  return result;
}

Result<Plan> plan(const StateReader& state, const UsageSource& usage, const Work& work, Date today,
                  WorkKinds kinds) {
  Planner planner(state, work, today);
  const Account* account = state.account(work.account_id);
  if (account == nullptr) return planner.finish();
  if (kinds.support) LEDGER_CHECK(plan_support(planner, *account));
  if (kinds.services) LEDGER_CHECK(plan_services(planner, usage, *account));
  if (kinds.marketplace) LEDGER_CHECK(plan_marketplace(planner, usage, *account));
  if (kinds.profiles) LEDGER_CHECK(plan_profiles(planner, usage, *account));
  if (kinds.dunning) plan_dunning(planner, *account);
  return planner.finish();
}

}  // namespace daybook
