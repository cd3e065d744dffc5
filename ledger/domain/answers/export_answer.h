#pragma once

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/export_job.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/export_view.h"

/// Files that were prepared on request: for those who may download usage of the scope.
namespace daybook {

/// `GET /v1/exports/{jobId}`. Errors: NOT_FOUND.
[[nodiscard]] Result<ExportView> export_answer(const StateReader& state, const Viewer& viewer,
                                               const JobId& id, Instant now);

/// The job whose file can be fetched. Errors: NOT_FOUND, also for one that has none or no longer.
[[nodiscard]] Result<const ExportJob*> ready_export(const StateReader& state, const Viewer& viewer,
                                                    const JobId& id, Instant now);

}  // namespace daybook
