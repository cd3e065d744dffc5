#include "ledger/domain/files/plan_export.h"

#include <string>
#include <utility>

#include "ledger/domain/answers/estimate.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/answers/reasons.h"
#include "ledger/domain/answers/usage_file_answer.h"
#include "ledger/domain/files/period_file.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/export_validity.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

tl::unexpected<Error> not_ready(const StateReader& state, const Period& period) {
  return conflict("USAGE_FILE_NOT_READY",
                  std::string(message_of(MissingReason::USAGE_FILE_NOT_READY)) +
                      ": the data of its period is final from " + final_from(state, period).text() +
                      " on.");
}

/// Errors: NOT_FOUND unless the viewer sees it, UNKNOWN_REFERENCE for one of another scope.
Result<const Invoice*> wanted_invoice(const StateReader& state, const RequestExport& command,
                                      const DecisionContext& context) {
  const Invoice* invoice = state.invoice(*command.invoice_id);
  if (invoice == nullptr) return not_found();
  const AccessObject object = AccessObject::of(*invoice);
  // Under EA invoices are not in the portal, but their usage is (CF-02).
  const Action action = invoice->account_type == AccountType::EA ? Action::DownloadUsage
                                                                 : Action::ViewInvoices;
  if (!may(state, context.viewer, action, object).allowed) return not_found();
  const bool is_of_scope = invoice->scope.type == command.scope_type &&
                           invoice->scope.id == command.scope_id.text();
  if (!is_of_scope) {
    return rejected("UNKNOWN_REFERENCE", "this invoice is of " + invoice->scope.text(),
                    "/invoiceId");
  }
  return invoice;
}

Result<Period> wanted_period(const StateReader& state, const Account& account,
                             const RequestExport& command, Date today) {
  const Date day = command.period.value_or(today);
  if (day > today) {
    return rejected("INVALID_FIELD", "the period is one that has begun: at most " + today.text(),
                    "/period");
  }
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  if (account.type == AccountType::MOSP) {
    const PeriodSeries series = periods_of(state, *state.subscription(SubscriptionId(scope.id)));
    if (day < series.first) {
      return rejected("INVALID_FIELD", "the first period begins on " + series.first.text(),
                      "/period");
    }
    return series.containing(day);
  }
  if (account.type != AccountType::EA) {
    std::optional<ProfileId> id;
    if (scope.type == ScopeType::Profile) id = ProfileId(scope.id);
    if (scope.type == ScopeType::Subscription)
      id = state.subscription(SubscriptionId(scope.id))->profile_id;
    const Profile* profile = id ? state.profile(*id) : nullptr;
    return profile != nullptr ? profile_month(*profile, day) : month_of(day);
  }
  const Enrollment* enrollment = nullptr;
  if (scope.type == ScopeType::Enrollment) enrollment = state.enrollment(EnrollmentId(scope.id));
  if (scope.type == ScopeType::Department)
    enrollment = state.enrollment_of(DepartmentId(scope.id));
  if (scope.type == ScopeType::EnrollmentAccount)
    enrollment = state.enrollment_of(EnrollmentAccountId(scope.id));
  if (scope.type == ScopeType::Subscription) {
    const Subscription& subscription = *state.subscription(SubscriptionId(scope.id));
    if (subscription.enrollment_id) enrollment = state.enrollment(*subscription.enrollment_id);
  }
  if (enrollment == nullptr) return month_of(day);
  return enrollment_period(*enrollment, std::max(day, enrollment->start_date));
}

bool has_files(const Account& account, const ScopeRef& scope) {
  switch (scope.type) {
    case ScopeType::Subscription:
      return true;
    case ScopeType::Profile:
    case ScopeType::Enrollment:
    case ScopeType::Department:
    case ScopeType::EnrollmentAccount:
    case ScopeType::Account:
      return account.type != AccountType::MOSP;
    default:
      return false;
  }
}

Result<void> check_kind(const StateReader& state, const Account& account,
                        const RequestExport& command) {
  // A document keeps the kinds of the agreement it was issued under.
  const Invoice* invoice = command.invoice_id ? state.invoice(*command.invoice_id) : nullptr;
  const AccountType type = invoice != nullptr && invoice->account_id == account.account_id
                               ? invoice->account_type
                               : account.type;
  const ScopeRef scope(command.scope_type, command.scope_id.text());
  if (!has_files(account, scope)) {
    return rejected("NOT_SUPPORTED",
                    "usage files are of subscriptions; outside MOSP also of accounts, profiles, "
                    "enrollments, departments and enrollment accounts",
                    "/scopeType");
  }
  if (!has_kind(type, command.kind)) {
    Error error = no_such_kind(type).value();
    error.pointer = "/kind";
    return tl::unexpected(std::move(error));
  }
  // Under MOSP a purchase and the usage that runs on it stand on documents of different periods (EXP-2).
  if (command.metric == ExportMetric::AmortizedCost && type == AccountType::MOSP) {
    return rejected("NOT_SUPPORTED",
                    "costs are amortised for MCA, MPA and EA accounts; ask for ActualCost", "/metric");
  }
  return {};
}

/// Prices are of a day, for whole accounts, profiles and enrollments.
Result<void> check_price_sheet(const RequestExport& command) {
  if (command.scope_type != ScopeType::Account && command.scope_type != ScopeType::Profile &&
      command.scope_type != ScopeType::Enrollment) {
    return rejected("NOT_SUPPORTED", "price sheets are of accounts, profiles and enrollments", "/scopeType");
  }
  if (command.invoice_id) {
    return rejected("INVALID_FIELD", "a price sheet is of a day, not of an invoice: give period", "/invoiceId");
  }
  if (command.metric == ExportMetric::AmortizedCost) {
    return rejected("NOT_SUPPORTED", "a price sheet has prices, not costs", "/metric");
  }
  return {};
}

}  // namespace

Result<ExportJob> export_job_of(const StateReader& state, const RequestExport& command,
                                const DecisionContext& context) {
  ExportJob job;
  job.scope = ScopeRef(command.scope_type, command.scope_id.text());
  const AccessObject object = AccessObject::of(job.scope);
  LEDGER_CHECK(require(state, context, action_of_export(command.kind), object, ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       command.kind == ExportKind::PriceSheet
                           ? "price sheets are for those who may see the prices"
                           : "usage files are for those who may see the invoices they belong to"));
  const Account& account = *account_of(state, job.scope);
  if (command.kind == ExportKind::PriceSheet) {
    LEDGER_CHECK(check_price_sheet(command));
  } else {
    LEDGER_CHECK(check_kind(state, account, command));
  }
  if (command.invoice_id && command.period) {
    return rejected("INVALID_FIELD", "give invoiceId or period, not both", "/period");
  }
  const Date today = context.today();
  if (command.kind == ExportKind::PriceSheet) {
    const Date on = command.period.value_or(today);
    job.period = Period{on, on.plus_days(1)};
  } else if (command.invoice_id) {
    LEDGER_TRY(const Invoice* invoice, wanted_invoice(state, command, context));
    job.invoice_id = invoice->invoice_id;
    job.period = invoice->period;
  } else {
    LEDGER_TRY(job.period, wanted_period(state, account, command, today));
  }
  job.final = command.kind == ExportKind::PriceSheet ? today >= job.period->end_exclusive
                                                     : today >= final_from(state, *job.period);
  if (!job.final && command.kind != ExportKind::PriceSheet && (job.invoice_id || account.type == AccountType::MOSP))
    return not_ready(state, *job.period);
  job.kind = command.kind;
  job.metric = command.metric.value_or(ExportMetric::ActualCost);
  job.position = state.position();
  job.requested_by = context.viewer.identity;
  job.requested_at = context.now;
  const std::string wish =
      job.scope.text() + "/" + std::string(wire_name(job.kind)) + "/" +
      std::string(wire_name(job.metric)) + "/" +
      (job.invoice_id ? job.invoice_id->text() : job.period->start.text());
  job.job_id = JobId("J" + letters_and_digits(wish, 20));
  return job;
}

std::optional<Instant> file_counts_until(const StateReader& state, const ExportJob& job) {
  if (job.final || job.invoice_id || job.kind == ExportKind::PriceSheet) return std::nullopt;
  return estimates_until(state, job.requested_at);
}

Result<Plan> plan_export(const StateReader& state, const UsageSource& usage,
                         const RequestExport& command, const DecisionContext& context,
                         const FileWriter& write, const StateBefore& before) {
  LEDGER_TRY(const ExportJob job, export_job_of(state, command, context));
  const std::optional<Instant> until = file_counts_until(state, job);
  Plan plan;
  plan.position = state.position();
  plan.relied_on.push_back({StreamType::ExportJob, job.job_id.text()});
  if (const ExportJob* last = state.find<ExportJob>(job.job_id.text())) {
    const ExportState stands = last->state_at(context.now);
    const bool is_refreshed = stands == ExportState::Ready && until && last->requested_at < *until;
    if (stands == ExportState::Preparing || (stands == ExportState::Ready && !is_refreshed)) return plan;
    if (last->state == ExportState::Ready) plan.events.emplace_back(ExportExpired{job.job_id});
  }
  std::unique_ptr<StateReader> refreshed;
  if (until) {
    LEDGER_TRY(std::unique_ptr<StateReader> then, before(*until));
    refreshed = std::make_unique<EstimateReader>(state, std::move(then));
  }
  const StateReader& counted = refreshed ? *refreshed : state;
  plan.events.emplace_back(ExportRequested{
      job.job_id, job.scope.type, ScopeId(job.scope.id), job.kind, job.metric,
      job.invoice_id ? std::nullopt : job.period, job.invoice_id, job.final, job.position,
      job.requested_by});
  plan.events.emplace_back(ExportStarted{job.job_id});
  const Result<UsageFile> file = file_of_job(counted, usage, job);
  const Result<WrittenFile> written =
      file ? write(counted, usage, *file) : Result<WrittenFile>(tl::unexpected(file.error()));
  if (!written) {
    if (written.error().kind != ErrorKind::Invalid) return tl::unexpected(written.error());
    plan.events.emplace_back(ExportFailed{job.job_id, written.error().detail});
  } else if (written->summary.row_count == 0) {
    plan.events.emplace_back(ExportEmpty{job.job_id});
  } else {
    plan.events.emplace_back(ExportReady{job.job_id, written->byte_count,
                                         written->summary.row_count, written->summary.sum,
                                         written->sha256, end_of_export(context.now, job.final)});
  }
  return plan;
}

}  // namespace daybook
