#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
/// State as it was before an instant. Errors: those of reading the log.
using StateBefore = std::function<Result<std::unique_ptr<StateReader>>(Instant)>;

/// Policy `estimates.refresh` (CF-15): the instant before which what the job's file counts was recorded. Nothing: it counts all,
/// as files of what is final do, and of what was invoiced.
[[nodiscard]] std::optional<Instant> file_counts_until(const StateReader& state, const ExportJob& job);

/// The job that a wish stands for: its id is made of scope, kind, metric, and invoice or period, so
/// that the same wish is the same job. What it is called before it exists. Errors: of RequestExport
/// (NOT_FOUND, NO_PERMISSION, NOT_SUPPORTED, USAGE_FILE_NOT_READY …).
[[nodiscard]] Result<ExportJob> export_job_of(const StateReader& state,
                                              const RequestExport& command,
                                              const DecisionContext& context);

/// RequestExport: the job's events, its file made and measured by `write`; no events while a file of
/// the same wish can be fetched that was not refreshed since. Errors: as export_job_of; those of `usage` and `before`.
[[nodiscard]] Result<Plan> plan_export(const StateReader& state, const UsageSource& usage,
                                       const RequestExport& command,
                                       const DecisionContext& context, const FileWriter& write,
                                       const StateBefore& before);

}  // namespace daybook
