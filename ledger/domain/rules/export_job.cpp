#include "ledger/domain/rules/export_job.h"

#include "ledger/domain/rules/export_validity.h"

namespace daybook {

void apply(ExportJob& job, const ExportRequested& event, const Occurrence& at) {
  job = {};
  job.job_id = event.job_id;
  job.scope = ScopeRef(event.scope_type, event.scope_id.text());
  job.kind = event.kind;
  job.metric = event.metric;
  job.period = event.period;
  job.invoice_id = event.invoice_id;
  job.final = event.final;
  job.position = event.position;
  job.requested_by = event.requested_by;
  job.requested_at = at.recorded_at;
}
void apply(ExportJob& job, const ExportStarted&, const Occurrence&) {
  job.state = ExportState::Preparing;
}
void apply(ExportJob& job, const ExportReady& event, const Occurrence&) {
  job.state = ExportState::Ready;
  job.byte_count = event.byte_count;
  job.row_count = event.row_count;
  job.sum = event.sum;
  job.sha256 = event.sha256;
  job.valid_till = event.valid_till;
  // The file was made by the clock as it stood before it was recorded.
  job.requested_at = request_of_export(event.valid_till, job.final);
}
void apply(ExportJob& job, const ExportFailed&, const Occurrence&) {
  job.state = ExportState::Failed;
}
void apply(ExportJob& job, const ExportEmpty&, const Occurrence&) {
  job.state = ExportState::NoData;
}
void apply(ExportJob& job, const ExportExpired&, const Occurrence&) {
  job.state = ExportState::Expired;
}

}  // namespace daybook
