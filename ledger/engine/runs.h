#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "ledger/domain/rules/plan.h"
#include "ledger/engine/account_plans.h"
#include "ledger/engine/agenda.h"
#include "ledger/engine/command_submission.h"
#include "ledger/engine/ledger.h"

namespace daybook {
struct RunInvoicing;
}  // namespace daybook

namespace daybook::engine {

/// Work that concerns many accounts: planned beside the sequencer, brought in many accounts a step, each
/// account whole in one.
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
  /// Notes for what was corrected of issued invoices, at once.
  [[nodiscard]] Result<void> correct(Job& job, const RunInvoicing& command);
  /// Plans a day's work of accounts, each there once, and brings it in, many accounts a step; the last step waits.
  [[nodiscard]] Result<void> do_works(Job& job, std::span<const Work> works, Instant at);
  [[nodiscard]] static WorkKinds kinds_of(const Job& job);
  void wait_with(Job& job, std::vector<Plan> plans, Instant at);
  [[nodiscard]] Result<void> plan_again(const Job& job, PlannedStep& planned, Date today);
  [[nodiscard]] Result<void> write(Job& job, CommandStep step, bool last);
  [[nodiscard]] Result<void> flush(Job& job, bool last);
  [[nodiscard]] Result<void> flush_parts(Job& job, PlannedStep::Parts parts, Instant at,
                                         bool last);

  Core& core_;
  Submit submit_;
  History* history_ = nullptr;
  std::mutex mutex_;
  Agenda agenda_;
  bool agenda_filled_ = false;
};

}  // namespace daybook::engine
