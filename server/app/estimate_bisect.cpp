#include "server/app/estimate_bisect.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/codec/event_view.h"
#include "ledger/domain/answers/history_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/rules/periods.h"
#include "server/app/asked_progress.h"
#include "server/app/event_filter.h"

namespace daybook::server {
namespace {

/// So many events at most are looked at one after another; of more, first some that lie evenly between the others.
constexpr std::size_t kLookedAtOnce = 1'000;

/// What is asked about, of one period.
struct Searched {
  ScopeRef scope;
  AccountId account_id;
  Period period;
};

using Standing = std::optional<EstimateStandingView>;

/// Events that no stream of an account has, and that may change what it is billed.
bool is_of_all(EventType type) {
  switch (type) {
    case EventType::PriceChanged:
    case EventType::TaxRateChanged:
    case EventType::ExchangeRateChanged:
    case EventType::DiscountGranted:
    case EventType::DiscountEnded:
    case EventType::OfferDefined:
    case EventType::PolicyChanged:
    case EventType::ClockAdvanced:
      return true;
    default:
      return false;
  }
}

Result<Standing> none_where_nothing_is(const Error& error) {
  if (error.code == "NOT_FOUND" || error.code == "BAD_QUERY") return Standing();
  return tl::unexpected(error);
}

/// How it stood at a position, as the estimates that were asked then said; nothing: there was none yet, or none any more.
Result<Standing> standing_at(const Question& question, const Searched& searched, log::Position position) {
  Reading reading;
  reading.position = position;
  reading.at_head = false;
  reading.state = question.host.state_at(position);
  const Result<std::int64_t> recorded = question.host.ledger().log().recorded_at(position);
  if (!recorded) return tl::unexpected(recorded.error());
  reading.now = question.host.ledger().clock_mode() == engine::ClockMode::Manual ? reading.state->clock().now : Instant{*recorded};
  const Result<Estimate> estimate = estimate_at(question.host, reading);
  if (!estimate) return tl::unexpected(estimate.error());
  const Viewer viewer = Viewer::operating();  // whether it may be seen was asked at the newest position
  if (searched.scope.type == ScopeType::Profile) {
    const Result<PendingChargesView> pending =
        pending_charges_answer(estimate->state(reading), question.usage, viewer, ProfileId(searched.scope.id), estimate->as_of);
    return pending ? Result<Standing>(standing_of(*pending, searched.period)) : none_where_nothing_is(pending.error());
  }
  const Result<StatementView> statement = statement_answer(estimate->state(reading), question.usage, viewer, SubscriptionId(searched.scope.id),
                                                           searched.period.start, estimate->as_of);
  if (!statement) return none_where_nothing_is(statement.error());
  return statement->period == searched.period ? Standing(standing_of(*statement)) : Standing();
}

/// Where it may have changed.
Result<std::vector<log::Position>> places_of(const Question& question, const Searched& searched) {
  const engine::Ledger& ledger = question.host.ledger();
  EventFilter filter = EventFilter::of_account(ledger, question.state(), searched.account_id);
  const bool is_of_one = searched.scope.type == ScopeType::Subscription;
  const engine::StreamNumber own = is_of_one ? ledger.stream_number(StreamType::UsageLedger, searched.scope.id) : 0;
  std::vector<log::Position> places;
  const log::Position last = question.reading.position;
  const Result<void> scanned = ledger.log().scan_frames(1, last, [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      if (record.position > last) continue;
      const auto type = static_cast<EventType>(record.type);
      const bool is_usage = stream_of(type) == StreamType::UsageLedger;
      if (is_usage && is_of_one && record.stream != own) continue;
      if (type == EventType::UsageRecorded && codec::EventView(record.event).usage_date() >= searched.period.end_exclusive) continue;
      if (is_of_all(type) || filter.wants(record)) places.push_back(record.position);
    }
    return true;
  });
  if (!scanned) return tl::unexpected(scanned.error());
  return places;
}

/// Finds the first of some places at which a condition holds.
class Search {
 public:
  Search(const Question& question, const Searched& searched, const EstimateCondition& condition)
      : question_(question), searched_(searched), condition_(condition) {}

  struct Found {
    log::Position position = 0;
    Standing before;
    EstimateStandingView after;
    bool is_first = true;
  };
  /// Nothing: it held nowhere that was looked at.
  Result<std::optional<Found>> first_of(std::vector<log::Position> places) {
    Found found;
    while (!places.empty()) {
      const std::size_t stride = (places.size() + kLookedAtOnce - 1) / kLookedAtOnce;
      found.is_first = found.is_first && stride == 1;
      looks_at_all_ = found.is_first;
      std::size_t held = places.size();
      for (std::size_t at = stride - 1; held == places.size(); at = std::min(at + stride, places.size() - 1)) {
        const Result<Standing> standing = standing_at(question_, searched_, places[at]);
        if (!standing) return tl::unexpected(standing.error());
        ++looked_;
        if (asked_progress()) asked_progress()(looked_, std::max<std::uint64_t>(looked_, std::min(places.size(), kLookedAtOnce)));
        if (*standing && condition_.holds(**standing)) {
          held = at;
          found.after = **standing;
          found.position = places[at];
        } else if (at + 1 == places.size()) {
          return found.position == 0 ? std::optional<Found>() : std::optional(found);
        } else {
          found.before = *standing;
        }
      }
      if (stride == 1) return std::optional(found);
      // Between the last place where it did not hold and this one.
      const std::size_t first = held + 1 >= stride ? held + 1 - stride : 0;
      places = std::vector<log::Position>(places.begin() + static_cast<std::ptrdiff_t>(first), places.begin() + static_cast<std::ptrdiff_t>(held) + 1);
    }
    return std::optional<Found>();
  }
  [[nodiscard]] bool looks_at_all() const { return looks_at_all_; }

 private:
  const Question& question_;
  const Searched& searched_;
  const EstimateCondition& condition_;
  std::uint64_t looked_ = 0;
  bool looks_at_all_ = true;
};

Result<EstimateBisectView> bisect_estimate(const Question& question, const Searched& searched) {
  const std::string when(question.request.query("when").value_or(""));
  const Result<EstimateCondition> condition = EstimateCondition::parse(when);
  if (!condition) return tl::unexpected(condition.error());
  Result<std::vector<log::Position>> places = places_of(question, searched);
  if (!places) return tl::unexpected(places.error());
  Search search(question, searched, *condition);
  const auto found = search.first_of(std::move(*places));
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  std::string(search.looks_at_all() ? "It was never so: " : "It was so nowhere among a thousand events that lie evenly between the others: ") + when + ", of the period from " + searched.period.start.text() + " to before " +
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
                            (*found)->is_first};
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
  return bisect_estimate(question, {ScopeRef(*id), profile->account_id, month_of((*day).value_or(question.today()))});
}

http::Doc estimate_doc(std::string id, std::string summary) {
  http::Doc doc = question_doc(std::move(id), std::move(summary),
                               {{"when", "total > 100; also charges, credit, tax and lines, joined by `and`"},
                                {"period", "a date in the period; default: the current one"}});
  doc.description = "Looked at are the events that may change what the period comes to. Of more than a thousand, first some that lie evenly "
                    "between the others, then those before the first after which it was so: then `isFirst` is false, and it may have been so for a while before.";
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
