#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/domain/commands/export_job.h"
#include "ledger/domain/files/usage_file.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/export_job.h"
#include "ledger/domain/rules/plan.h"
#include "ledger/domain/rules/usage_source.h"

namespace daybook {

/// A file as it will be fetched.
struct WrittenFile {
  FileSummary summary;
  std::int64_t byte_count = 0;
  std::vector<std::byte> sha256;
};
using FileWriter = std::function<Result<WrittenFile>(const StateReader&, const UsageSource&,
                                                     const UsageFile&)>;

/// The job that a wish stands for: its id is made of scope, kind, metric, and invoice or period, so
/// that the same wish is the same job. What it is called before it exists. Errors: of RequestExport
/// (NOT_FOUND, NO_PERMISSION, NOT_SUPPORTED, USAGE_FILE_NOT_READY …).
[[nodiscard]] Result<ExportJob> export_job_of(const StateReader& state,
                                              const RequestExport& command,
                                              const DecisionContext& context);

/// RequestExport: the job's events, its file made and measured by `write`; no events while a file of
/// the same wish can be fetched. Errors: as export_job_of; those of `usage`.
[[nodiscard]] Result<Plan> plan_export(const StateReader& state, const UsageSource& usage,
                                       const RequestExport& command,
                                       const DecisionContext& context, const FileWriter& write);

}  // namespace daybook
