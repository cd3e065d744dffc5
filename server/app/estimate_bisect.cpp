#include "server/app/estimate_bisect.h"

#include <optional>
#include <string>
#include <utility>

#include "ledger/codec/event.h"
#include "ledger/domain/answers/history_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/rules/periods.h"
#include "server/app/estimate_search.h"

namespace daybook::server {
namespace {

Result<EstimateBisectView> bisect_estimate(const Question& question, const SearchedEstimate& searched) {
  const std::string when(question.request.query("when").value_or(""));
  const Result<EstimateCondition> condition = EstimateCondition::parse(when);
  if (!condition) return tl::unexpected(condition.error());
  const auto found = EstimateSearch(question, searched, *condition).first();
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  "It was never so: " + when + ", of the period from " + searched.period.start.text() + " to before " +
                      searched.period.end_exclusive.text() + ".");
  }
  const log::Log& log = question.host.ledger().log();
  const Result<log::StoredRecord> record = log.read((*found)->position);
  if (!record) return tl::unexpected(record.error());
  const Result<Event> event = codec::decode_event(record->event, nullptr);
  if (!event) return tl::unexpected(event.error());
  const Result<std::int64_t> recorded = log.recorded_at((*found)->position);
  if (!recorded) return tl::unexpected(recorded.error());
  return EstimateBisectView{searched.scope.type,
                            ScopeId(searched.scope.id),
                            searched.period,
                            when,
                            (*found)->position,
                            Instant{*recorded},
                            "daybook." + std::string(name(event->data.type())),
                            event->envelope.source,
                            event->envelope.id,
                            (*found)->before,
                            (*found)->after,
                            true};
}

/// The period of a subscription: that of its statement, which says too whether the viewer may see it.
Result<EstimateBisectView> of_subscription(const Question& question) {
  const Result<SubscriptionId> id = question.path_id<SubscriptionId>("id");
  if (!id) return tl::unexpected(id.error());
  const Result<std::optional<Date>> day = question.query_date("period");
  if (!day) return tl::unexpected(day.error());
  const Result<Estimate> estimate = estimate_at(question.host, question.reading);
  if (!estimate) return tl::unexpected(estimate.error());
  const Result<StatementView> statement =
      statement_answer(estimate->state(question.reading), question.usage, question.viewer(), *id, *day, estimate->as_of);
  if (!statement) return tl::unexpected(statement.error());
  const Subscription* subscription = question.state().subscription(*id);
  return bisect_estimate(question, {ScopeRef(*id), subscription->account_id, statement->period});
}

/// The month of a profile that holds a day; default: the one that the clock is in.
Result<EstimateBisectView> of_profile(const Question& question) {
  const Result<ProfileId> id = question.path_id<ProfileId>("id");
  if (!id) return tl::unexpected(id.error());
  const Result<std::optional<Date>> day = question.query_date("period");
  if (!day) return tl::unexpected(day.error());
  const Result<Estimate> estimate = estimate_at(question.host, question.reading);
  if (!estimate) return tl::unexpected(estimate.error());
  const Result<PendingChargesView> pending =
      pending_charges_answer(estimate->state(question.reading), question.usage, question.viewer(), *id, estimate->as_of);
  if (!pending) return tl::unexpected(pending.error());
  const Profile* profile = question.state().profile(*id);
  return bisect_estimate(question, {ScopeRef(*id), profile->account_id, profile_month(*profile, (*day).value_or(question.today()))});
}

http::Doc estimate_doc(std::string id, std::string summary) {
  http::Doc doc = question_doc(std::move(id), std::move(summary),
                               {{"when", "total > 100; also charges, credit, tax and lines, joined by `and`"},
                                {"period", "a date in the period; default: the current one"}});
  doc.description = "It is the first event after which it was so, of all that may change what the period comes to, whatever the figure does in between: `isFirst` is always true.";
  doc.problems.insert(doc.problems.end(), {"NO_PERMISSION", "CORRUPTION"});
  return doc;
}

}  // namespace

void add_estimate_bisect(Questions& questions) {
  questions.add("/v1/subscriptions/{id}/bisect", http::Auth::any_of({right::kRead}),
                estimate_doc("bisectStatement", "The first event after which a condition held for a period that is not invoiced yet"), of_subscription);
  questions.add("/v1/profiles/{id}/bisect", http::Auth::any_of({right::kRead}),
                estimate_doc("bisectPendingCharges", "The first event after which a condition held for a month that is not invoiced yet"), of_profile);
}

}  // namespace daybook::server
