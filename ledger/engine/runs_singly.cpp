// What is planned beside the sequencer for one document or file.

#include "ledger/codec/csv_writer.h"
#include "ledger/domain/commands/export_job.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/files/plan_export.h"
#include "ledger/domain/rules/rebill.h"
#include "ledger/engine/account_plans.h"
#include "ledger/engine/log_usage_records.h"
#include "ledger/engine/recent_state.h"
#include "ledger/engine/runs.h"
#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"

namespace daybook::engine {
namespace {

/// Writes a file to find out how large it is and what its hash is.
Result<WrittenFile> written_file(const StateReader& state, const UsageSource& usage, const UsageRecords& records,
                                 const UsageFile& file) {
  std::string bytes;
  codec::CsvWriter csv(bytes);
  const Result<FileSummary> summary = write_usage_file(state, usage, records, file, csv);
  if (!summary) return tl::unexpected(summary.error());
  const log::Hash hash = log::sha256(log::as_bytes(bytes));
  return WrittenFile{*summary, static_cast<std::int64_t>(bytes.size()), {hash.begin(), hash.end()}};
}

}  // namespace

bool Runs::is_rebill(const CommandData& command) {
  const auto* voided = command.get_if<VoidInvoice>();
  return voided != nullptr && voided->rebill.value_or(false);
}

Result<CommandAnswer> Runs::rebill(const CommandRequest& request) {
  const std::lock_guard one_at_a_time(mutex_);
  return bring_in(request, [&](const StateReader& state, const UsageSource& usage, const DecisionContext& context) {
    return plan_rebill(state, usage, *request.command.get_if<VoidInvoice>(), context);
  });
}

Result<CommandAnswer> Runs::prepare_file(const CommandRequest& request) {
  std::string job_id;
  Result<CommandAnswer> answer =
      bring_in(request, [&](const StateReader& state, const UsageSource& usage, const DecisionContext& context) {
        const auto& command = *request.command.get_if<RequestExport>();
        const Result<ExportJob> job = export_job_of(state, command, context);
        if (job) job_id = job->job_id.text();
        const LogUsageRecords records(*core_.log, *core_.keys);
        const auto write = [&](const StateReader& seen, const UsageSource& rows, const UsageFile& file) {
          return written_file(seen, rows, records, file);
        };
        const auto before = [&](Instant instant) -> Result<std::unique_ptr<StateReader>> {
          const Result<log::Position> position = core_.log->position_at(instant.micros - 1);
          if (!position) return tl::unexpected(position.error());
          return history_->state_at(*position);
        };
        return plan_export(state, usage, command, context, write, before);
      });
  if (answer) answer->job_id = std::move(job_id);
  return answer;
}

Result<CommandAnswer> Runs::bring_in(const CommandRequest& request, const MakePlan& make) {
  if (history_ == nullptr) return failed(ErrorKind::Unavailable, "OVERLOADED", "Views are not ready yet; try again.");
  const std::string correlation = core_.new_uuid();
  for (int tries = 1;; ++tries) {
    DecisionContext context;
    {
      const std::shared_lock lock(core_.mutex);
      Result<std::optional<CommandAnswer>> before = find_first_answer(core_, request);
      if (!before) return tl::unexpected(before.error());
      if (*before) return std::move(**before);
      context.now = core_.now();
      context.viewer = request.caller.viewer;
      context.seed = correlation;
    }
    const log::Position position = core_.log->position();
    if (Result<void> there = history_->wait_for(position); !there) return tl::unexpected(there.error());
    const RecentState state(core_, history_->state_at(position), position);
    Result<Plan> planned = make(state, *history_->usage(), context);
    if (!planned) return tl::unexpected(planned.error());
    CommandStep step;
    step.request = &request;
    step.correlation = correlation;
    step.raw_bytes = log::kGroupBytesMax;  // a document's lines follow it in the same group
    step.decide = [made = std::move(*planned)](const Core& core, const DecisionContext&) -> Result<Decision> {
      if (has_changed(core, made)) return conflict(kPlanOutdated, "Something that the plan relied on has changed.");
      return Decision{made.events, made.alarms};
    };
    Result<StepAnswer> done = submit_(std::move(step));
    if (!done && done.error().code == kPlanOutdated && tries < kPlansAtMost) continue;
    if (!done) return tl::unexpected(done.error());
    if (done->replayed) return std::move(*done->replayed);
    return CommandAnswer{done->head,  done->first,           done->last, done->written,
                         correlation, std::move(done->alarms), false,      {}};
  }
}

}  // namespace daybook::engine
