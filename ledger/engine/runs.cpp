#include "ledger/engine/runs.h"

#include <algorithm>
#include <set>

#include "ledger/domain/commands/runs.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/invariant.h"
#include "ledger/engine/account_plans.h"
#include "ledger/engine/recent_state.h"

namespace daybook::engine {
namespace {

constexpr std::string_view kTooLarge = "BODY_TOO_LARGE";
/// Accounts that are planned while those before them are recorded.
constexpr std::size_t kPlannedAhead = 512;

/// Dunning through `day` in one step an account: each step of a ladder brings the next, so that the
/// days on which something is due are not all known before.
std::vector<Work> at_once(const std::vector<Work>& due, Date day) {
  std::set<AccountId> accounts;
  for (const Work& work : due) accounts.insert(work.account_id);
  std::vector<Work> all;
  for (const AccountId& account : accounts) all.push_back({day, account});
  return all;
}

}  // namespace

// Runs ------------------------------------------------------------------------------------------------

/// One run in progress. The newest step waits until it is known whether it is the last: the Idempotency-Key
/// belongs on the last event.
struct Runs::Job {
  const CommandRequest* request = nullptr;
  CommandAnswer answer;
  std::uint64_t written = 0;
  std::optional<CommandStep> waiting;
  std::shared_ptr<PlannedStep> planned;  ///< what waits, where that is plans
  std::uint64_t done = 0;
  std::uint64_t all = 0;  ///< pieces of work in all, 0 where that is not known

  void count(std::uint64_t more) {
    done += more;
    if (request != nullptr && request->progress) request->progress(done, all);
  }
};

WorkKinds Runs::kinds_of(const Job& job) {
  if (job.request == nullptr) return {};
  switch (job.request->command.type()) {
    case CommandType::RunInvoicing:
      return job.request->command.get<RunInvoicing>().corrections.value_or(false) ? WorkKinds::only_corrections()
                                                                                  : WorkKinds::invoicing();
    case CommandType::RunMospInvoicing: return WorkKinds::only_mosp();
    case CommandType::RunMarketplaceInvoicing: return WorkKinds::only_marketplace();
    case CommandType::RunProfileInvoicing: return WorkKinds::only_profiles();
    case CommandType::RunEaInvoicing: return WorkKinds::only_enrollments();
    case CommandType::EvaluateDunning: return WorkKinds::only_dunning();
    default: return {};
  }
}

void Runs::wait_with(Job& job, std::vector<Plan> plans, Instant at) {
  job.planned = std::make_shared<PlannedStep>();
  job.planned->plans = std::move(plans);
  CommandStep step;
  step.request = job.request;
  step.correlation = job.answer.correlation;
  step.at = at;
  step.raw_bytes = log::kGroupBytesMax;  // a document's lines follow it in the same group
  step.decide = [planned = job.planned](const Core& core, const DecisionContext&) { return planned->decide(core); };
  job.waiting = std::move(step);
}

Result<void> Runs::plan_again(const Job& job, PlannedStep& planned, Date today) {
  const log::Position position = core_.log->position();
  if (Result<void> there = history_->wait_for(position); !there) return there;
  const RecentState state(core_, history_->state_at(position), position);
  const std::unique_ptr<UsageSource> usage = history_->usage();
  for (Plan& plan : planned.plans) {
    Result<Plan> made = daybook::plan(state, *usage, plan.work, today, kinds_of(job));
    if (!made) return tl::unexpected(made.error());
    plan = std::move(*made);
  }
  return {};
}

Result<void> Runs::flush_parts(Job& job, PlannedStep::Parts parts, Instant at, bool last) {
  wait_with(job, std::move(parts.first), at);
  if (Result<void> flushed = flush(job, false); !flushed) return flushed;
  wait_with(job, std::move(parts.second), at);
  return flush(job, last);
}

Result<void> Runs::flush(Job& job, bool last) {
  if (!job.waiting) return {};
  CommandStep step = *std::exchange(job.waiting, std::nullopt);
  const std::shared_ptr<PlannedStep> planned = std::exchange(job.planned, nullptr);
  step.last = last;
  for (int tries = 1;; ++tries) {
    step.written = job.written;
    Result<StepAnswer> answer = submit_(step);
    if (!answer && planned && answer.error().code == kPlanOutdated && tries < kPlansAtMost) {
      // Others do not wait for the accounts that have changed.
      PlannedStep::Parts parts = planned->unchanged_and_outdated();
      if (!parts.first.empty()) return flush_parts(job, std::move(parts), *step.at, last);
      planned->plans = std::move(parts.second);
      if (Result<void> made = plan_again(job, *planned, step.at->date()); !made) return made;
      continue;
    }
    if (!answer && planned && answer.error().code == kTooLarge && planned->plans.size() > 1) {
      if (Result<void> made = plan_again(job, *planned, step.at->date()); !made) return made;
      return flush_parts(job, planned->halves(), *step.at, last);
    }
    if (!answer) return tl::unexpected(answer.error());
    job.answer.position = std::max(job.answer.position, answer->head);
    if (answer->first != 0 && job.answer.first == 0) job.answer.first = answer->first;
    if (answer->last != 0) job.answer.last = answer->last;
    job.written = std::max(job.written, answer->written);
    job.answer.alarms.insert(job.answer.alarms.end(), answer->alarms.begin(), answer->alarms.end());
    return {};
  }
}

Result<void> Runs::write(Job& job, CommandStep step, bool last) {
  if (Result<void> flushed = flush(job, false); !flushed) return flushed;
  job.waiting = std::move(step);
  return last ? flush(job, true) : Result<void>();
}

Result<void> Runs::do_works(Job& job, std::span<const Work> works, Instant at) {
  if (history_ == nullptr) return failed(ErrorKind::Unavailable, "OVERLOADED", "Views are not ready yet; try again.");
  const auto waits = [&](const Work& work) {
    return std::any_of(job.planned->plans.begin(), job.planned->plans.end(),
                       [&](const Plan& plan) { return plan.work.account_id == work.account_id; });
  };
  if (job.planned && std::any_of(works.begin(), works.end(), waits)) {
    if (Result<void> flushed = flush(job, false); !flushed) return flushed;
  }
  const AccountPlanner::Question question{core_.log->position(), at.date(), kinds_of(job)};
  if (Result<void> there = history_->wait_for(question.position); !there) return there;

  PlanGroup group;
  const auto write_group = [&]() -> Result<void> {
    if (group.empty()) return {};
    if (Result<void> flushed = flush(job, false); !flushed) return flushed;
    wait_with(job, std::exchange(group, {}).take(), at);
    return {};
  };
  // Accounts are planned while those before them are recorded.
  AccountPlanner planner(core_, *history_, core_.options.planning_threads);
  const auto begin = [&](std::size_t first) {
    planner.begin(works.subspan(first, std::min(kPlannedAhead, works.size() - first)), question);
  };
  if (!works.empty()) begin(0);
  for (std::size_t first = 0; first < works.size(); first += kPlannedAhead) {
    AccountPlanner::Answer answer = planner.take();
    if (first + kPlannedAhead < works.size()) begin(first + kPlannedAhead);
    for (Plan& made : answer.plans) {
      if (made.events.empty()) {
        job.answer.alarms.insert(job.answer.alarms.end(), made.alarms.begin(), made.alarms.end());
      } else if (!group.add(made)) {
        if (Result<void> written = write_group(); !written) return written;
        const bool taken = group.add(made);
        LEDGER_INVARIANT(taken);
      }
    }
    job.count(answer.plans.size());
    if (answer.failure) {
      if (Result<void> written = write_group(); !written) return written;
      return tl::unexpected(std::move(*answer.failure));
    }
  }
  return write_group();
}

Result<void> Runs::work_through(Job& job, Date through, bool moves_clock) {
  for (;;) {
    std::vector<Work> due_now;
    {
      const std::unique_lock lock(core_.mutex);
      Books::Touched touched = core_.books.take_touched();
      if (!agenda_filled_) touched.all = true;
      agenda_filled_ = true;
      agenda_.refresh(core_.books, touched, Date::of(1, 1, 1));
      due_now = agenda_.next(through);
    }
    if (due_now.empty()) return flush(job, false);
    const Date day = due_now.front().date;
    const Instant now = core_.now();
    const Instant at = std::max(now, Instant::start_of(day));
    if (Result<void> done = do_works(job, due_now, at); !done) return done;
    if (Result<void> flushed = flush(job, false); !flushed) return flushed;
    {
      const std::shared_lock lock(core_.mutex);
      for (const Work& work : due_now) agenda_.done(core_.books, work.account_id.text(), day);
    }
    if (moves_clock && Instant::start_of(day) > now) {
      CommandStep step;
      step.request = job.request;
      step.correlation = job.answer.correlation;
      step.at = at;
      step.decide = [at](const Core&, const DecisionContext&) -> Result<Decision> {
        ClockAdvanced advanced;
        advanced.to = at;
        return Decision{{advanced}, {}};
      };
      if (Result<void> written = write(job, std::move(step), false); !written) return written;
      if (Result<void> flushed = flush(job, false); !flushed) return flushed;
    }
  }
}

Result<void> Runs::work_of_kinds(Job& job, Date from, Date through) {
  std::vector<Work> all;
  {
    const std::shared_lock lock(core_.mutex);
    WorkKinds kinds = WorkKinds::invoicing();
    if (job.request->command.type() == CommandType::EvaluateDunning) kinds = WorkKinds::only_dunning();
    const bool is_marketplace = job.request->command.type() == CommandType::RunMarketplaceInvoicing;
    all = is_marketplace ? due_by_marketplace_run(core_.books, through) : due(core_.books, from, through, kinds);
    if (kinds.dunning) all = at_once(all, through);
  }
  const auto* run = job.request->command.get_if<RunInvoicing>();
  if (run != nullptr && run->account_id)
    std::erase_if(all, [&](const Work& work) { return work.account_id != *run->account_id; });
  job.all = all.size();
  const Instant now = core_.now();
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const Work& work) { return work.date != first->date; });
    if (Result<void> done = do_works(job, {first, last}, now); !done) return done;
    first = last;
  }
  return flush(job, true);
}

Result<void> Runs::correct(Job& job, const RunInvoicing& command) {
  const Instant now = core_.now();
  std::vector<Work> all;
  if (command.account_id) {
    all.push_back({now.date(), *command.account_id});
  } else {
    const std::shared_lock lock(core_.mutex);
    for (const std::string& id : core_.books.accounts()) all.push_back({now.date(), AccountId(id)});
  }
  job.all = all.size();
  if (Result<void> done = do_works(job, all, now); !done) return done;
  return flush(job, true);
}

Result<CommandAnswer> Runs::perform(const CommandRequest& request) {
  const std::lock_guard one_at_a_time(mutex_);
  Job job;
  job.request = &request;
  {
    const std::shared_lock lock(core_.mutex);
    Result<std::optional<CommandAnswer>> before = find_first_answer(core_, request);
    if (!before) return tl::unexpected(before.error());
    if (*before) return std::move(**before);
    job.answer.correlation = core_.new_uuid();
    job.answer.position = core_.log->position();
    DecisionContext context;
    context.now = core_.now();
    context.viewer = request.caller.viewer;
    context.seed = job.answer.correlation;
    if (Result<Decision> allowed = handle(core_.books, request.command, context); !allowed) {
      return tl::unexpected(allowed.error());
    }
  }
  const Date earliest = Date::of(1, 1, 1);
  Result<void> performed;
  if (const auto* advance = request.command.get_if<AdvanceClock>()) {
    if (core_.options.clock != ClockMode::Manual) {
      return rejected("CLOCK_NOT_FORWARD", "This ledger runs by the system clock, which nobody moves. Start it with "
                                           "--clock manual to move the clock by hand.");
    }
    if (advance->run.value_or(true)) performed = work_through(job, advance->to.date(), true);
    if (performed) {
      CommandStep step;
      step.request = &request;
      step.correlation = job.answer.correlation;
      step.at = advance->to;
      step.decide = [&request](const Core& core, const DecisionContext& context) {
        DecisionContext unmoved = context;
        unmoved.now = core.now();
        return handle(core.books, request.command, unmoved);
      };
      performed = write(job, std::move(step), true);
    }
  } else if (const auto* run = request.command.get_if<RunInvoicing>()) {
    performed = run->corrections.value_or(false) ? correct(job, *run) : work_of_kinds(job, earliest, run->through);
  } else if (const auto* mosp = request.command.get_if<RunMospInvoicing>()) {
    performed = work_of_kinds(job, mosp->run_date, mosp->run_date);
  } else if (const auto* marketplace = request.command.get_if<RunMarketplaceInvoicing>()) {
    performed = work_of_kinds(job, marketplace->run_date, marketplace->run_date);
  } else if (const auto* profiles = request.command.get_if<RunProfileInvoicing>()) {
    performed = work_of_kinds(job, profiles->run_date, profiles->run_date);
  } else if (const auto* enrollments = request.command.get_if<RunEaInvoicing>()) {
    performed = work_of_kinds(job, enrollments->run_date, enrollments->run_date);
  } else if (const auto* dunning = request.command.get_if<EvaluateDunning>()) {
    performed = work_of_kinds(job, earliest, dunning->as_of);
  }
  if (!performed) return tl::unexpected(performed.error());
  job.answer.count = job.written;
  return job.answer;
}

Result<void> Runs::tick() {
  if (core_.options.clock != ClockMode::System) return {};
  const std::lock_guard one_at_a_time(mutex_);
  static const CommandRequest kOwnRequest;
  Job job;
  job.request = nullptr;
  job.answer.correlation = core_.new_uuid();
  return work_through(job, core_.now().date(), false);
}

}  // namespace daybook::engine
