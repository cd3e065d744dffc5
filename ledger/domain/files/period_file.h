#pragma once

#include "ledger/domain/files/usage_file.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/export_job.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// The file that a job is about, as of the position of `state`: of its invoice, or of its period,
/// which is an invoice's too where it has one. Errors: those of `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<UsageFile> file_of_job(const StateReader& state, const UsageSource& usage,
                                            const ExportJob& job);

}  // namespace daybook
