#include "ledger/domain/rules/plan.h"

#include <algorithm>
#include <set>
#include <string>

#include "ledger/domain/rules/correction_documents.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

namespace {

void gather(const StateReader& state, const Account& account, WorkKinds kinds, WorkDates& dates) {
  if (kinds.credits) credit_dates(state, account, dates);
  if (kinds.limits) limit_dates(state, account, dates);
  if (kinds.services) services_dates(state, account, dates);
  if (kinds.marketplace) marketplace_dates(state, account, dates);
  if (kinds.support) support_dates(state, account, dates);
  if (kinds.support) charge_dates(state, account, dates);
  if (kinds.profiles) profile_dates(state, account, dates);
  reopened_dates(state, account, kinds, dates);
  if (kinds.enrollments) enrollment_dates(state, account, dates);
  if (kinds.invitations) invitation_dates(state, account, dates);
  if (kinds.dunning) dunning_dates(state, account, dates);
}

}  // namespace

std::optional<Date> next_work(const StateReader& state, const AccountId& account_id, Date from,
                              WorkKinds kinds) {
  const Account* account = state.account(account_id);
  if (account == nullptr) return std::nullopt;
  WorkDates dates(from, kLastDate, true);
  gather(state, *account, kinds, dates);
  return dates.dates().empty() ? std::nullopt : std::optional(*dates.dates().begin());
}

std::vector<Work> due(const StateReader& state, Date from, Date through, WorkKinds kinds) {
  std::vector<Work> result;
  for (const std::string& id : state.accounts()) {
    const Account* account = state.find<Account>(id);
    if (account == nullptr) continue;
    WorkDates dates(from, through, false);
    gather(state, *account, kinds, dates);
    for (Date date : dates.dates()) result.push_back({date, account->account_id});
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<Work> due_by_marketplace_run(const StateReader& state, Date run_date) {
  const WorkKinds kinds = WorkKinds::only_marketplace();
  std::set<std::string> with_a_run;
  for (const Work& work : due(state, run_date, run_date, kinds)) with_a_run.insert(work.account_id.text());
  std::vector<Work> result = due(state, kFirstDate, run_date, kinds);
  std::erase_if(result, [&](const Work& work) { return !with_a_run.contains(work.account_id.text()); });
  return result;
}

Result<Plan> plan(const StateReader& state, const UsageSource& usage, const Work& work, Date today,
                  WorkKinds kinds) {
  Planner planner(state, work, today);
  const Account* account = state.account(work.account_id);
  if (account == nullptr) return planner.finish();
  if (kinds.corrections) LEDGER_CHECK(plan_correction_notes(planner, usage, *account));
  if (kinds.credits) LEDGER_CHECK(plan_credits(planner, usage, *account));
  if (kinds.limits) LEDGER_CHECK(plan_limits(planner, usage, *account));
  LEDGER_CHECK(plan_reopened(planner, usage, *account, kinds));
  if (kinds.support) LEDGER_CHECK(plan_support(planner, *account));
  if (kinds.support) LEDGER_CHECK(plan_charges(planner, *account));
  if (kinds.services) LEDGER_CHECK(plan_services(planner, usage, *account));
  if (kinds.marketplace) LEDGER_CHECK(plan_marketplace(planner, usage, *account));
  if (kinds.profiles) LEDGER_CHECK(plan_profiles(planner, usage, *account));
  if (kinds.enrollments) LEDGER_CHECK(plan_enrollments(planner, usage, *account));
  if (kinds.invitations) plan_invitations(planner, *account);
  if (kinds.dunning) plan_dunning(planner, *account);
  return planner.finish();
}

}  // namespace daybook
