#include "ledger/domain/answers/export_answer.h"

#include <string>

#include "ledger/domain/answers/hex.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/export_validity.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/sha256.h"

namespace daybook {
namespace {

const ExportJob* job_for(const StateReader& state, const Viewer& viewer, const JobId& id) {
  const ExportJob* job = state.find<ExportJob>(id.text());
  if (job == nullptr || !is_allowed(state, viewer, action_of_export(job->kind), job->scope))
    return nullptr;
  return job;
}

}  // namespace

Result<ExportView> export_answer(const StateReader& state, const Viewer& viewer, const JobId& id,
                                 Instant now) {
  const ExportJob* job = job_for(state, viewer, id);
  if (job == nullptr) return nothing_here();
  ExportView view;
  view.job_id = job->job_id;
  view.state = job->state_at(now);
  view.kind = job->kind;
  view.scope_type = job->scope.type;
  view.scope_id = job->scope.id;
  view.metric = job->metric;
  view.period = job->period;
  view.invoice_id = job->invoice_id;
  view.final = job->final;
  view.position = job->position;
  view.valid_till = job->valid_till;
  if (!job->sha256.empty()) {
    view.row_count = job->row_count;
    view.byte_count = job->byte_count;
    view.sum = job->sum;
    view.sha256 = hex_of(job->sha256);
  }
  return view;
}

Result<const ExportJob*> ready_export(const StateReader& state, const Viewer& viewer,
                                      const JobId& id, Instant now) {
  const ExportJob* job = job_for(state, viewer, id);
  if (job == nullptr) return nothing_here();
  if (job->state_at(now) == ExportState::Ready) return job;
  return failed(ErrorKind::NotFound, "NOT_FOUND",
                "This job has no file: it is " + std::string(wire_name(job->state_at(now))) +
                    ". RequestExport makes it anew.");
}

}  // namespace daybook
