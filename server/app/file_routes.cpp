#include "server/app/file_routes.h"

#include <memory>
#include <optional>
#include <string>

#include "ledger/codec/csv_writer.h"
#include "ledger/domain/answers/estimate.h"
#include "ledger/domain/answers/export_answer.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/files/period_file.h"
#include "ledger/domain/files/plan_export.h"
#include "ledger/engine/log_usage_records.h"

namespace daybook::server {
namespace {

constexpr std::string_view kCsv = "text/csv; charset=utf-8";

/// Writes a file into the answer.
Result<void> put_file(const Question& question, const StateReader& state, const UsageFile& file,
                      const std::string& name, http::Response& response) {
  const engine::LogUsageRecords records(question.host.ledger().log(), question.host.ledger().sealer());
  codec::CsvWriter csv(response.body());
  const Result<FileSummary> written = write_usage_file(state, question.usage, records, file, csv);
  if (!written) return tl::unexpected(written.error());
  response.set_content_type(std::string(kCsv));
  response.set_header("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  return {};
}

Result<void> invoice_file(const Question& question, http::Response& response) {
  const Result<InvoiceId> id = question.path_id<InvoiceId>("id");
  if (!id) return tl::unexpected(id.error());
  std::optional<ExportKind> kind;
  if (const auto format = question.request.query("format")) {
    kind = parse_format(*format);
    if (!kind) return rejected("BAD_QUERY", "format is v2, v1, payg, mca, mpa, ea, focus-1.0 or focus-1.2.");
  }
  const Result<UsageFile> file =
      invoice_file_answer(question.state(), question.viewer(), *id, kind, question.reading.now);
  if (!file) return tl::unexpected(file.error());
  return put_file(question, question.state(), *file, id->text() + "-" + std::string(format_name(file->kind)), response);
}

/// What the file of a job shows: the ledger as of the job's position, its estimates as they were refreshed by then.
struct Shown {
  std::unique_ptr<StateReader> then;
  std::unique_ptr<StateReader> refreshed;  ///< null: `then` shows all that counts

  [[nodiscard]] const StateReader& state() const { return refreshed ? *refreshed : *then; }
};

Result<Shown> shown_by(const Question& question, const ExportJob& job) {
  Shown shown{question.host.state_at(job.position), nullptr};
  const std::optional<Instant> until = file_counts_until(*shown.then, job);
  if (!until) return shown;
  const Result<log::Position> refreshed = question.host.ledger().log().position_at(until->micros - 1);
  if (!refreshed) return tl::unexpected(refreshed.error());
  shown.refreshed = std::make_unique<EstimateReader>(*shown.then, question.host.state_at(*refreshed));
  return shown;
}

/// A job; its position is that through which its file counts usage and prices.
Result<ExportView> job_of(const Question& question, const JobId& id) {
  Result<ExportView> view = export_answer(question.state(), question.viewer(), id, question.reading.now);
  if (!view) return view;
  const Result<Shown> shown = shown_by(question, *question.state().find<ExportJob>(id.text()));
  if (!shown) return tl::unexpected(shown.error());
  view->position = shown->state().position();
  return view;
}

/// The file is made as it was measured.
Result<void> export_file(const Question& question, http::Response& response) {
  const Result<JobId> id = question.path_id<JobId>("jobId");
  if (!id) return tl::unexpected(id.error());
  const Result<const ExportJob*> job = ready_export(question.state(), question.viewer(), *id, question.reading.now);
  if (!job) return tl::unexpected(job.error());
  const Result<Shown> shown = shown_by(question, **job);
  if (!shown) return tl::unexpected(shown.error());
  const Result<UsageFile> file = file_of_job(shown->state(), question.usage, **job);
  if (!file) return tl::unexpected(file.error());
  return put_file(question, shown->state(), *file, id->text() + "-" + std::string(format_name(file->kind)), response);
}

}  // namespace

void add_file_routes(Questions& questions) {
  http::Doc doc = question_doc("readInvoiceUsage", "The usage that an invoice bills, as a file",
                               {{"format", "v2, v1, payg, mca, mpa, ea, focus-1.0 or focus-1.2"}});
  doc.answers = {{200, "The file", "text/csv"}};
  doc.problems.insert(doc.problems.end(), {"NO_PERMISSION", "NOT_SUPPORTED", "USAGE_FILE_NOT_READY"});
  questions.add_file("/v1/invoices/{id}/usage.csv", http::Auth::any_of({right::kRead}), std::move(doc), invoice_file);
  questions.add("/v1/exports/{jobId}", http::Auth::any_of({right::kRead}),
                question_doc("readExport", "A file that is prepared on request"),
                [](const Question& q) { return q.path_id<JobId>("jobId").and_then([&](const JobId& id) { return job_of(q, id); }); });
  http::Doc file = question_doc("readExportFile", "The file of a job that is Ready");
  file.answers = {{200, "The file", "text/csv"}};
  questions.add_file("/v1/exports/{jobId}/file", http::Auth::any_of({right::kRead}), std::move(file), export_file);
}

}  // namespace daybook::server
