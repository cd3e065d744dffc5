#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "ledger/domain/rules/plan.h"
#include "ledger/engine/command_submission.h"
#include "ledger/engine/ledger.h"

namespace daybook::engine {

/// When something next falls due for each account: kept from one run to the next, refreshed for the accounts
/// whose rows changed since (architecture.md 2, Books).
class Agenda {
 public:
  /// Looks again at what changed. `from`: nothing before it is asked for.
  void refresh(const StateReader& state, const Books::Touched& touched, Date from);
  /// The work of `account` up to and including `day` is done.
  void done(const StateReader& state, const std::string& account, Date day);
  /// The accounts of the earliest day on or before `through`, and that day; none: nothing is due.
  [[nodiscard]] std::vector<Work> next(Date through) const;

 private:
  void set(const StateReader& state, const std::string& account, Date from);

  std::set<std::pair<Date, std::string>> by_date_;
  std::map<std::string, Date> by_account_;
  std::map<std::string, Date> done_through_;
};

/// Work that concerns many accounts: planned beside the sequencer, brought in as one step an account.
///
/// A run interrupted at any point goes on where it stopped when it is asked for again: what was billed is
/// marked in the log. One run at a time.
class Runs {
 public:
  using Submit = std::function<Result<StepAnswer>(CommandStep)>;
  Runs(Core& core, Submit submit) : core_(core), submit_(std::move(submit)) {}

  void set_history(History* history) { history_ = history; }

  [[nodiscard]] Result<CommandAnswer> perform(const CommandRequest& request);
  /// Whether the command is planned beside the sequencer, and brought in as one step.
  [[nodiscard]] static bool is_rebill(const CommandData& command);
  [[nodiscard]] Result<CommandAnswer> rebill(const CommandRequest& request);
  /// RequestExport: the file is made beside the sequencer, and what came of it is brought in as one step.
  [[nodiscard]] Result<CommandAnswer> prepare_file(const CommandRequest& request);
  /// What fell due by the system clock.
  [[nodiscard]] Result<void> tick();

 private:
  struct Job;
  using MakePlan = std::function<Result<Plan>(const StateReader&, const UsageSource&, const DecisionContext&)>;
  /// Plans by the newest views and brings the plan in, again where something that it relied on has changed meanwhile.
  [[nodiscard]] Result<CommandAnswer> bring_in(const CommandRequest& request, const MakePlan& make);
  [[nodiscard]] Result<void> work_through(Job& job, Date through, bool moves_clock);
  [[nodiscard]] Result<void> work_of_kinds(Job& job, Date from, Date through);
  [[nodiscard]] Result<void> do_work(Job& job, const Work& work, Instant at);
  [[nodiscard]] Result<void> write(Job& job, CommandStep step, bool last);
  [[nodiscard]] Result<void> flush(Job& job, bool last);

  Core& core_;
  Submit submit_;
  History* history_ = nullptr;
  std::mutex mutex_;
  Agenda agenda_;
  bool agenda_filled_ = false;
};

}  // namespace daybook::engine
